//! The vault through the program's commands: changed under a running server, interrupted, lost.

use crate::{
    process::{Place, Process},
    support::{Client, Setup},
};
use backend::vault::Operator;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use simulator::FleetSpec;
use std::{path::PathBuf, time::Duration};

on_both!(the_master_key_is_changed_during_a_sync, a_lost_keyring_is_a_clear_state);

/// A portal with a connected vendor, and its running server.
struct Story {
    place: Place,
    server: Option<Process>,
    owner: Client,
    id: String,
}

impl Story {
    async fn begin(setup: Setup, environment: Vec<(&'static str, String)>) -> Self {
        let fleet = FleetSpec { devices: 400, ..FleetSpec::default() };
        let place = Place { environment, ..Place::new(setup, fleet).await };
        let server = place.serve();
        let mut owner = place.owner(&server).await;
        let (id, run) = place.connect(&mut owner).await;
        assert_eq!(owner.ended(&run).await["state"], "completed");
        Self { place, server: Some(server), owner, id }
    }

    /// Ends the server as an operator would.
    fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.signal("TERM");
            server.ended(Duration::from_secs(15));
        }
    }

    fn serve(&mut self) {
        let server = self.place.serve();
        self.owner = self.owner.at(&server.base);
        self.server = Some(server);
    }

    /// The server opens the stored credentials and reads with them.
    async fn works(&mut self) {
        let run = self.owner.run(&self.id, "organizations").await;
        assert_eq!(run["state"], "completed", "{run}\n{}", self.place.log());
    }

    /// The command succeeds; what it said.
    fn ok(&self, arguments: &[&str]) -> String {
        let (ok, said) = tokio::task::block_in_place(|| self.place.call(arguments));
        assert!(ok, "{arguments:?}: {said}");
        said
    }

    /// The command fails; what it said.
    fn refused(&self, arguments: &[&str]) -> String {
        let (ok, said) = tokio::task::block_in_place(|| self.place.call(arguments));
        assert!(!ok, "{arguments:?}: {said}");
        said
    }

    fn ring(&self) -> PathBuf {
        self.place.setup.folder.path().join("keyring.json")
    }

    /// What the database keeps sealed.
    async fn sealed(&self) -> Vec<u8> {
        let select = "SELECT data_key FROM integrations";
        self.place
            .look(async |db| {
                let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), select)).await;
                row.expect(select).expect("a row").try_get_by_index(0).expect("bytes")
            })
            .await
    }
}

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

async fn the_master_key_is_changed_during_a_sync(setup: Setup) {
    let mut story = Story::begin(setup, Vec::new()).await;
    story.place.vendor.set_behaviour(|b| {
        b.page_size_clamp = Some(25);
        b.latency = Duration::from_millis(500);
    });
    let sync = json!({ "integration_id": story.id, "kind": "devices" });
    let run = story.owner.post("runs/start", sync).await.ok();
    story.owner.until(&run, |r| r["state"] == "running" && r["requests"].as_i64() > Some(2)).await;
    let before = story.sealed().await;
    let said = story.ok(&["vault", "rotate"]);
    assert!(said.contains("new master key: ") && said.contains("sealed anew: 1"), "{said}");
    assert_ne!(story.sealed().await, before);
    let now = story.owner.get("runs/get", &[("run_id", run["id"].as_str().expect("an id"))]).await.ok();
    assert_eq!(now["state"], "running", "it was changed under the sync");
    story.place.vendor.set_behaviour(|b| b.latency = Duration::ZERO);
    assert_eq!(story.owner.ended(&run).await["state"], "completed", "{}", story.place.log());

    // The server of before finds the new key, and seals with it.
    story.works().await;
    let credentials = json!({
        "integration_id": story.id, "client_id": story.place.simulator.client_id(),
        "client_secret": story.place.simulator.client_secret(),
    });
    story.owner.post("integrations/connect", credentials).await.ok();
    let said = story.ok(&["vault", "check"]);
    assert!(said.contains("all 1 can be opened") && said.matches("sealed by").count() == 1, "{said}");
    assert!(!said.contains("sealed by 1-"), "{said}");
    // The key before the last is kept, the one before that is not.
    let said = story.ok(&["vault", "rotate"]);
    assert!(said.contains("nothing that lasts was sealed by 1-"), "{said}");
    let ring: serde_json::Value =
        serde_json::from_slice(&std::fs::read(story.ring()).expect("a keyring")).expect("JSON");
    assert_eq!(ring["keys"].as_object().expect("keys").len(), 2, "the old one until the next rotation");
    story.works().await;
    story.stop();
    story.serve();
    story.works().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_that_was_interrupted_goes_on() {
    let mut story = Story::begin(Setup::sqlite(), Vec::new()).await;
    let config = story.place.setup.config(&story.place.simulator);
    let operator = Operator::open(&config, None).await.expect("an operator");
    let rotation = operator.rotate().await.expect("a new key");
    let key = rotation.key_id.clone();
    let said = story.refused(&["vault", "rotate"]);
    assert!(said.contains("Another process is changing this keyring"), "{said}");
    // As if it was killed: the key is there, nothing is sealed with it.
    drop(rotation);
    story.works().await;
    let said = story.ok(&["vault", "rotate"]);
    assert!(said.contains(&format!("sealing with master key: {key}")), "{said}");
    assert!(said.contains("sealed anew: 1"), "{said}");
    let said = story.ok(&["vault", "check"]);
    assert!(said.contains(&format!("sealed by {key}: 1")), "{said}");
    story.works().await;
}

async fn a_lost_keyring_is_a_clear_state(setup: Setup) {
    let mut story = Story::begin(setup, Vec::new()).await;
    story.stop();
    let (ring, sealed) = (story.ring(), story.sealed().await);
    let right = std::fs::read(&ring).expect("a keyring");
    std::fs::remove_file(&ring).expect("removed");
    let said = story.refused(&SERVE);
    assert!(said.contains("is missing") && said.contains("Restore the keyring"), "{said}");
    assert!(!ring.exists(), "no new keyring is made");
    let said = story.refused(&["vault", "check"]);
    assert!(said.contains("integration \"NinjaOne\" of P"), "{said}");

    let foreign = String::from_utf8_lossy(&right).replace("\": \"", "\": \"A");
    std::fs::write(&ring, foreign).expect("written");
    assert!(story.refused(&SERVE).contains("Restore it from a backup"));
    // A key of the same name that is another one.
    let mut other: serde_json::Value = serde_json::from_slice(&right).expect("JSON");
    let id = other["current"].as_str().expect("an id").to_owned();
    other["keys"][&id] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    std::fs::write(&ring, other.to_string()).expect("written");
    let said = story.refused(&SERVE);
    assert!(said.contains("does not belong to this database"), "{said}");
    let said = story.refused(&["vault", "forget-lost"]);
    assert!(said.contains("would be given up: integration \"NinjaOne\" of P"), "{said}");
    assert!(said.contains("everything that is sealed") && said.contains("--confirm 1"), "{said}");
    assert!(!said.contains("--without-keyring"), "{said}");
    assert_eq!(story.sealed().await, sealed, "nothing was touched");
    std::fs::write(&ring, &right).expect("written");
    story.serve();
    story.works().await;
    story.stop();

    assert!(story.ok(&["vault", "forget-lost"]).contains("given up: 0 in all"));

    // Lost for good: said, given up, entered again.
    std::fs::remove_file(&ring).expect("removed");
    let said = story.refused(&["vault", "forget-lost"]);
    assert!(said.contains("run again with --confirm 1 --without-keyring"), "{said}");
    let said = story.refused(&["vault", "forget-lost", "--confirm", "1"]);
    assert!(said.contains("There is no keyring") && said.contains("--without-keyring"), "{said}");
    let said = story.refused(&["vault", "forget-lost", "--confirm", "2", "--without-keyring"]);
    assert!(said.contains("1, not 2"), "{said}");
    assert_eq!(story.sealed().await, sealed, "nothing was touched");
    let said = story.ok(&["vault", "forget-lost", "--confirm", "1", "--without-keyring"]);
    assert!(said.contains("given up: 1 in all"), "{said}");
    story.serve();
    let id = [("integration_id", story.id.as_str())];
    let card = story.owner.get("integrations/get", &id).await.ok();
    assert_eq!(
        (&card["status"], &card["problem"]["code"]),
        (&json!("disconnected"), &json!("credentials_lost"))
    );
    assert_eq!(card["credentials_set_at"], serde_json::Value::Null, "they are not set, and it says so");
    let log = story.owner.get("audit/list", &[("action", "integration_changed")]).await.ok();
    let told = (&log["items"][0]["actor"], &log["items"][0]["subject"]);
    assert_eq!(told, (&json!("Operator"), &json!("NinjaOne")), "who gave them up: {log}");
    story
        .owner
        .post("integrations/test_connection", json!({ "integration_id": story.id }))
        .await
        .refused(409, "conflict");
    let credentials = json!({
        "integration_id": story.id, "client_id": story.place.simulator.client_id(),
        "client_secret": story.place.simulator.client_secret(),
    });
    story.owner.post("integrations/connect", credentials).await.ok();
    let card = story.owner.get("integrations/get", &id).await.ok();
    assert_eq!(card["credentials_set_at"], card["connected_at"]);
    story.works().await;
    assert!(story.ok(&["vault", "check"]).contains("all 1 can be opened"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_the_environment_are_changed_there() {
    const KEY: &str = "MSPORTAL_MASTER_KEY";
    let (old, new) =
        ("MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE=", "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI=");
    let mut story = Story::begin(Setup::sqlite(), vec![(KEY, old.into())]).await;
    assert!(!story.ring().exists());
    story.stop();
    story.place.environment = vec![(KEY, new.into())];
    let said = story.refused(&SERVE);
    assert!(said.contains("does not belong to this database"), "{said}");
    assert!(!said.contains(old) && !said.contains(new), "{said}");
    story.place.environment.push(("MSPORTAL_PREVIOUS_MASTER_KEYS", old.into()));
    story.serve();
    story.works().await;
    assert!(story.ok(&["vault", "rotate"]).contains("sealed anew: 1"));
    story.works().await;
    story.stop();
    story.place.environment.pop();
    story.serve();
    story.works().await;
}

/// What is sealed for one row opens in no other: not in another tenant's either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_does_not_open_in_another_row() {
    let mut site = Setup::sqlite().start().await;
    site.work();
    let mut owner = site.owner().await;
    let ours = crate::cancel::connected(&site, &mut owner).await;
    let (mut stranger, rows) = site.stranger().await;
    let ours = site.literal(ours.parse().expect("an id"));
    site.execute(&format!(
        "UPDATE integrations SET (key_id, data_key, client_id, client_secret) =
            (SELECT key_id, data_key, client_id, client_secret FROM integrations WHERE id = {ours}) WHERE id <> {ours}"
    ))
    .await;
    let id = json!({ "integration_id": rows.integration });
    stranger.post("integrations/test_connection", id).await.refused(409, "conflict");
    let operator = Operator::open(&site.setup.config(&site.simulator), None).await.expect("an operator");
    let checked = operator.check().await.expect("a check");
    assert_eq!(checked.unreadable.len(), 1, "{checked:?}");
    assert!(checked.unreadable[0].ends_with("of Strangers"), "{checked:?}");
}
