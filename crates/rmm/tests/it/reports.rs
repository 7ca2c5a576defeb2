//! Reports by cursor: one name, progress on the server, never repeated blindly.

use crate::support::{Bench, all};
use rmm::{Position, RmmError};
use serde_json::json;
use simulator::{Fault, FaultKind};
use std::time::Duration;

const LOGONS: &str = "/v2/queries/logged-on-users";
const BACKUPS: &str = "/v2/queries/backup/usage";

#[tokio::test]
async fn both_readings_of_the_cursor_give_every_row_once() {
    let bench = Bench::start(90).await;
    let whole = all!(bench.client, logons).unwrap().rows;
    assert!(whole.len() > 30 && whole.iter().all(|l| l.at.is_some() && !l.user.is_empty()));
    for (total, absent, ended) in
        [(true, false, "empty page"), (false, false, "empty page"), (true, true, "last cursor")]
    {
        bench.control().set_behaviour(|b| {
            b.page_size_clamp = Some(9);
            b.cursor_count_is_total = total;
            b.cursor_absent_on_last_page = absent;
        });
        let read = all!(bench.client, logons).unwrap();
        assert_eq!((read.rows, read.ended), (whole.clone(), ended));
        assert!(read.pages > 3);
    }
}

#[tokio::test]
async fn backups_are_read_with_their_times() {
    let bench = Bench::start(120).await;
    bench.control().set_behaviour(|b| b.page_size_clamp = Some(25));
    let rows = all!(bench.client, backups).unwrap().rows;
    let ids: std::collections::BTreeSet<_> = rows.iter().map(|r| r.device_id.clone()).collect();
    assert_eq!(ids.len(), rows.len());
    assert!(bench.expected().iter().all(|id| ids.contains(id)), "a row for every device");
    assert!(rows.iter().any(|r| r.total_bytes > 0 && r.last_success.is_some()));
    assert!(rows.iter().any(|r| r.total_bytes == 0));
}

#[tokio::test]
async fn custom_fields_give_clues_of_organizations_and_nothing_else() {
    let bench = Bench::start(30).await;
    bench.control().set_behaviour(|b| b.page_size_clamp = Some(2));
    let (org, _) = bench.control().organizations()[1].clone();
    for (name, value) in [
        ("psaCompanyId", json!("CMP-1042")),
        ("guestWifiPassword", json!("CMP-4711")),
        ("notes", json!({"text": "see https://key:word@www.contoso.com/x", "html": "<p>see</p>"})),
        ("sites", json!(["12 Mill Lane, Mockham", true, null])),
        ("account", json!(77_042)),
    ] {
        assert!(bench.control().set_organization_field(org, name, value));
    }
    let read = all!(bench.client, organization_clues).unwrap();
    assert!(read.pages > 2 && read.rows.len() > 3);
    let ours = read.rows.iter().find(|row| row.organization_id == org.to_string()).unwrap();
    let expected: Vec<&str> = ["12 Mill Lane, Mockham", "77042", "CMP-1042"].into();
    let lines: Vec<&str> = ours.text.lines().filter(|line| !line.contains("example")).collect();
    assert_eq!(lines, [expected, vec!["www.contoso.com"]].concat());
    let all: String = read.rows.iter().map(|row| row.text.as_str()).collect();
    assert!(!all.contains("4711") && !all.contains('*') && !all.contains("word"), "{all}");
    let alone = bench.client.clues_of(&org.to_string()).await.unwrap();
    assert_eq!(alone.as_deref(), Some(ours.text.as_str()));
    assert!(matches!(bench.client.clues_of("99999").await, Err(RmmError::NotAvailable(_))));
    let asked = bench.control().requests();
    assert!(asked.iter().all(|r| !r.query.contains("showSecureValues")));
    assert!(asked.iter().any(|r| r.query.contains("scopes=ORGANIZATION")));
}

#[tokio::test]
async fn a_page_lost_half_way_is_never_asked_for_again() {
    for kind in [
        FaultKind::Reset,
        FaultKind::Truncated,
        FaultKind::Malformed,
        FaultKind::Empty,
        FaultKind::Null,
        FaultKind::Status(500),
        FaultKind::Status(503),
        FaultKind::HtmlThrottle,
        FaultKind::SlowBody(Duration::from_secs(9)),
        FaultKind::NotFound,
        FaultKind::Huge,
    ] {
        let bench = Bench::with(60, |a| a.limits.timeout = Duration::from_millis(300)).await;
        bench.control().set_behaviour(|b| b.page_size_clamp = Some(10));
        bench.control().inject(Fault::once(LOGONS, kind.clone()).after(2));
        let error = all!(bench.client, logons).err().unwrap();
        assert!(matches!(error, RmmError::ReportLost | RmmError::BadBody(_)), "{kind:?} {error:?}");
        let asked = bench.control().requests().iter().filter(|r| r.path == LOGONS).count();
        assert_eq!(asked, 3, "{kind:?}");
        assert!(all!(bench.client, logons).is_ok(), "from the start it works");
    }
}

#[tokio::test]
async fn what_was_surely_not_processed_is_asked_again() {
    let bench = Bench::start(60).await;
    let whole = all!(bench.client, logons).unwrap().rows;
    bench.control().set_behaviour(|b| b.page_size_clamp = Some(10));
    for kind in [FaultKind::TooManyRequests { retry_after: None }, FaultKind::Unauthorized] {
        bench.control().inject(Fault::once(LOGONS, kind).after(2));
        assert_eq!(all!(bench.client, logons).unwrap().rows, whole);
    }
}

#[tokio::test]
async fn an_expired_cursor_is_a_lost_report() {
    let bench = Bench::start(60).await;
    bench.control().set_behaviour(|b| {
        b.page_size_clamp = Some(10);
        b.cursor_lifetime = Duration::from_millis(100);
    });
    let first = bench.client.backups(&Position::Start).await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    let error = bench.client.backups(&first.next.unwrap()).await.unwrap_err();
    assert!(matches!(error, RmmError::ReportLost));
}

#[tokio::test]
async fn a_repeated_page_is_loud_and_a_first_page_may_be_repeated() {
    let bench = Bench::start(60).await;
    bench.control().set_behaviour(|b| b.page_size_clamp = Some(10));
    bench.control().inject(Fault::always(BACKUPS, FaultKind::RepeatPage));
    assert!(matches!(all!(bench.client, backups).err(), Some(RmmError::BadBody(_))));
    bench.control().clear_faults();
    bench.control().inject(Fault::once(BACKUPS, FaultKind::Reset));
    assert!(all!(bench.client, backups).is_ok());
}
