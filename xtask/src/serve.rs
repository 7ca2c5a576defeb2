//! Build, then become the server.
use std::{os::unix::process::CommandExt, process::Command};

use crate::{
    build,
    tools::{Profile, Result, site},
};

#[derive(clap::Args)]
pub struct Args {
    /// Build and run the optimised, self-contained binary
    #[arg(long)]
    release: bool,
    /// For real use: no demo data, no simulated NinjaOne
    #[arg(long)]
    empty: bool,
    /// More flags for `msportal serve`, after `--`
    #[arg(last = true)]
    extra: Vec<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let profile = Profile { release: args.release };
    build::run(&build::Args { release: args.release })?;
    let mut server = Command::new(profile.server());
    server.arg("serve");
    if !args.empty {
        server.arg("--demo");
    }
    if !args.release {
        server.env("MSPORTAL_SITE", site());
    }
    // Replaces this process: Ctrl-C and signals reach the server itself.
    let failed = server.args(&args.extra).exec();
    Err(format!("cannot run {}: {failed}", profile.server().display()).into())
}
