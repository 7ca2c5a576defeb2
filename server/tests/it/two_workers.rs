//! Several processes on one PostgreSQL: one run at a time, whoever dies or sleeps.

use crate::{
    judge::differences,
    process::{Place, Process},
    support::{Client, Setup},
    truth::{Truth, number},
    wire::Wire,
};
use serde_json::{Value, json};
use simulator::{Control, FleetSpec};
use std::time::{Duration, Instant};
use testkit::{Dice, env_number};

/// A dead worker's run is taken over within this.
const TAKEOVER: Duration = Duration::from_secs(30);

/// A portal without workers, whose vendor shows small pages slowly.
struct Story {
    place: Place,
    owner: Client,
    id: String,
    _web: Process,
}

impl Story {
    /// `None` on a machine without PostgreSQL.
    async fn begin(devices: u32) -> Option<Self> {
        let fleet = FleetSpec { devices, ..FleetSpec::default() };
        let place = Place::new(Setup::postgres().await?, fleet).await;
        let web = place.web();
        let mut owner = place.owner(&web).await;
        let (id, run) = place.connect(&mut owner).await;
        let worker = place.worker();
        assert_eq!(owner.ended(&run).await["state"], "completed");
        worker.kill();
        place.vendor.set_behaviour(|b| {
            b.page_size_clamp = Some(25);
            b.latency = Duration::from_millis(20);
        });
        Some(Self { place, owner, id, _web: web })
    }

    async fn start(&mut self) -> Value {
        let run = json!({ "integration_id": self.id, "kind": "devices" });
        self.owner.post("runs/start", run).await.ok()
    }

    /// A worker is on a run of 150 new devices when it is away for a while: another one finishes, and what the first one still
    /// wanted to write is refused.
    async fn taken_over(&mut self, round: u64, dice: &mut Dice, away: impl Fn(bool)) {
        let before = self.place.held().await.devices.len();
        self.place.vendor.add_devices(150);
        let run = self.start().await;
        self.owner.until(&run, |r| r["state"] == "running").await;
        tokio::time::sleep(Duration::from_millis(dice.between(300, 1_200))).await;
        away(true);
        rename_all(&self.place.vendor, round);
        let other = self.place.worker();
        let since = Instant::now();
        let ended = self.owner.ended(&run).await;
        println!("round {round}: ended {} {:?} after it was away", ended["state"], since.elapsed());
        assert!(since.elapsed() < TAKEOVER, "{:?}\n{}", since.elapsed(), self.place.log());
        let added = self.place.vendor.approved_device_count() - before;
        self.right(&ended, added).await;

        away(false);
        late_commits_are_refused(self, &ended).await;
        drop(other);
    }

    /// The run is complete, the tables are the vendor's, and each row was written once.
    async fn right(&self, run: &Value, added: usize) {
        assert_eq!(run["state"], "completed", "{run}\n{}", self.place.log());
        assert_eq!(run["counts"]["added"], added, "{run}\n{}", self.place.log());
        let wrong = differences(&self.place.held().await, &Truth::of(&self.place.vendor));
        assert!(wrong.is_empty(), "{wrong:#?}\n{}", self.place.log());
        let id = run["id"].as_str().expect("an id");
        // By its id: a daily sync may have begun since.
        let added = format!(
            "SELECT count(*) AS n FROM run_changes_told WHERE change = 'added' AND entity = 'device' AND run_id = '{id}'"
        );
        let told = self.place.look(async |db| number(db, &added).await).await;
        assert_eq!(json!(told), run["counts"]["added"], "each added device is told once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_is_killed_and_the_other_finishes() {
    let Some(mut story) = Story::begin(900).await else { return };
    for _ in 0..env_number("MSPORTAL_TAKEOVERS", 1) {
        let before = story.place.held().await.devices.len();
        let first = story.place.worker();
        let run = story.start().await;
        story.owner.until(&run, |r| r["counts"]["added"].as_i64() > Some(0)).await;
        let second = story.place.worker();
        first.kill();
        let killed = Instant::now();
        let shown = story.owner.get("runs/get", &[("run_id", run["id"].as_str().expect("an id"))]).await.ok();
        assert_eq!(shown["state"], "running", "no half run is shown as complete");
        let run = story.owner.ended(&run).await;
        assert!(killed.elapsed() < TAKEOVER, "taken over and ended after {:?}", killed.elapsed());
        println!("taken over and ended {:?} after the kill", killed.elapsed());
        story.right(&run, story.place.vendor.approved_device_count() - before).await;
        drop(second);
        story.place.vendor.add_devices(300);
    }
}

/// A worker is stopped past its lease, and goes on when another one has finished its run: what it still wanted to write,
/// which is old by now, is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sleeps_past_its_lease_and_its_late_commit_is_refused() {
    let Some(mut story) = Story::begin(500).await else { return };
    let mut dice = Dice::new(11);
    for round in 0..env_number("MSPORTAL_TAKEOVERS", 4) {
        let sleeper = story.place.worker();
        story.taken_over(round, &mut dice, |away| sleeper.signal(if away { "STOP" } else { "CONT" })).await;
    }
}

/// The same for a worker that the network has cut off from the database, and that comes back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_is_cut_off_and_its_late_commit_is_refused() {
    let Some(mut story) = Story::begin(500).await else { return };
    let (wire, mut dice) = (Wire::to(&story.place.url()).await, Dice::new(12));
    for round in 0..env_number("MSPORTAL_TAKEOVERS", 4) {
        story.place.environment = vec![("DATABASE_URL", wire.url.clone())];
        let lonely = story.place.worker();
        story.place.environment.clear();
        story.taken_over(round, &mut dice, |away| wire.cut(away)).await;
        drop(lonely);
    }
}

/// The same, asleep in the middle of a transaction: its locks must not hold up the others for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sleeps_inside_a_transaction_and_the_other_goes_on() {
    let Some(mut story) = Story::begin(1500).await else { return };
    let sleeper = story.place.worker();
    let run = story.start().await;
    story.owner.until(&run, |r| r["state"] == "running").await;
    asleep_in_a_transaction(&story.place, &sleeper).await;
    let _awake = story.place.worker();
    let stopped = Instant::now();
    let mut shown = run;
    while matches!(shown["state"].as_str(), Some("queued" | "running")) {
        assert!(
            stopped.elapsed() < TAKEOVER,
            "the sleeper's transaction holds the run for {:?}\n{}",
            stopped.elapsed(),
            story.place.log()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
        let id = shown["id"].as_str().expect("an id").to_owned();
        shown = story.owner.get("runs/get", &[("run_id", &id)]).await.ok();
    }
    story.right(&shown, story.place.vendor.approved_device_count()).await;
    sleeper.signal("CONT");
    late_commits_are_refused(&mut story, &shown).await;
}

/// Stops a worker again and again until that is while it holds a transaction open that has written.
async fn asleep_in_a_transaction(place: &Place, sleeper: &Process) {
    let open = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()
        AND state = 'idle in transaction' AND backend_xid IS NOT NULL";
    for _ in 0..2_000 {
        sleeper.signal("STOP");
        // What it sent before it was stopped is answered by now.
        tokio::time::sleep(Duration::from_millis(4)).await;
        if place.look(async |db| number(db, open).await).await > 0 {
            return;
        }
        sleeper.signal("CONT");
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    panic!("it was never inside a transaction");
}

/// What the other worker wrote stays as it is for as long as the woken one needs to notice.
async fn late_commits_are_refused(story: &mut Story, ended: &Value) {
    let woken = Instant::now();
    while woken.elapsed() < Duration::from_secs(3) {
        let wrong = differences(&story.place.held().await, &Truth::of(&story.place.vendor));
        assert!(wrong.is_empty(), "after it woke: {wrong:#?}\n{}", story.place.log());
        let id = ended["id"].as_str().expect("an id");
        let now = story.owner.get("runs/get", &[("run_id", id)]).await.ok();
        assert_eq!(&now, ended, "a run that has ended is not touched again");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn rename_all(vendor: &Control, round: u64) {
    for id in vendor.approved_device_ids() {
        vendor.rename_device(id, &format!("R{round}-{id}"));
    }
}

/// Two processes with workers each: many clicks on either, and each run is executed once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_execute_each_run_once() {
    let Some(mut story) = Story::begin(300).await else { return };
    let servers = [story.place.serve(), story.place.serve()];
    for round in 0..3 {
        story.place.vendor.add_devices(20);
        let before = story.place.held().await.devices.len();
        let asked = servers.each_ref().map(|server| {
            let (owner, id) = (story.owner.at(&server.base), story.id.clone());
            tokio::spawn(async move {
                let ask = json!({ "integration_id": id, "kind": "devices" });
                let mut owner = owner;
                owner.post("runs/start", ask).await.ok()
            })
        });
        let [one, two] = futures::future::join_all(asked).await.try_into().expect("two answers");
        let (one, two) = (one.expect("no panic"), two.expect("no panic"));
        assert_eq!(one["id"], two["id"], "round {round}: two clicks, one run");
        let run = story.owner.ended(&one).await;
        story.right(&run, story.place.vendor.approved_device_count() - before).await;
    }
    let attempts = "SELECT CAST(max(attempt) AS bigint) AS n FROM runs";
    assert_eq!(story.place.look(async |db| number(db, attempts).await).await, 1, "no run was taken up twice");
}
