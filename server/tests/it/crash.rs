//! The real server killed at random moments of syncs and imports: nothing is lost, nothing doubled, no run is stuck, and
//! none is shown as complete while something is missing.
//!
//! `MSPORTAL_CRASHES` sets how many kills must hit a run on each engine, `MSPORTAL_CRASH_SEED` the moments.

use crate::{
    judge::differences,
    process::{Place, Process, integrity},
    support::{Client, Setup},
    truth::{Truth, number},
};
use serde_json::{Value, json};
use simulator::{Control, FleetSpec};
use std::{collections::HashSet, time::Duration};
use testkit::{Dice, env_number};

on_both!(every_crash_is_survived);

/// Kills of one run: a run that is interrupted too often is given up, as it should be.
const MOST_PER_RUN: u64 = 5;
/// Every so many kills the lease runs out by itself.
const REAL_LEASE: u64 = 6;

async fn every_crash_is_survived(setup: Setup) {
    let (crashes, seed) = (env_number("MSPORTAL_CRASHES", 20), env_number("MSPORTAL_CRASH_SEED", 7));
    let fleet = FleetSpec { seed, devices: 1200, ..FleetSpec::default() };
    let mut story = Story::begin(Place::new(setup, fleet).await, Dice::new(seed)).await;
    let mut rounds = 0;
    while story.hits < crashes || story.import_hits < 2 {
        rounds += 1;
        assert!(rounds < crashes + 10, "seed {seed}: the kills do not hit: {} of {crashes}", story.hits);
        let kind = if rounds == 1 { "all" } else { "devices" };
        let known = story.place.held().await.devices.into_keys().collect();
        let run =
            story.owner.post("runs/start", json!({ "integration_id": story.id, "kind": kind })).await.ok();
        story.through(run, known).await;
        story.map().await;
        let run = json!({ "integration_id": story.id, "select": "all" });
        let run = story.owner.post("imports/start", run).await.ok();
        story.through(run, HashSet::new()).await;
        story.imported().await;
        stir(&story.place.vendor, &mut story.dice);
    }
    println!(
        "seed {seed}: {} kills in {rounds} rounds, {} of them in an import",
        story.hits, story.import_hits
    );
}

struct Story {
    place: Place,
    dice: Dice,
    process: Option<Process>,
    owner: Client,
    id: String,
    /// Kills that hit a run.
    hits: u64,
    /// Those of them that hit an import.
    import_hits: u64,
    /// Within how many milliseconds after its start a sync and an import are killed: less after a miss, more after a hit.
    spans: [u64; 2],
}

impl Story {
    /// A portal with a slow vendor, and the first run under way.
    async fn begin(place: Place, dice: Dice) -> Self {
        place.vendor.set_behaviour(|b| {
            b.page_size_clamp = Some(50);
            b.latency = Duration::from_millis(15);
        });
        let process = place.serve();
        let mut owner = place.owner(&process).await;
        let (id, run) = place.connect(&mut owner).await;
        let mut story = Self {
            place,
            dice,
            process: Some(process),
            owner,
            id,
            hits: 0,
            import_hits: 0,
            spans: [1_500, 150],
        };
        story.through(run, HashSet::new()).await;
        story
    }

    /// Sees a run to its end, killing the server now and then. `known` are the devices that were staged before a sync of
    /// devices. The moments count from the run's start, so nothing slow may stand between that and this.
    async fn through(&mut self, run: Value, known: HashSet<String>) {
        let span = usize::from(run["kind"] == "import");
        let planned = self.dice.below(MOST_PER_RUN) + span as u64;
        for _ in 0..planned {
            tokio::time::sleep(Duration::from_millis(self.dice.below(self.spans[span]))).await;
            self.process.take().expect("a server").kill();
            let ended = self.after_a_kill(&run).await;
            self.restart();
            if ended {
                self.spans[span] = (self.spans[span] * 2 / 3).max(4);
                break;
            }
            self.spans[span] = (self.spans[span] * 6 / 5).min(4_000);
        }
        let run = self.owner.ended(&run).await;
        let fine = matches!(run["state"].as_str(), Some("completed" | "completed_with_errors"));
        assert!(fine, "{run}\n{}", self.place.log());
        self.exact(&run).await;
        if run["kind"] == "devices" {
            let new = |id: &i64| !known.contains(&id.to_string());
            let added = self.place.vendor.approved_device_ids().iter().filter(|id| new(id)).count();
            assert_eq!(run["counts"]["added"], added, "added before or after a kill, never both: {run}");
        }
    }

    /// Looks at what the dead process left: sound, and true. Answers whether the run had ended.
    async fn after_a_kill(&mut self, run: &Value) -> bool {
        self.place.look(async |db| integrity(db).await).await;
        let sql = "SELECT count(*) AS n FROM runs WHERE state IN ('queued', 'running', 'paused')";
        let active = self.place.look(async |db| number(db, sql).await).await;
        assert!(active <= 1, "{active} runs are active");
        if active == 0 {
            self.staging_is_true("after a kill").await;
            return true;
        }
        self.hits += 1;
        self.import_hits += u64::from(run["kind"] == "import");
        if !self.hits.is_multiple_of(REAL_LEASE) {
            self.place.leases_run_out().await;
        }
        false
    }

    fn restart(&mut self) {
        let process = self.place.serve();
        self.owner = self.owner.at(&process.base);
        self.process = Some(process);
    }

    async fn staging_is_true(&self, when: &str) {
        let (held, truth) = (self.place.held().await, Truth::of(&self.place.vendor));
        // Before the first device sync there are none, and counts are those of the first run.
        let mut wrong = differences(&held, &truth);
        if held.devices.is_empty() {
            wrong.retain(|line| !line.starts_with("devices are not there"));
        }
        wrong.retain(|line| !line.starts_with("heartbeats or counts") || !held.devices.is_empty());
        assert!(wrong.is_empty(), "{when}, {} kills: {wrong:#?}\n{}", self.hits, self.place.log());
    }

    /// After a run: the tables are the vendor's, and nothing is under way.
    async fn exact(&self, run: &Value) {
        self.staging_is_true(&format!("{run}")).await;
        let stuck = "SELECT count(*) AS n FROM runs WHERE state IN ('queued', 'running', 'paused')";
        assert_eq!(self.place.look(async |db| number(db, stuck).await).await, 0, "a run is stuck");
        self.place.look(async |db| integrity(db).await).await;
    }

    /// Gives every organization a company and every node class a type.
    async fn map(&mut self) {
        for row in self.owner.all("organizations/list", &[("integration_id", &self.id)]).await {
            if row["status"] != "mapped" {
                let choice =
                    json!({ "integration_id": self.id, "remote_id": row["remote_id"], "choice": "create" });
                self.owner.post("mappings/save_organization", choice).await.ok();
            }
        }
        let it = json!({ "integration_id": self.id });
        self.owner.post("node_classes/quick_match", it.clone()).await.ok();
        self.owner.post("node_classes/quick_create", it).await.ok();
    }

    /// Every device that the vendor shows is in the inventory, once, under its name.
    async fn imported(&self) {
        let doubled =
            "SELECT count(*) AS n FROM (SELECT remote_id FROM devices GROUP BY integration_id, remote_id
            HAVING count(*) > 1) AS twice";
        let right = "SELECT count(*) AS n FROM devices d JOIN remote_devices r
                ON r.remote_id = d.remote_id AND r.integration_id = d.integration_id
            WHERE r.missing_since IS NULL AND r.name = d.name AND r.node_class = d.node_class";
        let unfed = "SELECT count(*) AS n FROM devices d WHERE NOT EXISTS (
            SELECT 1 FROM remote_devices r WHERE r.remote_id = d.remote_id AND r.integration_id = d.integration_id)";
        let (doubled, right, unfed) = self
            .place
            .look(async |db| (number(db, doubled).await, number(db, right).await, number(db, unfed).await))
            .await;
        assert_eq!((doubled, unfed), (0, 0), "devices are in the inventory twice, or fed by nothing");
        let approved = self.place.vendor.approved_device_count();
        assert_eq!(usize::try_from(right).ok(), Some(approved), "{}", self.place.log());
    }
}

/// Changes for the next round, below the breaker's share; new devices to import.
fn stir(vendor: &Control, dice: &mut Dice) {
    vendor.add_devices(400);
    let ids = vendor.approved_device_ids();
    for n in 0..20 {
        vendor.rename_device(*dice.pick(&ids), &format!("RENAMED-{n}-{}", dice.below(1_000_000)));
    }
    for _ in 0..4 {
        vendor.delete_device(*dice.pick(&ids));
    }
    vendor.heartbeat();
}
