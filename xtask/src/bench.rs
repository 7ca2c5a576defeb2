//! Benchmarks: `cargo xtask bench sync …` runs the backend's example `bench_sync`, optimised.
use std::process::Command;

use testkit::{Postgres, TEST_PG};

use crate::tools::{Profile, Result, call, cargo};

#[derive(clap::Args)]
pub struct Args {
    /// Which one: the part after `bench_` of an example in crates/backend/examples
    name: String,
    /// The benchmark's own flags, such as `--devices 20000 --db postgres`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let example = format!("bench_{}", args.name);
    call(cargo().args(["build", "--release", "-p", "backend", "--example", &example]))?;
    let mut bench = Command::new(Profile { release: true }.folder().join("examples").join(&example));
    // Dropped, and with that stopped, at the end.
    let server = if needs_postgres(&args.rest) { Some(Postgres::start()?) } else { None };
    if let Some(server) = &server {
        bench.env(TEST_PG, server.url("postgres"));
    }
    call(bench.args(&args.rest))
}

/// `--db postgres|both`, unless the environment names a server already.
fn needs_postgres(rest: &[String]) -> bool {
    let wanted = rest.windows(2).any(|w| w[0] == "--db" && w[1] != "sqlite")
        || rest.iter().any(|a| a.strip_prefix("--db=").is_some_and(|db| db != "sqlite"));
    wanted && std::env::var_os(TEST_PG).is_none()
}
