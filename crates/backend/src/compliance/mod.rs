//! Compliance: what the checks of `domain::compliance` find about the devices, kept so that reports are quick.
//!
//! [`refresh`] looks at every device in pages, writes those rows of `device_facts` that differ, and sums up the figures of
//! each company on the way. It runs when what the facts stand on ([`stamp`]) is no longer what it was: after a run that
//! changed something, once a day, and otherwise when somebody opens a report.

mod companies;
mod company;
mod device;
mod devices;
mod exceptions;
mod export;
mod facts;
mod pass;
mod pulse;
mod refresh;
mod rules;
mod stamp;
mod state;
mod summary;
mod sums;
mod tally;
mod trend;

pub(crate) use exceptions::{give_back, hand_over};
pub use refresh::all as refresh_all;
pub(crate) use state::{after_run, fresh};

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// The day of a time of the database, in days since 1970.
fn day_of(micros: i64) -> i64 {
    micros.div_euclid(DAY)
}
