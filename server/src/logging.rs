//! Logs on standard error.

use crate::cli::Cli;
use std::io::{self, IsTerminal};
use tracing_subscriber::EnvFilter;

/// Starts logging as the flags say; a filter that cannot be understood falls back to `info`.
pub fn init(cli: &Cli) {
    let filter = EnvFilter::try_new(&cli.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let builder = builder.with_ansi(io::stderr().is_terminal());
    if cli.log_json { builder.json().init() } else { builder.init() }
}
