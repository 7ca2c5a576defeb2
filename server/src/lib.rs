//! The parts of the `msportal` binary, as a library for its tests.

/// Says a line on standard output. Nobody has to listen: `println!` would end the program when the reader has gone.
macro_rules! print_line {
    ($($what:tt)*) => {
        _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($what)*)))
    };
}

pub mod api;
pub mod assets;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod bearer;
pub mod changes;
pub mod cli;
pub mod cors;
pub mod csv;
pub mod demo;
pub mod device_list;
pub mod docs;
pub mod doors;
pub mod etag;
pub mod events;
mod forms;
pub mod headers;
pub mod health;
pub mod if_match;
pub mod logging;
pub mod metrics;
pub mod once;
mod panics;
pub mod rate;
mod refusals;
pub mod reports;
pub mod router;
pub mod serve;
pub mod strangers;
mod tenants;
mod to_the_end;
pub mod vault;
pub mod visitor;
