//! Changes at a chosen request.

use crate::client::Bench;
use simulator::Control;

#[tokio::test]
async fn the_fleet_changes_while_a_list_is_read() {
    let bench = Bench::small().await;
    let ids = bench.control.approved_device_ids();
    let (first, last) = (ids[0], ids[ids.len() - 1]);
    bench.control.at_request("/v2/devices", 1, move |control: &Control| {
        control.delete_device(first);
        control.delete_device(last);
    });
    let page = |after: i64| format!("/v2/devices?pageSize=10&after={after}");
    let has = |rows: &[serde_json::Value], id: i64| rows.iter().any(|row| row["id"] == id);
    assert!(has(&bench.get(&page(0)).await.rows(), first), "not yet");
    let rest = bench.get(&page(last - 1)).await.rows();
    assert!(rest.is_empty(), "gone when the second request arrived");
    assert!(!has(&bench.get(&page(0)).await.rows(), first));
    let log = bench.control.requests();
    assert!(log.windows(2).all(|pair| pair[0].at <= pair[1].at), "the log knows when");
}
