//! The simulator in a process of its own.

use crate::{
    Outcome,
    http::{Address, Http},
};
use serde_json::{Value, json};
use simulator::{FleetSpec, Simulator};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// The first argument of such a process.
pub const WORD: &str = "simulator";

/// What the portal reads, in the words in which it asks; written beforehand, so that no run pays for it.
const LISTS: [&str; 2] = ["/v2/users", "/v2/roles"];
const REPORTS: [&str; 2] = [
    "/v2/queries/backup/usage?includeLastBackupJobTimes=true&pageSize=1000",
    "/v2/queries/logged-on-users?pageSize=10000",
];

/// The pages of devices, for the portal and for the floor.
pub fn devices_path(after: Option<i64>) -> String {
    let path = "/v2/devices-detailed?expand=warranty&pageSize=1000";
    after.map_or_else(|| path.to_owned(), |id| format!("{path}&after={id}"))
}

/// The id of the last row of a page, found without a parser.
pub fn last_id(page: &[u8]) -> Option<i64> {
    let start = b"{\"id\":";
    let at = page.windows(start.len()).rposition(|w| w == start)? + start.len();
    let digits = page[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&page[at..at + digits]).ok()?.parse().ok()
}

/// The other process: a simulator until its standard input closes.
#[tokio::main]
pub async fn serve(devices: &str) -> Outcome<()> {
    let devices: u32 = devices.parse()?;
    let spec = FleetSpec { devices, organizations: (devices / 200).max(5), ..FleetSpec::default() };
    let simulator = Simulator::start(spec).await;
    simulator.control().set_behaviour(|b| b.keep_pages = true);
    println!("{} {} {}", simulator.host_port(), simulator.client_id(), simulator.client_secret());
    tokio::task::spawn_blocking(|| std::io::stdin().lines().count()).await?;
    Ok(())
}

/// A running simulator; stops when dropped.
pub struct Fleet {
    process: Child,
    pub address: Address,
    http: Http,
}

impl Fleet {
    pub fn start(devices: u32) -> Outcome<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args([WORD, &devices.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let words = <[String; 3]>::try_from(words).map_err(|_| "the simulator did not start")?;
        let [host, client_id, client_secret] = words;
        let address = Address { host, client_id, client_secret };
        let mut fleet = Self { process, http: Http::open(&address)?, address };
        fleet.warm()?;
        Ok(fleet)
    }

    /// How many devices the lists show.
    pub fn approved(&mut self) -> Outcome<i64> {
        let state: Value = serde_json::from_slice(self.http.get("/_sim/state")?)?;
        Ok(state["approved_devices"].as_i64().ok_or("no count of devices")?)
    }

    /// Time passes: offline devices (about 15%) stay silent, each other reports with a probability of 85% each time.
    pub fn heartbeat(&mut self) -> Outcome<()> {
        for _ in 0..3 {
            self.script("heartbeat", &json!({}))?;
        }
        self.warm()
    }

    /// How long every answer takes.
    pub fn latency(&mut self, seconds: f64) -> Outcome<()> {
        self.script("set_behaviour", &json!({ "latency": seconds }))
    }

    fn script(&mut self, name: &str, body: &Value) -> Outcome<()> {
        self.http.post(&format!("/_sim/{name}"), "application/json", &body.to_string())?;
        Ok(())
    }

    /// Asks for every page once, so that all are written.
    fn warm(&mut self) -> Outcome<()> {
        let mut after = None;
        while let Some(id) = last_id(self.http.get(&devices_path(after))?) {
            after = Some(id);
        }
        for path in LISTS {
            self.http.get(path)?;
        }
        for path in REPORTS {
            self.warm_report(path)?;
        }
        Ok(())
    }

    fn warm_report(&mut self, path: &str) -> Outcome<()> {
        let mut cursor = String::new();
        loop {
            let page: Value = serde_json::from_slice(self.http.get(&format!("{path}{cursor}"))?)?;
            let Some(name) = page["cursor"]["name"].as_str() else { return Ok(()) };
            cursor = format!("&cursor={name}");
        }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_id_is_that_of_the_last_row() {
        let page = br#"[{"id":7,"uid":"a"},{"id":31,"references":{"warranty":{"startDate":1}}}]"#;
        assert_eq!(last_id(page), Some(31));
        assert_eq!(last_id(b"[]"), None);
    }
}
