//! Benchmarks: `cargo xtask bench sync …` runs `bench_sync` of crates/bench, optimised.
use std::process::Command;

use crate::tools::{Profile, Result, call, cargo};

#[derive(clap::Args)]
pub struct Args {
    /// Which one: the part after `bench_` of a program of crates/bench
    name: String,
    /// The benchmark's own flags, such as `--devices 20000 --db postgres`; `-- --help` shows them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let program = format!("bench_{}", args.name);
    call(cargo().args(["build", "--release", "-p", "bench", "--bin", &program]))?;
    call(Command::new(Profile { release: true }.folder().join(&program)).args(&args.rest))
}
