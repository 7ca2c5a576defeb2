//! Pages as the server renders them: who sees what.

use crate::support::{Answer, Client, Rows, Setup, pages};
use domain::ids::TenantId;
use server::router::{AppState, router};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

/// Every page about one row of these, with its id; `mine` is the integration under which runs are looked at.
fn about_rows(rows: &Rows, mine: Uuid) -> Vec<(String, Uuid)> {
    let id_of = |page: &str| page.split('/').rev().find_map(|part| part.parse().ok()).expect("an id");
    let under = |page: String| match page.contains("/runs/") {
        true => page.replace(&rows.integration.to_string(), &mine.to_string()),
        false => page,
    };
    let about = pages(rows).into_iter().filter(|(route, _)| route.contains("{id}"));
    about.map(|(_, page)| under(page)).map(|page| (page.clone(), id_of(&page))).collect()
}

/// Status and HTML, without the id that was asked for, without the nonce of the answer and without scripts: data for
/// hydration is sent in the order in which it is ready.
async fn rendered(client: &mut Client, page: &(String, Uuid)) -> (u16, String) {
    let answer = client.get(&page.0, &[]).await;
    let nonce =
        answer.text.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("no nonce");
    let html = answer.text.replace(nonce, "NONCE").replace(&page.1.to_string(), "ID");
    let before_scripts = html.split("</script>").map(|part| part.split("<script").next().unwrap_or_default());
    (answer.status, before_scripts.collect())
}

#[tokio::test]
async fn a_page_of_another_tenant_is_as_one_that_never_was() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let mine = Rows::insert(&site, tenant, 0x200).await;
    let (_, theirs) = site.stranger().await;
    let unknown = Rows::unknown();
    let own = about_rows(&mine, mine.integration);
    let foreign = about_rows(&theirs, mine.integration);
    let never = about_rows(&unknown, mine.integration);
    for ((own, foreign), never) in own.iter().zip(&foreign).zip(&never) {
        let foreign_page = rendered(&mut owner, foreign).await;
        assert_eq!(foreign_page, rendered(&mut owner, never).await, "{}", foreign.0);
        let shown = owner.get(&foreign.0, &[]).await.text;
        assert!(!shown.contains(&theirs.remote), "{} shows their names", foreign.0);
        let own_page = rendered(&mut owner, own).await;
        assert_eq!(own_page.0, 200, "{}", own.0);
        assert_ne!(own_page, foreign_page, "{} is shown to its owner", own.0);
    }
}

#[tokio::test]
async fn nobody_sees_nothing() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(&site, tenant, 0x200).await;
    let mut nobody = site.nobody();
    // Whoever has a link is told what it is for.
    let all = pages(&rows).into_iter().filter(|(route, _)| !route.contains("{token}"));
    let all: Vec<String> = all.map(|(_, address)| address).collect();
    assert!(all.len() >= 35 && all.iter().any(|path| path == "/settings/audit"), "{all:?}");
    let writes = site.watch_writes().await;
    let version = writes.version().await;
    for page in all {
        let answer = nobody.get(&page, &[]).await;
        let front = FRONT.contains(&page.as_str());
        assert!(front || leads_to_sign_in(&answer), "{page} answers nobody {}", answer.status);
        for name in ["Northwind MSP", "Sam Owner", &rows.remote] {
            let shown = answer.text.replace(&page, "").contains(name);
            assert!(!shown, "{page} shows {name} to nobody: {}", answer.status);
        }
    }
    assert_eq!(writes.version().await, version, "a page wrote to the database for nobody");
}

/// A browser gets a redirect, another program the address alone.
fn leads_to_sign_in(answer: &Answer) -> bool {
    let to = answer.location.as_deref();
    to.is_some_and(|to| to == "/sign-in" || to.starts_with("/sign-in?next="))
}

/// Pages for those who are not signed in.
const FRONT: [&str; 4] = ["/sign-in", "/setup", "/sign-up", "/forgot-password"];

/// The fields of passwords on pages of those who are not signed in, and on the account's.
#[tokio::test]
async fn passwords_are_typed_unseen_and_pasted() {
    let site = Setup::sqlite().with(|config| config.sign_up = true).start().await;
    let before = site.nobody().get("/setup", &[]).await.text;
    let mut owner = site.owner().await;
    let invite = serde_json::json!({ "email": "robin@northwind.example", "role": "read" });
    let link = owner.post("users/invite", invite).await.ok()["link"].as_str().expect("a link").to_owned();
    let mut pages = vec![("/setup".to_owned(), before)];
    for page in ["/sign-in", "/sign-up", &link] {
        pages.push((page.to_owned(), site.nobody().get(page, &[]).await.text));
    }
    pages.push(("/account".to_owned(), owner.get("/account", &[]).await.text));
    for (page, html) in pages {
        let fields: Vec<&str> =
            html.split("<input").skip(1).filter_map(|field| field.split('>').next()).collect();
        let secret: Vec<&&str> = fields.iter().filter(|field| field.contains("password")).collect();
        assert!(!secret.is_empty(), "{page} has no field for a password");
        for field in secret {
            let whole = field.contains("type=\"password\"")
                && (field.contains("autocomplete=\"current-password\"")
                    || field.contains("autocomplete=\"new-password\""))
                && !field.contains("onpaste");
            assert!(whole, "{page}: {field}");
        }
    }
}

/// Whoever is signed in finds the way out on every page.
#[tokio::test]
async fn every_page_has_the_way_out() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(&site, tenant, 0x200).await;
    let mut seen = 0;
    for (route, page) in pages(&rows) {
        let answer = owner.get(&page, &[]).await;
        let before =
            ["/setup", "/forgot-password", "/sign-up", "/sign-in", "/invite/{token}", "/reset/{token}"];
        if answer.status == 200 && !before.contains(&route.as_str()) {
            assert!(answer.text.contains("action=\"/sign-out\""), "{page} has no way out");
            seen += 1;
        }
    }
    assert!(seen >= 30, "{seen} pages");
}

/// Rendering waits for data on several threads: a page that waits for what nobody sends would hang, now and then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_always_comes_to_its_end() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let mine = Rows::insert(&site, tenant, 0x200).await;
    let mut all: Vec<(String, u16)> =
        about_rows(&mine, mine.integration).into_iter().map(|p| (p.0, 200)).collect();
    all.extend(about_rows(&Rows::unknown(), mine.integration).into_iter().map(|p| (p.0, 404)));
    for _ in 0..4 {
        let asked = all.iter().flat_map(|page| [page, page]).map(|(page, status)| {
            let mut client = owner.clone();
            async move {
                let answer = tokio::time::timeout(Duration::from_secs(60), client.get(page, &[])).await;
                let answer = answer.unwrap_or_else(|_| panic!("{page} does not come to its end"));
                assert_eq!(answer.status, *status, "{page}");
                assert!(answer.text.contains("</html>"), "{page} breaks off");
            }
        });
        futures::future::join_all(asked).await;
    }
}

/// While Leptos lists the routes of an app, whatever a page reads in the same process is held back for ever
/// ([`server::router::pages`]).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_starts_beside_holds_no_page_back() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let (portal, done) = (site.portal.clone(), Arc::new(AtomicBool::new(false)));
    let starting = {
        let done = done.clone();
        std::thread::spawn(move || {
            let mut started = 0;
            while !done.load(Ordering::Relaxed) {
                _ = router(AppState::new(portal.clone()));
                started += 1;
            }
            started
        })
    };
    for _ in 0..20 {
        let page = tokio::time::timeout(Duration::from_secs(15), owner.get("/companies", &[])).await;
        assert_eq!(page.expect("a page that comes to its end").status, 200);
    }
    done.store(true, Ordering::Relaxed);
    assert!(starting.join().expect("no panic") > 1, "no server was started meanwhile");
}

#[tokio::test]
async fn a_name_in_the_title_is_text() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let name = serde_json::json!({ "name": "A & B</title><script>alert(1)</script>" });
    let made = owner.post("companies/create", name).await.ok();
    let page = owner.get(&format!("/companies/{}", made["id"].as_str().expect("an id")), &[]).await.text;
    assert!(!page.contains("<script>alert"), "the name is alive");
    assert!(page.contains("<title>A &amp; B&lt;/title>"), "{}", &page[..page.len().min(600)]);
}

/// It would say zero of everything.
#[tokio::test]
async fn the_report_of_an_archived_company_says_why_it_is_empty() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let made = owner.post("companies/create", serde_json::json!({ "name": "Contoso" })).await.ok();
    let id = made["id"].as_str().expect("an id");
    let (report, said) = (format!("/reports/companies/{id}"), "Its devices are in no report.");
    let page = owner.get(&report, &[]).await.text;
    assert!(!page.contains(said) && page.contains("data-testid=\"score\""), "it is in use: {page}");
    owner.post("companies/archive", serde_json::json!({ "company_id": id })).await.ok();
    let page = owner.get(&report, &[]).await.text;
    assert!(page.contains(said) && page.contains("Archived"), "{page}");
    assert!(page.contains(&format!("href=\"/devices?company={id}\"")), "{page}");
    assert!(!page.contains("data-testid=\"score\""), "{page}");
}

#[tokio::test]
async fn a_run_and_the_one_that_tries_it_again_name_each_other() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(&site, tenant, 0x200).await;
    site.execute(&format!("UPDATE runs SET failed = 1 WHERE id = {}", site.literal(rows.run))).await;
    site.execute("UPDATE import_results SET outcome = 'failed'").await;
    let address = |run: &str| format!("/integrations/{}/runs/{run}", rows.integration);
    let first = address(&rows.run.to_string());
    let shown = owner.get(&first, &[]).await.text;
    assert!(shown.contains("Retry the failed ones") && !shown.contains("Retried by"), "{shown}");
    let again = owner.post("runs/retry_failed", serde_json::json!({ "run_id": rows.run })).await.ok();
    let second = address(again["id"].as_str().expect("an id"));
    let shown = owner.get(&first, &[]).await.text;
    assert!(shown.contains("Retried by") && shown.contains(&format!("href=\"{second}\"")), "{shown}");
    assert!(!shown.contains("Retry the failed ones"), "it is tried again already");
    let shown = owner.get(&second, &[]).await.text;
    assert!(shown.contains("Retry of") && shown.contains(&format!("href=\"{first}\"")), "{shown}");
}
