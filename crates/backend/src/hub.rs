//! Tells the event streams of this process that a run moved on. Other processes find out from the run's row.

use domain::ids::RunId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

/// A counter per run that somebody watches.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<HashMap<RunId, watch::Sender<u64>>>>);

impl Hub {
    /// Wakes everybody who watches the run.
    pub fn wake(&self, run: RunId) {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = runs.get(&run) {
            sender.send_modify(|n| *n += 1);
            if sender.is_closed() {
                runs.remove(&run);
            }
        }
    }

    /// A receiver that changes when the run moves on.
    pub fn watch(&self, run: RunId) -> watch::Receiver<u64> {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that ended before anybody woke them again.
        runs.retain(|_, sender| !sender.is_closed());
        runs.entry(run).or_insert_with(|| watch::channel(0).0).subscribe()
    }
}
