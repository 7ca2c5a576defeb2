//! Pages as the server renders them: who sees what.

use crate::support::{Client, Rows, Setup};
use app::parts::Parts;
use domain::ids::TenantId;
use leptos_axum::generate_route_list;
use std::time::Duration;
use uuid::Uuid;

/// Every page about one row, by the ids of some rows; `mine` is the integration under which runs are looked at.
fn pages(rows: &Rows, mine: Uuid) -> Vec<(String, Uuid)> {
    let Rows { company, location, device, duplicate, integration, run, .. } = rows;
    let mut pages = vec![
        (format!("/companies/{company}"), *company),
        (format!("/locations/{location}"), *location),
        (format!("/reports/companies/{company}"), *company),
        (format!("/devices/{device}"), *device),
        (format!("/duplicates/{duplicate}"), *duplicate),
        (format!("/integrations/{mine}/runs/{run}"), *run),
    ];
    for step in ["connect", "organizations", "locations", "devices", "runs"] {
        pages.push((format!("/integrations/{integration}/{step}"), *integration));
    }
    pages
}

/// A page about one row that comes later is looked at like the others, or this fails.
#[test]
fn every_page_about_a_row_is_looked_at() {
    let rows = Rows::unknown();
    // `/companies/{}` of both: an id in an address, a name in a route.
    let shape = |path: &str| {
        let part = |part: &str| {
            if part.starts_with('{') || Uuid::parse_str(part).is_ok() { "{}".into() } else { part.to_owned() }
        };
        path.split('/').map(part).collect::<Vec<String>>().join("/")
    };
    let looked: Vec<String> = pages(&rows, rows.integration).iter().map(|(page, _)| shape(page)).collect();
    let routes = generate_route_list(|| app::app(Parts::here()));
    let about_rows = routes.iter().map(|route| route.path()).filter(|path| path.contains("{id}"));
    let forgotten: Vec<&str> = about_rows.filter(|path| !looked.contains(&shape(path))).collect();
    assert_eq!(forgotten, Vec::<&str>::new());
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
    let own = pages(&mine, mine.integration);
    let foreign = pages(&theirs, mine.integration);
    let never = pages(&unknown, mine.integration);
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
    let routes = generate_route_list(|| app::app(Parts::here()));
    let lists = routes.iter().map(|route| route.path()).filter(|path| !path.contains('{'));
    let lists: Vec<String> = lists.map(str::to_owned).collect();
    assert!(lists.len() >= 15 && lists.iter().any(|path| path == "/settings/audit"), "{lists:?}");
    let all = lists.into_iter().chain(pages(&rows, rows.integration).into_iter().map(|p| p.0));
    for page in all {
        let answer = nobody.get(&page, &[]).await;
        for name in ["Northwind MSP", "Sam Owner", &rows.remote] {
            let shown = answer.text.replace(&page, "").contains(name);
            assert!(!shown, "{page} shows {name} to nobody: {}", answer.status);
        }
    }
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
        pages(&mine, mine.integration).into_iter().map(|p| (p.0, 200)).collect();
    all.extend(pages(&Rows::unknown(), mine.integration).into_iter().map(|p| (p.0, 404)));
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
