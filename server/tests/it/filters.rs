//! Filters in the address of a page: those that name what there is not, and pages behind the last one.

use crate::support::{Client, Rows, Setup, Site};
use domain::ids::TenantId;

/// A page, a filter of it, and what its value is called.
const PAGES: [(&str, &str, &str); 34] = [
    ("/devices", "company", "a company"),
    ("/devices", "location", "a location"),
    ("/devices", "type", "a device type"),
    ("/devices", "status", "a status"),
    ("/devices", "os", "an operating system"),
    ("/devices", "os_support", "an end of support"),
    ("/devices", "source", "a source"),
    ("/devices", "backup", "a state of the backup"),
    ("/devices", "last_contact", "a last contact"),
    ("/devices", "warranty", "a state of the warranty"),
    ("/devices", "serial", "a filter by serial number"),
    ("/devices", "archived", "a filter by archive"),
    ("/companies", "archived", "a choice"),
    ("/companies/{company}", "archived", "a choice"),
    ("/device-types", "archived", "a choice"),
    ("/duplicates", "state", "a state"),
    ("/duplicates", "company", "a company"),
    ("/reports/devices", "check", "a check"),
    ("/reports/devices", "outcome", "an outcome"),
    ("/reports/devices", "company", "a company"),
    ("/reports/devices", "type", "a device type"),
    ("/reports/devices", "age", "an age"),
    ("/reports/devices", "online", "a choice"),
    ("/settings/users", "state", "a state"),
    ("/settings/audit", "action", "an action"),
    ("/settings/audit", "user_id", "a user"),
    ("/settings/audit", "subject_kind", "a kind of thing"),
    ("/settings/integrations/companies", "missing", "a choice"),
    ("/settings/integrations/companies", "integration", "an integration"),
    ("/integrations/{integration}/runs", "kind", "a kind of run"),
    ("/integrations/{integration}/runs", "state", "a state"),
    ("/integrations/{integration}/organizations", "status", "a status"),
    ("/integrations/{integration}/locations", "status", "a status"),
    ("/integrations/{integration}/devices", "status", "a status"),
];

/// Whose lists beside this one stand on the page, too.
const OTHERS: [&str; 1] = ["/integrations/{integration}/devices"];

async fn filled(site: &Site) -> (Client, Rows) {
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(site, tenant, 0x200).await;
    (owner, rows)
}

#[tokio::test]
async fn what_does_not_exist_is_said_and_shows_no_rows() {
    let site = Setup::sqlite().start().await;
    let (mut owner, rows) = filled(&site).await;
    for (route, key, what) in PAGES {
        let page = route
            .replace("{company}", &rows.company.to_string())
            .replace("{integration}", &rows.integration.to_string());
        let shown = owner.get(&page, &[(key, "nonsense")]).await;
        let said = format!("The address asks for {what} that does not exist: nonsense.");
        assert!(shown.status == 200 && shown.text.contains(&said), "{page}?{key}: {}", shown.status);
        assert!(shown.text.contains("Show the list without it"), "{page}?{key} has no way back");
        let has_rows = shown.text.contains("<tbody>") && !OTHERS.contains(&route);
        assert!(!has_rows, "{page}?{key} shows rows");
        let all = owner.get(&page, &[]).await.text;
        assert!(!all.contains("that does not exist"), "{page} without a filter");
    }
}

/// As the API has it: true and false.
#[tokio::test]
async fn a_switch_may_be_written_in_words() {
    let site = Setup::sqlite().start().await;
    let (mut owner, rows) = filled(&site).await;
    let row = format!("href=\"/companies/{}\"", rows.company);
    for (word, archived) in [("true", true), ("1", true), ("false", false), ("0", false), ("", false)] {
        let page = owner.get("/companies", &[("archived", word)]).await.text;
        let chosen = |label: &str| {
            let link = page.split(&format!(">{label}<")).next().and_then(|before| before.rsplit('<').next());
            link.is_some_and(|link| link.contains("aria-current=\"true\""))
        };
        assert_eq!((chosen("Archived"), chosen("Active")), (archived, !archived), "archived={word}");
        assert_eq!(page.contains(&row), !archived, "archived={word}: the company is in use");
    }
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
