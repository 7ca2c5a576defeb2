//! Benchmarks, optimised: `cargo xtask bench sync …` runs `bench_sync` of crates/bench, `cargo xtask bench matching …`
//! runs `bench_matching` of its own small crate, which needs neither server nor database; `dropdown` runs in a browser.
use std::process::Command;

use crate::{
    dropdown,
    tools::{Profile, Result, call, cargo},
};

#[derive(clap::Args)]
pub struct Args {
    /// Which one: the part after `bench_` of a program's name, such as sync or matching
    name: String,
    /// The benchmark's own flags, such as `--devices 20000 --db postgres`; `-- --help` shows them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub fn run(args: &Args) -> Result<()> {
    if args.name == "dropdown" {
        return dropdown::run(&args.rest);
    }
    let program = format!("bench_{}", args.name);
    let package = if args.name == "matching" { "bench_matching" } else { "bench" };
    call(cargo().args(["build", "--release", "-p", package, "--bin", &program]))?;
    call(Command::new(Profile { release: true }.folder().join(&program)).args(&args.rest))
}
