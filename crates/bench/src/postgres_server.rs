//! What a PostgreSQL server spends and writes: it is part of the price.

use crate::Outcome;
use postgres::{Client, NoTls};
use std::fs::read_to_string;

/// A look at the server of a database, through a connection of its own.
pub struct Server {
    client: Client,
    /// The process that all others of the server are children of.
    postmaster: u32,
}

impl Server {
    pub fn open(url: &str) -> Outcome<Self> {
        let mut client = Client::connect(url, NoTls)?;
        let own: i32 = client.query_one("SELECT pg_backend_pid()", &[])?.get(0);
        let postmaster = stat(&own.to_string()).ok_or("the server runs elsewhere")?.parent;
        Ok(Self { client, postmaster })
    }

    /// Writes out what earlier steps left to be written.
    pub fn settle(&mut self) -> Outcome<()> {
        Ok(self.client.batch_execute("CHECKPOINT")?)
    }

    /// Bytes of the write-ahead log so far.
    pub fn wal_bytes(&mut self) -> Outcome<f64> {
        let sql = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8";
        Ok(self.client.query_one(sql, &[])?.get(0))
    }

    /// Processor seconds so far: of the postmaster, of the processes that live, and of those that have ended, which
    /// the postmaster has waited for.
    pub fn cpu(&self) -> f64 {
        let mut seconds = precise(&self.postmaster.to_string());
        seconds += stat(&self.postmaster.to_string()).map_or(0.0, |s| s.waited_for as f64 / 100.0);
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        for pid in entries.filter_map(|e| e.file_name().into_string().ok()) {
            if pid.starts_with(|c: char| c.is_ascii_digit())
                && stat(&pid).is_some_and(|s| s.parent == self.postmaster)
            {
                seconds += precise(&pid);
            }
        }
        seconds
    }

    /// Makes room: databases of runs that are over are of no use.
    pub fn drop_databases(base: &str, urls: &[String]) -> Outcome<()> {
        let mut client = Client::connect(base, NoTls)?;
        for name in urls.iter().filter_map(|url| url.rsplit('/').next()) {
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        }
        Ok(())
    }
}

struct Stat {
    parent: u32,
    /// Ticks (of 10 ms) of children that have ended.
    waited_for: u64,
}

fn stat(pid: &str) -> Option<Stat> {
    let text = read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |n: usize| fields.get(n)?.parse::<u64>().ok();
    let waited_for = number(13)? + number(14)?;
    Some(Stat { parent: u32::try_from(number(1)?).ok()?, waited_for })
}

/// Processor seconds of a process with one thread, to the nanosecond.
fn precise(pid: &str) -> f64 {
    let text = read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    text.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
