//! Background work: the queue of runs, its workers, the clock's ticks and the sweep that re-queues what was lost.

pub mod cron;
pub mod prune;
mod queue;
mod sweep;
pub mod worker;

pub use queue::{Queue, RunJob};
pub use sweep::once as sweep;
