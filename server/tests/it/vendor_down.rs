//! The vendor fails, in every step: a clear sentence, nothing lost, and never a "completed" that is not one.

use crate::{
    cancel::{connected, staged},
    support::Setup,
};
use serde_json::{Value, json};
use simulator::{BadRow, Fault, FaultKind};

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let with = |name: &str, value: &str| {
        let mut credentials = site.credentials();
        credentials[name] = json!(value);
        credentials
    };
    let nowhere = with("base_url", "http://127.0.0.1:9");
    for (credentials, code, field) in [
        (with("client_secret", "not the secret"), "wrong_secret", json!("client_secret")),
        (with("client_id", "somebody-else"), "unknown_client", json!("client_id")),
    ] {
        let test = owner.post("integrations/test_connection", credentials.clone()).await.ok();
        assert_eq!((&test["ok"], &test["organizations_visible"]), (&json!(false), &Value::Null));
        assert_eq!((&test["problem"]["code"], &test["problem"]["field"]), (&json!(code), &field), "{test}");
        assert!(test["problem"]["hints"].as_array().is_some_and(|h| !h.is_empty()));
        let refused = owner.post("integrations/connect", credentials).await.refused(502, "vendor");
        assert_eq!(json!(refused), field);
    }
    let field = owner.post("integrations/test_connection", nowhere).await.refused(422, "invalid");
    assert_eq!(field.as_deref(), Some("base_url"), "a private host that is not allowed");
    for (name, value) in [
        ("vendor", "unheard-of"),
        ("region", "moon"),
        ("base_url", ""),
        ("client_id", " "),
        ("client_secret", ""),
    ] {
        let field = owner.post("integrations/connect", with(name, value)).await.refused(422, "invalid");
        assert_eq!(field.as_deref(), Some(name));
    }
    let vendor = site.simulator.control();
    let control = |change: &dyn Fn(&mut simulator::Behaviour)| vendor.set_behaviour(|b| change(b));
    control(&|b| b.grant_refused = true);
    let code = |test: &Value| test["problem"]["code"].as_str().map(str::to_owned);
    let test = owner.post("integrations/test_connection", site.credentials()).await.ok();
    assert_eq!(code(&test).as_deref(), Some("grant_refused"), "{test}");
    control(&|b| b.grant_refused = false);
    control(&|b| b.token_scopes = vec!["control".into()]);
    let test = owner.post("integrations/test_connection", site.credentials()).await.ok();
    assert_eq!(code(&test).as_deref(), Some("missing_scope"), "{test}");
    control(&|b| b.token_scopes = vec!["monitoring".into()]);
    let no_tls = site.simulator.base_url.replace("http://", "https://");
    let test = owner.post("integrations/test_connection", with("base_url", &no_tls)).await.ok();
    assert_eq!(code(&test).as_deref(), Some("tls"), "{test}");
    assert!(
        test["problem"]["message"]
            .as_str()
            .is_some_and(|m| m.ends_with("does not speak TLS at this address.")),
        "{test}"
    );
    vendor.inject(Fault::once("/v2/organizations", FaultKind::NotFound));
    let test = owner.post("integrations/test_connection", site.credentials()).await.ok();
    assert_eq!(code(&test).as_deref(), Some("not_available"), "{test}");
    assert!(!test["problem"]["hints"][0].as_str().unwrap_or_default().contains("Nothing needs to be done"));
    let spaced = format!("  {}\t", site.simulator.client_secret());
    let test = owner.post("integrations/test_connection", with("client_secret", &spaced)).await.ok();
    assert_eq!(test["ok"], true, "{test}");
    assert!(test["notes"][0].as_str().is_some_and(|n| n.contains("Secret")), "{test}");
    assert_eq!(owner.get("integrations/list", &[]).await.ok()["total"], 0);
}

#[tokio::test]
async fn a_vendor_that_is_gone_is_said_to_be_gone() {
    let mut site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    site.work();
    let integration = connected(&site, &mut owner).await;
    let vendor = site.simulator.control();
    // The port is closed: nothing listens any more.
    vendor.inject(Fault::always("*", FaultKind::Reset));
    let test =
        owner.post("integrations/test_connection", json!({ "integration_id": integration })).await.ok();
    assert_eq!((&test["ok"], &test["problem"]["code"]), (&json!(false), &json!("unreachable")), "{test}");
    owner.post("integrations/connect", json!({ "integration_id": integration })).await.refused(502, "vendor");

    let before = owner.get("organizations/list", &[("integration_id", &integration)]).await.ok();
    for kind in ["organizations", "devices", "all"] {
        let run = owner.run(&integration, kind).await;
        assert_eq!(
            (&run["state"], &run["problem"]["code"]),
            (&json!("failed"), &json!("unreachable")),
            "{run}"
        );
    }
    assert_eq!(owner.get("organizations/list", &[("integration_id", &integration)]).await.ok(), before);
    let card = owner.get("integrations/get", &[("integration_id", &integration)]).await.ok();
    assert_eq!((&card["status"], &card["problem"]["code"]), (&json!("error"), &json!("unreachable")));

    vendor.clear_faults();
    let run = owner.run(&integration, "all").await;
    assert_eq!(run["state"], "completed", "{run}");
    let card = owner.get("integrations/get", &[("integration_id", &integration)]).await.ok();
    assert_eq!((&card["status"], &card["problem"]), (&json!("connected"), &Value::Null));
}

#[tokio::test]
async fn a_list_that_breaks_off_is_never_completed() {
    let mut site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    site.work();
    let integration = connected(&site, &mut owner).await;
    let vendor = site.simulator.control();
    let approved = vendor.approved_device_count();
    let faults = [
        FaultKind::Status(500),
        FaultKind::Status(503),
        FaultKind::Truncated,
        FaultKind::Malformed,
        FaultKind::Empty,
        FaultKind::Null,
        FaultKind::HtmlThrottle,
        FaultKind::Reset,
    ];
    for kind in faults {
        vendor.inject(Fault::always("/v2/devices-detailed", kind.clone()).after(2));
        let run = owner.run(&integration, "devices").await;
        assert_eq!(run["state"], "incomplete", "{kind:?}: {run}");
        assert!(run["problem"]["message"].as_str().is_some_and(|m| m.ends_with('.')), "{kind:?}: {run}");
        assert_eq!(run["counts"]["missing"], 0, "{kind:?}");
        vendor.clear_faults();
    }
    let run = owner.run(&integration, "devices").await;
    assert_eq!(run["state"], "completed", "{run}");
    assert_eq!(staged(&mut owner, &integration).await, approved);

    // Half of the fleet out of sight at once: kept, and said.
    vendor.keep_devices(0.4);
    let run = owner.run(&integration, "devices").await;
    assert_eq!(
        (&run["state"], &run["problem"]["code"]),
        (&json!("incomplete"), &json!("implausible")),
        "{run}"
    );
    assert_eq!(run["counts"]["missing"], 0);
    assert_eq!(staged(&mut owner, &integration).await, approved);
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_told_one_by_one() {
    // The first page is then the one that is asked for first.
    let mut site = Setup::sqlite().with(|config| config.limits.in_flight = 1).start().await;
    let mut owner = site.owner().await;
    site.work();
    let integration = connected(&site, &mut owner).await;
    owner.run(&integration, "devices").await;
    let vendor = site.simulator.control();
    let ids = vendor.approved_device_ids();
    for (how, state) in
        [(BadRow::TextsAreObjects, "completed_with_errors"), (BadRow::IdIsObject, "incomplete")]
    {
        vendor.inject(Fault::once("/v2/devices-detailed", FaultKind::BadRows(how)));
        let run = owner.run(&integration, "devices").await;
        let (counts, bad) = (&run["counts"], ids[..25].iter().skip(1).step_by(5));
        assert_eq!((&run["state"], &run["errors"]), (&json!(state), &json!(5)), "{run}");
        assert_eq!((&counts["failed"], &counts["missing"]), (&json!(5), &json!(0)), "{run}");
        let told = owner.all("runs/errors", &[("run_id", run["id"].as_str().expect("an id"))]).await;
        let named: Vec<&Value> = told.iter().map(|row| &row["remote_id"]).collect();
        let expected: Vec<Value> =
            bad.map(|id| if how.is_named() { json!(id.to_string()) } else { Value::Null }).collect();
        assert_eq!(named, expected.iter().collect::<Vec<_>>(), "{told:?}");
        let reasons = told.iter().filter_map(|row| row["reason"].as_str());
        assert_eq!(reasons.filter(|reason| reason.ends_with('.')).count(), 5, "{told:?}");
        assert_eq!(staged(&mut owner, &integration).await, ids.len(), "what is held stays");
    }
    let run = owner.run(&integration, "devices").await;
    assert_eq!((&run["state"], &run["errors"]), (&json!("completed"), &json!(0)), "{run}");
}

#[tokio::test]
async fn an_optional_source_that_fails_costs_a_warning() {
    let mut site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    site.work();
    let integration = connected(&site, &mut owner).await;
    let vendor = site.simulator.control();
    vendor.inject(Fault::always("/v2/queries/backup*", FaultKind::Status(500)));
    let run = owner.run(&integration, "devices").await;
    assert_eq!((&run["state"], &run["problem"]), (&json!("completed_with_errors"), &Value::Null), "{run}");
    let warnings = run["warnings"].as_array().expect("warnings");
    assert!(
        warnings.iter().any(|w| w.as_str().is_some_and(|w| w.to_lowercase().contains("backup"))),
        "{run}"
    );
    assert_eq!(run["counts"]["added"], vendor.approved_device_count());
}

#[tokio::test]
async fn revoked_credentials_disconnect_the_integration() {
    let mut site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    site.work();
    let integration = connected(&site, &mut owner).await;
    let vendor = site.simulator.control();
    vendor.set_behaviour(|b| b.credentials_revoked = true);
    let run = owner.run(&integration, "organizations").await;
    assert_eq!(run["state"], "failed", "{run}");
    let card = owner.get("integrations/get", &[("integration_id", &integration)]).await.ok();
    assert_eq!(card["status"], "disconnected", "{card}");
    assert_eq!(card["problem"]["code"], run["problem"]["code"]);
    vendor.set_behaviour(|b| b.credentials_revoked = false);
    let card = owner.post("integrations/connect", json!({ "integration_id": integration })).await.ok();
    assert_ne!(card["status"], "disconnected", "{card}");
}
