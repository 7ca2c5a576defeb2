//! Tokens: how they are given, refused and checked.

use crate::client::{Bench, send};
use simulator::{Fault, FaultKind};
use std::time::Duration;

#[tokio::test]
async fn a_token_has_the_four_documented_keys() {
    let bench = Bench::small().await;
    let (id, secret) = (bench.simulator.client_id(), bench.simulator.client_secret());
    let answer = bench
        .form(&[("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)])
        .await;
    let token = answer.json();
    assert_eq!(token["expires_in"], 3600);
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["scope"], "monitoring");
    assert_eq!(token.as_object().unwrap().len(), 4);
    assert_eq!(bench.control.token_requests(), 2);
}

#[tokio::test]
async fn bad_token_requests_are_refused_each_in_its_way() {
    let bench = Bench::small().await;
    let (id, secret) = (bench.simulator.client_id(), bench.simulator.client_secret());
    let grant = ("grant_type", "client_credentials");
    let unknown = bench.form(&[grant, ("client_id", "nobody"), ("client_secret", secret)]).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["resultCode"], "Client app not exist");
    let wrong = bench.form(&[grant, ("client_id", id), ("client_secret", "no")]).await;
    assert_eq!((wrong.status, wrong.json()["error"].as_str()), (401, Some("invalid_client")));
    bench.control.set_behaviour(|b| b.wrong_secret_status = 400);
    assert_eq!(bench.form(&[grant, ("client_id", id), ("client_secret", "no")]).await.status, 400);
    let scope = bench
        .form(&[grant, ("client_id", id), ("client_secret", secret), ("scope", "monitoring management")])
        .await;
    assert_eq!((scope.status, scope.json()["error"].as_str()), (400, Some("invalid_scope")));
    let grant = bench.form(&[("grant_type", "password"), ("client_id", id), ("client_secret", secret)]).await;
    assert_eq!(grant.json()["error"], "unsupported_grant_type");
    assert_eq!(bench.form(&[("client_id", id)]).await.json()["error"], "invalid_request");
    bench.control.set_behaviour(|b| b.grant_refused = true);
    let good = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let app = bench.form(&good).await;
    assert_eq!((app.status, app.json()["error"].as_str()), (400, Some("unauthorized_client")));
    let old = send(bench.http.post(bench.url("/oauth/token")).form(&[("client_id", id)])).await.unwrap();
    assert_eq!(old.status, 405);
}

#[tokio::test]
async fn data_needs_a_good_header() {
    let bench = Bench::small().await;
    let url = bench.url("/v2/organizations");
    let none = send(bench.http.get(&url)).await.unwrap();
    assert_eq!((none.status, none.json()["error_code"].as_i64()), (400, Some(2)));
    let odd = send(bench.http.get(&url).header("authorization", "Token x")).await.unwrap();
    assert_eq!((odd.status, odd.json()["error_code"].as_i64()), (400, Some(1)));
    let wrong = send(bench.http.get(&url).bearer_auth("x")).await.unwrap();
    assert_eq!((wrong.status, wrong.json()["error_code"].as_i64()), (401, Some(10)));
}

#[tokio::test]
async fn tokens_expire_and_can_be_revoked() {
    let mut bench = Bench::small().await;
    bench.control.set_behaviour(|b| b.token_lifetime = Duration::from_millis(30));
    bench.token = bench.fresh_token().await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(bench.get("/v2/organizations").await.status, 401);
    bench.control.set_behaviour(|b| b.token_lifetime = Duration::from_secs(60));
    bench.token = bench.fresh_token().await;
    assert_eq!(bench.get("/v2/organizations").await.status, 200);
    bench.control.expire_tokens();
    assert_eq!(bench.get("/v2/organizations").await.status, 401);
    bench.token = bench.fresh_token().await;
    bench.control.set_behaviour(|b| b.credentials_revoked = true);
    assert_eq!(bench.get("/v2/organizations").await.status, 401);
}

#[tokio::test]
async fn a_token_without_monitoring_reads_nothing() {
    let mut bench = Bench::small().await;
    bench.control.set_behaviour(|b| b.token_scopes = vec!["management".into()]);
    let (id, secret) = (bench.simulator.client_id().to_owned(), bench.simulator.client_secret().to_owned());
    let answer = bench
        .form(&[("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)])
        .await;
    bench.token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bench.get("/v2/devices").await.status, 403);
}

#[tokio::test]
async fn the_token_endpoint_can_fail_too() {
    let bench = Bench::small().await;
    bench.control.inject(Fault::once("/ws/oauth/token", FaultKind::Status(503)));
    assert_eq!(bench.form(&[]).await.status, 503);
    assert_eq!(bench.form(&[]).await.status, 400);
}
