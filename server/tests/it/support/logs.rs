//! Everything that this process logs, at the level of trace, searched for texts that must not be there.

use std::{
    io::Write,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tracing_subscriber::{
    Layer, filter::dynamic_filter_fn, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

static ON: AtomicBool = AtomicBool::new(false);
static LINES: AtomicUsize = AtomicUsize::new(0);
static CANARIES: Mutex<Vec<String>> = Mutex::new(Vec::new());
static HITS: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// The first lines: what is looked for may be made while they are logged.
static EARLY: Mutex<String> = Mutex::new(String::new());
/// Bytes of them.
const KEPT: usize = 16 << 20;

/// Searches the log from now on until it is dropped.
pub struct Logs;

impl Logs {
    /// Looks for these texts in every line that is logged, at every level, by every crate.
    pub fn search(canaries: Vec<String>) -> Self {
        static INSTALLED: OnceLock<()> = OnceLock::new();
        INSTALLED.get_or_init(|| {
            let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Search);
            let layer = layer.with_filter(dynamic_filter_fn(|_, _| ON.load(Ordering::Relaxed)));
            tracing_subscriber::registry().with(layer).try_init().expect("nobody else logs in these tests");
        });
        *CANARIES.lock().unwrap_or_else(PoisonError::into_inner) = canaries;
        ON.store(true, Ordering::Relaxed);
        Self
    }

    /// One more text to look for, also in what was logged before.
    pub fn also(&self, canary: &str) {
        let early = EARLY.lock().unwrap_or_else(PoisonError::into_inner);
        let found = early.lines().filter(|line| line.contains(canary)).map(str::to_owned);
        HITS.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        CANARIES.lock().unwrap_or_else(PoisonError::into_inner).push(canary.to_owned());
    }

    /// How many lines were searched.
    pub fn lines(&self) -> usize {
        LINES.load(Ordering::Relaxed)
    }

    /// The lines that have one of the texts.
    pub fn hits(&self) -> Vec<String> {
        HITS.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Logs {
    fn drop(&mut self) {
        ON.store(false, Ordering::Relaxed);
    }
}

struct Search;

impl<'a> MakeWriter<'a> for Search {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for Search {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.fetch_add(1, Ordering::Relaxed);
        let line = String::from_utf8_lossy(bytes);
        let mut early = EARLY.lock().unwrap_or_else(PoisonError::into_inner);
        if early.len() < KEPT {
            early.push_str(&line);
        }
        drop(early);
        let canaries = CANARIES.lock().unwrap_or_else(PoisonError::into_inner);
        if canaries.iter().any(|canary| line.contains(canary.as_str())) {
            HITS.lock().unwrap_or_else(PoisonError::into_inner).push(line.into_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
