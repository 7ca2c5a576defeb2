//! Measuring a step from inside its process.

use crate::{
    Outcome,
    memory::{forget_peak, peak_mb},
    postgres_server::Server,
    sqlite_file::Written,
    step::Place,
};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// What a step cost.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    pub requests: i64,
    pub rows: i64,
    pub wall_s: f64,
    /// Processor seconds of the process and of the database server.
    pub cpu_s: f64,
    /// The database server's part of them.
    pub server_cpu_s: f64,
    /// The most memory of the process.
    pub peak_mb: f64,
    /// SQLite: into its files. PostgreSQL: write-ahead log.
    pub written_kb: f64,
    /// Rows of devices, staged or imported, that were written.
    pub inventory_rows: i64,
    /// How it ended, when not as it should.
    pub trouble: Option<String>,
}

/// A running measurement.
pub struct Gauge {
    store: Store,
    start: Instant,
    cpu: f64,
    server_cpu: f64,
}

/// What tells how much was written, and what the server spent.
enum Store {
    Sqlite(Written),
    Postgres(Box<Server>, f64),
}

impl Gauge {
    /// Starts. Everything that should not count has been done; for PostgreSQL this must not be called inside a Tokio
    /// runtime.
    pub fn start(place: &Place) -> Outcome<Self> {
        let (mut store, mut server_cpu) = (Store::Sqlite(Written::start(&place.folder)), 0.0);
        if let Some(url) = &place.url {
            let mut server = Server::open(url)?;
            server.settle()?;
            let lsn = server.wal_bytes()?;
            server_cpu = server.cpu();
            store = Store::Postgres(Box::new(server), lsn);
        }
        forget_peak();
        Ok(Self { store, start: Instant::now(), cpu: cpu(), server_cpu })
    }

    pub fn stop(self) -> Outcome<Figures> {
        let (wall_s, own, peak_mb) = (self.start.elapsed().as_secs_f64(), cpu() - self.cpu, peak_mb());
        let (server_cpu_s, written) = match self.store {
            Store::Sqlite(written) => (0.0, written.bytes()?),
            Store::Postgres(mut server, lsn) => (server.cpu() - self.server_cpu, server.wal_bytes()? - lsn),
        };
        let (cpu_s, written_kb) = (own + server_cpu_s, written / 1024.0);
        Ok(Figures { wall_s, cpu_s, server_cpu_s, peak_mb, written_kb, ..Figures::default() })
    }
}

/// Processor seconds of this process.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
