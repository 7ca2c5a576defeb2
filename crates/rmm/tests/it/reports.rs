//! Reports by cursor: one name, progress on the server, never repeated blindly.

use crate::support::{Bench, all};
use rmm::{Position, RmmError};
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
