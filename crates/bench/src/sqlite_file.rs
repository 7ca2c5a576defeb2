//! How much SQLite writes.
//!
//! The kernel counts the bytes of all write calls of a process (`wchar`), sockets and wake-ups of threads included: that
//! is exact enough for many megabytes, and far too much for a few kilobytes. Small amounts are read off the write-ahead
//! log, which tells exactly as long as it was not begun anew in between.

use crate::Outcome;
use std::{
    fs::{File, read_to_string},
    io::Read,
    path::{Path, PathBuf},
};

/// Below this the log has not been copied into the database yet: no setting here checkpoints earlier.
const SMALL: u64 = 16 << 20;
/// Sequence number of the checkpoint and the salts: others after the log began anew.
const GENERATION: std::ops::Range<usize> = 12..24;

/// What was written so far.
pub struct Written {
    log: PathBuf,
    mark: Mark,
}

#[derive(Clone)]
struct Mark {
    calls: u64,
    log: u64,
    generation: Option<Vec<u8>>,
}

impl Written {
    /// From now on, to the database in a folder. The log must be empty or young.
    pub fn start(folder: &Path) -> Self {
        let log = folder.join("msportal.db-wal");
        Self { mark: mark(&log), log }
    }

    /// Bytes since then.
    pub fn bytes(&self) -> Outcome<f64> {
        let (before, now) = (&self.mark, mark(&self.log));
        let same = before.generation.is_none() || before.generation == now.generation;
        let grown = now.log.saturating_sub(before.log);
        // The last connection that closes takes the log away.
        let same = same && self.log.exists();
        Ok(if same && grown < SMALL { grown } else { now.calls - before.calls } as f64)
    }
}

fn mark(log: &Path) -> Mark {
    let mut head = [0; 32];
    let size = log.metadata().map_or(0, |m| m.len());
    let whole = File::open(log).and_then(|mut f| f.read_exact(&mut head)).is_ok();
    Mark { calls: calls(), log: size, generation: whole.then(|| head[GENERATION].to_vec()) }
}

fn calls() -> u64 {
    let io = read_to_string("/proc/self/io").unwrap_or_default();
    io.lines().find_map(|l| l.strip_prefix("wchar: ")).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Puts the log into the database and empties it, so that what follows is measured from nothing.
pub fn settle(folder: &Path) -> Outcome<()> {
    let file = folder.join("msportal.db");
    if file.exists() {
        let db = rusqlite::Connection::open(file)?;
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_writes_are_read_off_the_log() -> Outcome<()> {
        let folder = tempfile::tempdir()?;
        let db = rusqlite::Connection::open(folder.path().join("msportal.db"))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.execute_batch("CREATE TABLE t (n INTEGER)")?;
        settle(folder.path())?;
        let written = Written::start(folder.path());
        // What goes elsewhere does not count.
        std::fs::write(folder.path().join("other"), [0; 100_000])?;
        assert!(written.bytes()? < 1.0);
        db.execute_batch("INSERT INTO t VALUES (1)")?;
        // The head of the log, and one page with its own head.
        assert!((written.bytes()? - (32.0 + 24.0 + 4096.0)).abs() < 1.0);
        Ok(())
    }
}
