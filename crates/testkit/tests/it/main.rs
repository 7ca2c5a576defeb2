//! The harness itself: servers start, databases are separate, nothing is left behind.
mod postgres;
mod supervised;

use std::time::{Duration, Instant};

/// Waits up to ten seconds until `done`.
fn eventually(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(10), "not within ten seconds: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
