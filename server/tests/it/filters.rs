//! Filters in the address of a page: those that name what there is not, and pages behind the last one.

use crate::support::{Client, Rows, Setup, Site};
use domain::ids::TenantId;

async fn filled(site: &Site) -> (Client, Rows) {
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(site, tenant, 0x200).await;
    (owner, rows)
}

#[tokio::test]
async fn a_page_behind_the_last_one_leads_back() {
    let site = Setup::sqlite().start().await;
    let (mut owner, _) = filled(&site).await;
    let page = owner.get("/devices", &[("page", "9")]).await.text;
    assert!(page.contains("There is no page 9; the list ends with page 1."), "{page}");
    assert!(page.contains("Show page 1"), "{page}");
    let head = page.split("Select all rows of this page").next().and_then(|before| before.rsplit('<').next());
    let around = page.split("Select all rows of this page").nth(1).and_then(|rest| rest.split('>').next());
    let all = format!("{}{}", head.unwrap_or_default(), around.unwrap_or_default());
    assert!(all.contains("disabled"), "nothing can be selected: {all}");
}
