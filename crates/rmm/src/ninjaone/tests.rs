//! The regions, the captured samples when they lie beside the project, and the token under many callers.

use super::{NinjaOne, page, wire};
use crate::{
    NetworkPolicy, Position, RmmError, Vendor,
    http::testing::{Memory, Say, Scripted},
};
use futures::future::join_all;
use std::sync::Arc;

/// A sample's bytes; `None` when there are no samples.
fn sample(name: &str) -> Option<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/ninjaone/samples/");
    std::fs::read(format!("{folder}{name}.json")).ok()
}

#[test]
fn every_region_may_be_reached_and_custom_asks_the_user() {
    let info = NinjaOne.info();
    for region in &info.regions {
        match &region.base_url {
            Some(url) => {
                assert!(NetworkPolicy::public_only().check(&url.parse().unwrap()).is_ok(), "{url}")
            }
            None => assert_eq!(region.key, "custom"),
        }
    }
    let keys: Vec<_> = info.regions.iter().map(|r| r.key.as_str()).collect();
    assert_eq!(keys, ["us", "us2", "eu", "oc", "ca", "custom"]);
}

#[test]
fn every_sample_is_read_without_loss() {
    macro_rules! read {
        ($how:ident $row:ty, $($name:literal = $rows:literal),+) => {$(
            if let Some(body) = sample($name) {
                let page = page::$how::<$row>(&body, None, "https://x.example").map_err(|t| t.error).unwrap();
                assert_eq!((page.raw, page.rows.len(), page.lost.len()), ($rows, $rows, 0), $name);
                assert_eq!(page.ids.len(), $rows, $name);
            }
        )+};
    }
    read!(list wire::Organization<'_>, "organizations" = 4, "organizations-detailed" = 2);
    read!(list wire::Location<'_>, "locations" = 5, "organization-id-locations" = 2);
    read!(list wire::DeviceRef, "devices" = 4, "devices.vmhost-row" = 1);
    read!(list wire::Device<'_>, "devices" = 4, "devices-detailed" = 4, "devices.expand-warranty" = 1);
    read!(list wire::Device<'_>, "devices.pending-and-decommissioned" = 2, "organization-id-devices" = 4);
    read!(list wire::Role<'_>, "roles" = 5);
    read!(list wire::User<'_>, "users" = 2);
    read!(report wire::Logon<'_>, "queries-logged-on-users.page1" = 2, "queries-logged-on-users.page2" = 2);
    read!(report wire::Logon<'_>, "queries-logged-on-users.last" = 0);
    read!(report wire::Backup, "queries-backup-usage" = 2);
}

fn token() -> Say {
    Say::json(r#"{"access_token":"t","expires_in":3600,"scope":"monitoring","token_type":"Bearer"}"#)
}

fn refused() -> Say {
    Say::answer(
        401,
        "",
        r#"{"error":"not_authenticated","error_description":"Invalid credentials","error_code":10}"#,
    )
}

fn count(server: &Scripted, start: &str) -> usize {
    server.seen.lock().unwrap().iter().filter(|r| r.starts_with(start)).count()
}

#[tokio::test]
async fn a_failing_token_request_is_shared_by_those_who_wait() {
    let server = Scripted::start([Say::answer(401, "", r#"{"error":"invalid_client"}"#)]).await;
    let client = NinjaOne.client(server.account(Arc::new(Memory::default()))).unwrap();
    let results = join_all((0..20).map(|_| client.probe())).await;
    assert!(results.iter().all(|r| matches!(r, Err(RmmError::WrongSecret))));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn the_token_request_has_the_documented_form() {
    let server = Scripted::start([token(), Say::json("[]")]).await;
    NinjaOne.client(server.account(Arc::default())).unwrap().probe().await.unwrap();
    let seen = server.seen.lock().unwrap();
    assert!(seen[0].starts_with("POST /ws/oauth/token HTTP/1.1\r\n"));
    assert!(
        seen[0].ends_with("grant_type=client_credentials&client_id=id&client_secret=secret&scope=monitoring")
    );
    assert!(seen[1].starts_with("GET /v2/organizations?pageSize=100 HTTP/1.1\r\n"));
    let headers = seen[1].to_lowercase();
    assert!(headers.contains("authorization: bearer t\r\n") && headers.contains("user-agent: msportal/"));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_hopeless_ones_are_not() {
    let server = Scripted::start([token(), refused(), token(), refused()]).await;
    let client = NinjaOne.client(server.account(Arc::default())).unwrap();
    for _ in 0..3 {
        assert!(matches!(client.organizations(&Position::Start).await, Err(RmmError::Unauthorized)));
    }
    assert_eq!(count(&server, "POST"), 2);
}

#[tokio::test]
async fn too_small_a_scope_costs_no_renewal() {
    let server =
        Scripted::start([token(), Say::answer(401, "", r#"{"error":"insufficient_privileges"}"#)]).await;
    let client = NinjaOne.client(server.account(Arc::default())).unwrap();
    assert!(matches!(client.users().await, Err(RmmError::Forbidden(what)) if what == "users"));
    assert_eq!(count(&server, "POST"), 1);
}

#[tokio::test]
async fn a_position_of_another_kind_is_refused() {
    let server = Scripted::start([token(), Say::json("[]")]).await;
    let client = NinjaOne.client(server.account(Arc::default())).unwrap();
    assert!(client.devices(&Position::Cursor("1:2:x".into())).await.is_err());
    assert!(client.devices(&Position::After("x".into())).await.is_err());
    assert!(client.logons(&Position::After("5".into())).await.is_err());
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn nothing_is_contacted_that_may_not_be() {
    let server = Scripted::start([token()]).await;
    for base in [
        "http://127.0.0.1:{}",
        "https://127.0.0.1:{}",
        "https://[::ffff:127.0.0.1]:{}",
        "https://2130706433:{}",
    ] {
        let mut account = server.account(Arc::default());
        account.policy = NetworkPolicy::public_only();
        account.base_url = base.replace("{}", &server.port.to_string()).parse().unwrap();
        assert!(NinjaOne.client(account).is_err(), "{base}");
    }
    assert_eq!(server.requests(), 0);
}
