//! Every endpoint asks for the permission that the API names, and for no other one.

use crate::support::{Client, Rows, Setup, Site, files, samples};
use domain::{
    permissions::{Area, Level, Permissions, words},
    role::Role,
};
use serde_json::json;
use server::api::{Endpoint, server_functions};

/// Routes that are no server functions, with the area that they show.
fn routes() -> Vec<(String, Area)> {
    let area = |path: &str| match path.split('/').next() {
        Some("runs") => Area::Integrations,
        Some("devices") => Area::Devices,
        Some("reports") => Area::Reports,
        Some("audit") => Area::Settings,
        _ => panic!("{path}: which area does it show?"),
    };
    files(&Rows::unknown()).into_iter().map(|path| (path.clone(), area(&path))).collect()
}

/// Somebody whose role allows what a test says.
struct Tried {
    site: Site,
    user: Client,
}

impl Tried {
    async fn start() -> Self {
        let site = Setup::sqlite().start().await;
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

    async fn may(&self, permissions: Permissions) {
        self.site.execute(&format!("UPDATE roles SET permissions = '{}'", json!(permissions))).await;
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

#[tokio::test]
async fn who_lacks_just_that_permission_is_refused() {
    let mut tried = Tried::start().await;
    tried.may(Permissions::ALL.with(Area::Settings, Level::None)).await;
    tried.user.refused_enough().await;
    let writes = tried.site.watch_writes().await;
    for (endpoint, area, level) in guarded() {
        tried.may(Permissions::ALL.with(area, below(level))).await;
        let (counts, version) = (tried.site.row_counts().await, writes.version().await);
        let arguments = samples(&endpoint, &Rows::unknown()).into();
        let answer = tried.user.call(&endpoint.method, endpoint.path, &arguments).await;
        assert!(answer.text.contains(&words(area, level)), "{}: {}", endpoint.path, answer.text);
        answer.refused(403, "forbidden");
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

#[tokio::test]
async fn who_has_just_that_permission_is_let_in() {
    let mut tried = Tried::start().await;
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

#[tokio::test]
async fn what_is_ones_own_takes_no_permission() {
    let mut tried = Tried::start().await;
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
