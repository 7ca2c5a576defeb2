//! Every endpoint asks for the permission that the API names, and for no other one.

mod golden;

use crate::support::{Client, Rows, Setup, Site, files, pages, samples};
use domain::{
    ids::TenantId,
    permissions::{Area, Level, Permissions, words},
    role::Role,
};
use serde_json::json;
use server::api::{Endpoint, server_functions};

/// Routes that are no server functions, with the area that they show.
fn routes() -> Vec<(String, Area)> {
    files(&Rows::unknown()).into_iter().map(|path| (path.clone(), of_file(&path))).collect()
}

/// The area that such a route shows; it begins behind `/api/v1/`.
pub fn of_file(path: &str) -> Area {
    match path.split('/').next() {
        Some("runs") => Area::Integrations,
        Some("devices") => Area::Devices,
        Some("reports") => Area::Reports,
        Some("audit") => Area::Settings,
        _ => panic!("{path}: which area does it show?"),
    }
}

on_both!(who_lacks_just_that_permission_is_refused, who_has_just_that_permission_is_let_in);

/// Somebody whose role allows what a test says.
pub struct Tried {
    pub site: Site,
    pub user: Client,
}

impl Tried {
    pub async fn start(setup: Setup) -> Self {
        let site = setup.start().await;
        let mut owner = site.owner().await;
        let user = site.user(Role::Read).await;
        let role = json!({ "name": "Tried", "permissions": Permissions::ALL });
        owner.post("roles/create", role).await.ok();
        site.execute(
            "UPDATE users SET role = 'custom', role_id = (SELECT id FROM roles) WHERE email_key = 'read@northwind.example'",
        )
        .await;
        Self { site, user }
    }

    pub async fn may(&self, permissions: Permissions) {
        let update = format!("UPDATE roles SET permissions = '{}' WHERE name = 'Tried'", json!(permissions));
        self.site.execute(&update).await;
    }

    /// The portal that they are a user of.
    pub async fn tenant(&mut self) -> TenantId {
        let tenant = self.user.get("session/me", &[]).await.ok()["tenant"]["id"].clone();
        TenantId(tenant.as_str().expect("an id").parse().expect("a UUID"))
    }
}

/// The level below the one that is needed.
fn below(level: Level) -> Level {
    if level == Level::Manage { Level::Read } else { Level::None }
}

fn guarded() -> impl Iterator<Item = (Endpoint, Area, Level)> {
    let asks = |e: Endpoint| e.needs.permission().map(|(area, level)| (e, area, level));
    server_functions().into_iter().filter_map(asks)
}

async fn who_lacks_just_that_permission_is_refused(setup: Setup) {
    let mut tried = Tried::start(setup).await;
    let (_, theirs) = tried.site.stranger().await;
    tried.may(Permissions::ALL.with(Area::Settings, Level::None)).await;
    tried.user.refused_enough().await;
    let writes = tried.site.watch_writes().await;
    for (endpoint, area, level) in guarded() {
        tried.may(Permissions::ALL.with(area, below(level))).await;
        let (counts, version) = (tried.site.row_counts().await, writes.version().await);
        for rows in [&Rows::unknown(), &theirs] {
            let arguments = samples(&endpoint, rows).into();
            let answer = tried.user.call(&endpoint.method, endpoint.path, &arguments).await;
            assert!(answer.text.contains(&words(area, level)), "{}: {}", endpoint.path, answer.text);
            answer.refused(403, "forbidden");
        }
        assert_eq!(writes.version().await, version, "{} wrote to the database", endpoint.path);
        assert_eq!(tried.site.row_counts().await, counts);
    }
    for (path, area) in routes() {
        tried.may(Permissions::ALL.with(area, Level::None)).await;
        let answer = tried.user.get(&path, &[]).await;
        assert!(answer.text.contains(&words(area, Level::Read)), "{path}: {}", answer.text);
        answer.refused(403, "forbidden");
    }
}

async fn who_has_just_that_permission_is_let_in(setup: Setup) {
    let mut tried = Tried::start(setup).await;
    for (endpoint, area, level) in guarded() {
        tried.may(Permissions::NONE.with(area, level)).await;
        let arguments = samples(&endpoint, &Rows::unknown()).into();
        let answer = tried.user.call(&endpoint.method, endpoint.path, &arguments).await;
        // Whom they invite would have more than they.
        let hands_out = endpoint.name() == "users/invite" && answer.text.contains("The role");
        let let_in = matches!(answer.status, 200 | 404 | 409 | 422) || hands_out;
        assert!(let_in, "{}: {} {}", endpoint.path, answer.status, answer.text);
    }
    for (path, area) in routes() {
        tried.may(Permissions::NONE.with(area, Level::Read)).await;
        let answer = tried.user.get(&path, &[]).await;
        assert!(matches!(answer.status, 200 | 404), "{path}: {}", answer.text);
    }
}

/// The area that a page shows and how much of it, for those who are signed in; `None` where everybody may, and for pages
/// before that.
pub fn of_page(route: &str) -> Option<(Area, Level)> {
    let (area, level) = match route {
        "/setup" | "/forgot-password" | "/sign-up" | "/sign-in" | "/invite/{token}" | "/reset/{token}" => {
            return None;
        }
        "/" | "/account" | "/settings/tokens" => return None,
        "/companies/import" => (Area::Companies, Level::Manage),
        "/companies" | "/companies/{id}" | "/locations/{id}" => (Area::Companies, Level::Read),
        "/device-types" | "/devices" | "/devices/edits" | "/devices/{id}" => (Area::Devices, Level::Read),
        "/duplicates" | "/duplicates/{id}" | "/why" => (Area::Devices, Level::Read),
        "/reports" | "/reports/companies" | "/reports/devices" => (Area::Reports, Level::Read),
        "/reports/companies/{id}" | "/settings/compliance" => (Area::Reports, Level::Read),
        "/settings/audit" => (Area::Settings, Level::Read),
        "/settings/users" | "/settings/roles" => (Area::Users, Level::Read),
        "/settings/integrations" => (Area::Integrations, Level::Read),
        "/integrations/new" | "/integrations/{id}/connect" => (Area::Integrations, Level::Manage),
        "/integrations/{id}/runs" | "/integrations/{id}/runs/{run_id}" => (Area::Integrations, Level::Read),
        "/settings/integrations/companies" | "/integrations/{id}/organizations" => {
            (Area::Mappings, Level::Read)
        }
        "/integrations/{id}/locations" | "/integrations/{id}/devices" => (Area::Mappings, Level::Read),
        _ => panic!("{route}: which area does it show, and to whom?"),
    };
    Some((area, level))
}

#[tokio::test]
async fn each_role_is_shown_the_pages_that_are_for_it() {
    const SHUT: &str = "You may not see this page";
    let mut tried = Tried::start(Setup::sqlite()).await;
    let tenant = tried.tenant().await;
    let rows = Rows::insert(&tried.site, tenant, 0x200).await;
    let mut looked = 0;
    for (route, page) in pages(&rows) {
        let Some((area, level)) = of_page(&route) else { continue };
        for (permissions, shown) in
            [(Permissions::ALL.with(area, below(level)), 403), (Permissions::ALL, 200)]
        {
            tried.may(permissions).await;
            let answer = tried.user.get(&page, &[]).await;
            assert_eq!((answer.status, answer.text.contains(SHUT)), (shown, shown == 403), "{page}");
        }
        looked += 1;
    }
    assert!(looked >= 25, "{looked} pages");
    for role in [Role::Read, Role::Manage, Role::Admin] {
        tried.may(role.permissions()).await;
        for (route, page) in pages(&rows) {
            let may = of_page(&route).is_none_or(|(area, level)| role.permissions().allow(area, level));
            let status = tried.user.get(&page, &[]).await.status;
            assert_eq!(status == 403, !may, "{role} at {page}: {status}");
        }
    }
}

#[tokio::test]
async fn what_is_ones_own_takes_no_permission() {
    let mut tried = Tried::start(Setup::sqlite()).await;
    tried.may(Permissions::NONE.with(Area::Reports, Level::Read)).await;
    let me = tried.user.get("session/me", &[]).await.ok();
    assert_eq!((&me["role_name"], &me["permissions"]["reports"]), (&json!("Tried"), &json!("read")));
    assert_eq!(tried.user.get("session/list", &[]).await.ok().as_array().map(Vec::len), Some(1));
    let token = json!({ "name": "Mine", "role": me["role"] });
    let secret = tried.user.post("api_tokens/create", token).await.ok()["secret"].clone();
    let mut program = tried.site.nobody().with_token(secret.as_str().expect("a token"));
    program.get("reports/companies", &[]).await.ok();
    program.get("devices/list", &[]).await.refused(403, "forbidden");
    tried.may(Permissions::NONE.with(Area::Companies, Level::Read)).await;
    program.get("reports/companies", &[]).await.refused(403, "forbidden");
}

#[tokio::test]
async fn the_description_names_each_permission() {
    let site = Setup::sqlite().start().await;
    let document = site.nobody().get("openapi.json", &[]).await.ok();
    for (endpoint, area, level) in guarded() {
        let method = endpoint.method.as_str().to_lowercase();
        let said = document["paths"][endpoint.path][method]["description"].to_string();
        let verb = if level == Level::Manage { "manage" } else { "view" };
        assert!(said.contains(&format!("may {verb} `{area}`")), "{}: {said}", endpoint.path);
    }
}
