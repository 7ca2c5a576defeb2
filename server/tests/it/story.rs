//! The whole job over HTTP, on both databases, against exact numbers of the simulator.

mod csv;
mod devices;
mod mapping;
mod sync;

use crate::support::{Client, Setup, Site};
use serde_json::{Value, json};
use simulator::{Control, FleetSpec};

on_both!(the_whole_job);

/// What the chapters share.
pub struct Story {
    pub owner: Client,
    pub vendor: Control,
    pub integration: String,
}

async fn the_whole_job(setup: Setup) {
    let mut site = setup.fleet(FleetSpec::demo()).start().await;
    site.work();
    let mut owner = site.owner().await;
    csv::import_companies_and_locations(&mut owner).await;

    let mut story = connect(&site, owner).await;
    mapping::map_organizations(&mut story).await;
    mapping::map_locations(&mut story).await;
    sync::pull_devices(&mut story).await;
    mapping::map_node_classes(&mut story).await;
    let imported = devices::import(&mut story).await;
    sync::an_unchanged_fleet_changes_nothing(&mut story).await;
    sync::a_changed_fleet_changes_what_changed(&mut story).await;
    devices::follow_their_sources(&mut story, imported).await;
    devices::stay_when_the_integration_goes(&mut story, imported).await;
}

/// Connects the simulator and follows the first organization sync live.
async fn connect(site: &Site, mut owner: Client) -> Story {
    let vendor = site.simulator.control();
    let vendors = owner.get("integrations/vendors", &[]).await.ok();
    assert_eq!(vendors[0]["key"], "ninjaone");
    let regions: Vec<&str> = array(&vendors[0]["regions"]).iter().filter_map(|r| r["key"].as_str()).collect();
    assert!(regions.contains(&"eu") && regions.contains(&"custom"), "{regions:?}");

    let tested = owner.post("integrations/test_connection", site.credentials()).await.ok();
    assert_eq!((&tested["ok"], &tested["problem"]), (&json!(true), &Value::Null));
    assert_eq!(tested["organizations_visible"], vendor.organizations().len());
    assert_eq!(owner.get("integrations/list", &[]).await.ok()["total"], 0);

    let integration = owner.post("integrations/connect", site.credentials()).await.ok();
    assert_eq!((&integration["name"], &integration["region"]), (&json!("NinjaOne"), &json!("custom")));
    let id = text(&integration["id"]);
    let runs = owner.get("runs/list", &[("integration_id", &id)]).await.ok();
    assert_eq!((&runs["total"], &runs["items"][0]["kind"]), (&json!(1), &json!("organizations")));
    follow(&owner, &text(&runs["items"][0]["id"])).await;

    // The same account a second time is told from a new one.
    let field = owner.post("integrations/connect", site.credentials()).await.refused(409, "conflict");
    assert_eq!(field.as_deref(), Some("client_id"));
    let mut story = Story { owner, vendor, integration: id };
    sync::organizations_are_there(&mut story).await;
    story
}

/// The event stream of a run: nothing but runs, and the final state last.
async fn follow(owner: &Client, run: &str) {
    let events = owner.events(run).await;
    assert!(!events.is_empty());
    assert!(events.iter().all(|(name, data)| name == "run" && data["id"] == run), "{events:?}");
    let states: Vec<&str> = events.iter().filter_map(|(_, data)| data["state"].as_str()).collect();
    let (last, before) = states.split_last().expect("a state");
    assert_eq!(*last, "completed", "{:?}", events.last());
    assert!(before.iter().all(|s| matches!(*s, "queued" | "running")), "{states:?}");
    // A stream that is opened after the end tells the end.
    let again = owner.events(run).await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].1, events.last().expect("an event").1);
}

impl Story {
    /// A list's rows, all pages.
    pub async fn all(&mut self, path: &str, query: &[(&str, &str)]) -> Vec<Value> {
        let id = self.integration.clone();
        let mut with_id = query.to_vec();
        with_id.push(("integration_id", &id));
        self.owner.all(path, &with_id).await
    }

    /// A read about the integration.
    pub async fn read(&mut self, path: &str) -> Value {
        let id = self.integration.clone();
        self.owner.get(path, &[("integration_id", &id)]).await.ok()
    }

    /// A write about the integration.
    pub async fn write(&mut self, path: &str, arguments: Value) -> Value {
        let mut arguments = arguments;
        arguments["integration_id"] = json!(self.integration);
        self.owner.post(path, arguments).await.ok()
    }

    /// Runs a sync to its end.
    pub async fn sync(&mut self, kind: &str) -> Value {
        let id = self.integration.clone();
        self.owner.run(&id, kind).await
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}

pub fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("a list: {value}"))
}

pub fn number(value: &Value) -> usize {
    value.as_u64().unwrap_or_else(|| panic!("a count: {value}")) as usize
}
