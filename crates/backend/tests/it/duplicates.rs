//! Devices that look like one machine: found, and told apart for good.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, search},
};
use domain::{
    duplicates::{
        DuplicateCounts, DuplicatePair,
        DuplicateSign::{Hostname, Mac, Serial},
        DuplicateState,
    },
    error::ErrorKind::{Conflict, NotFound},
    import::ImportSelection,
    page::ListQuery,
};
use sea_orm::DbBackend;

on_both!(pairs_are_found, many_are_compared_in_one_pass, two_machines_stay_two, strangers);

/// Contoso with devices of these ids, imported.
async fn imported(staged: &Staged<'_>, ids: &[&str]) -> domain::ids::CompanyId {
    staged.organization("1", "Contoso", 1).await;
    let company = staged.company("Contoso").await;
    staged.link("1", company).await;
    for id in ids {
        staged.device(id, "1", None, "MAC").await;
    }
    staged.map_class("MAC", "Laptop").await;
    staged.import(ImportSelection::All).await;
    company
}

async fn set(test: &TestPortal, set: &str, remote_ids: &str) {
    let update = format!("UPDATE devices SET {set} WHERE tenant_id = $1 AND remote_id IN ({remote_ids})");
    assert!(test.execute(&update, vec![test.tenant_id()]).await > 0, "{update}");
    test.clock.advance(1);
    let forget = "DELETE FROM duplicate_checks WHERE tenant_id = $1";
    test.execute(forget, vec![test.tenant_id()]).await;
}

async fn open(staged: &Staged<'_>) -> Vec<DuplicatePair> {
    staged.admin().duplicates(ListQuery::default(), None, None).await.unwrap().items
}

fn names(pair: &DuplicatePair) -> (&str, &str) {
    let (a, b) = (pair.left.name.as_str(), pair.right.name.as_str());
    if a < b { (a, b) } else { (b, a) }
}

async fn pairs_are_found(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = imported(&staged, &["a", "b", "c", "d", "e", "f"]).await;
    assert_eq!(open(&staged).await, [], "different serial numbers");
    set(&test, "serial = 'SAME-1'", "'a', 'b'").await;
    set(&test, "serial = NULL, mac_addresses = '[\"D0:67:26:00:03:52\"]'", "'c', 'd'").await;
    set(&test, "serial = NULL, hostname = 'Front.desk'", "'e', 'f'").await;
    let pairs = open(&staged).await;
    let told: Vec<_> = pairs.iter().map(|p| (names(p), p.reasons[0].sign)).collect();
    assert_eq!(
        told,
        [(("PC-a", "PC-b"), Serial), (("PC-c", "PC-d"), Mac), (("PC-e", "PC-f"), Hostname)],
        "surest first"
    );
    assert!(pairs[0].confidence > 0.9 && pairs[2].confidence < 0.5);
    assert_eq!(pairs[0].company.id, company);
    assert_eq!(pairs[0].left.source.as_deref(), Some("NinjaOne"));
    let found = staged.admin().duplicates(search("same-1"), None, Some(company)).await.unwrap();
    assert_eq!(found.total, 0, "a search looks at what a sync wrote");
    let found = staged.admin().duplicates(search("pc-d"), None, Some(company)).await.unwrap();
    assert_eq!((found.total, names(&found.items[0])), (1, ("PC-c", "PC-d")));
    // What differs by now is no pair any more; the others keep their ids.
    set(&test, "serial = 'OTHER-9'", "'b'").await;
    let fewer = open(&staged).await;
    assert_eq!((fewer.len(), &fewer[0].id), (2, &pairs[1].id));
    set(&test, "archived_at = 1", "'d'").await;
    assert_eq!(open(&staged).await.len(), 1, "archived devices are nobody's twin");
}

/// `MSPORTAL_TWINS` devices (2,000): of each hundred, two have the same serial number.
async fn many_are_compared_in_one_pass(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = imported(&staged, &["a"]).await;
    let most: i64 = std::env::var("MSPORTAL_TWINS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let id = match test.portal.db().get_database_backend() {
        DbBackend::Postgres => "gen_random_uuid()",
        _ => "randomblob(16)",
    };
    let insert = format!(
        "INSERT INTO devices (id, tenant_id, company_id, device_type_id, search_key, name, hostname, serial,
            ip_addresses, mac_addresses, version, created_at, updated_at)
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {most})
         SELECT {id}, $1, $2, (SELECT device_type_id FROM devices LIMIT 1), 'x', 'PC ' || i, 'host-' || i,
            'SERIAL-' || (CASE WHEN i % 100 = 1 THEN i - 1 ELSE i END), '[]',
            '[\"D0:67:26:' || CAST(i % 90 + 10 AS text) || ':' || CAST(i / 90 % 90 + 10 AS text) || ':'
                || CAST(i / 8100 % 90 + 10 AS text) || '\"]', 1, 0, 0 FROM n"
    );
    test.execute(&insert, vec![test.tenant_id(), company.0.into()]).await;
    test.execute("DELETE FROM duplicate_checks WHERE tenant_id = $1", vec![test.tenant_id()]).await;
    let before = std::time::Instant::now();
    let found = staged.admin().duplicates(ListQuery::default(), None, None).await.unwrap();
    println!("{most} devices compared in {} ms", before.elapsed().as_millis());
    assert_eq!((found.total, found.items[0].reasons[0].sign), (most / 100, Serial));
}

async fn two_machines_stay_two(test: TestPortal) {
    let staged = Staged::new(&test).await;
    imported(&staged, &["a", "b"]).await;
    set(&test, "serial = 'SAME-1'", "'a', 'b'").await;
    let pair = open(&staged).await.remove(0);
    let told = staged.admin().set_not_same(pair.id, true).await.unwrap();
    assert_eq!((told.state, told.decided_by.as_deref()), (DuplicateState::NotSame, Some("Sam Owner")));
    set(&test, "serial = 'SAME-1', mac_addresses = '[\"D0:67:26:00:03:52\"]'", "'a', 'b'").await;
    assert_eq!(open(&staged).await, [], "not proposed again, whatever else they share");
    let counts = staged.admin().duplicate_counts().await.unwrap();
    assert_eq!(counts, DuplicateCounts { open: 0, not_same: 1, merged: 0 });
    let apart =
        staged.admin().duplicates(ListQuery::default(), Some(DuplicateState::NotSame), None).await.unwrap();
    assert_eq!(apart.items[0].id, pair.id);
    let back = staged.admin().set_not_same(pair.id, false).await.unwrap();
    assert_eq!((back.state, back.decided_by), (DuplicateState::Open, None));
    staged.admin().set_not_same(pair.id, false).await.unwrap();
    let merged = "UPDATE duplicate_pairs SET state = 'merged' WHERE tenant_id = $1";
    test.execute(merged, vec![test.tenant_id()]).await;
    assert_eq!(kind_of(staged.admin().set_not_same(pair.id, true).await), (Conflict, None));
}

async fn strangers(test: TestPortal) {
    let staged = Staged::new(&test).await;
    imported(&staged, &["a", "b"]).await;
    set(&test, "serial = 'SAME-1'", "'a', 'b'").await;
    let pair = open(&staged).await.remove(0);
    let theirs = test.stranger().await;
    assert_eq!(theirs.duplicates(ListQuery::default(), None, None).await.unwrap().total, 0);
    assert_eq!(theirs.duplicate_counts().await.unwrap(), DuplicateCounts::default());
    assert_eq!(kind_of(theirs.set_not_same(pair.id, true).await), (NotFound, None));
}
