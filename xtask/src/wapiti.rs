//! wapiti: a scanner for weaknesses of web pages, run against the portal.
use std::{fs, process::Command};

use crate::{
    build,
    e2e::{self, Portal, Simulator},
    tools::{Profile, Result, call, root, target},
    venv,
};

const VERSION: &str = "3.2.3";

#[derive(clap::Args)]
pub struct Args {
    /// Most seconds that each of the three scans may look for pages; each kind of attack gets a quarter of it
    #[arg(long, default_value_t = 240)]
    seconds: u32,
}

/// Needs python3 with its `venv` module; the program itself is installed under target/tools. Nothing but this machine is asked.
pub fn run(args: &Args) -> Result<()> {
    let profile = Profile { release: false };
    let programs = venv::programs("wapiti3", VERSION)?;
    build::assets(profile)?;
    build::server(profile, build::WITH_SIMULATOR)?;
    let _turn = e2e::my_turn()?;
    let simulators = [Simulator::start(profile, "wapiti", "SIM", &["--demo"])?];
    let server = Portal::start_with(profile, "wapiti", None, &simulators, &["--api-rate", "1000000"])?;
    let reports = target().join("wapiti");
    fs::create_dir_all(&reports)?;
    let mut scan = Command::new(programs.join("python3"));
    e2e::addresses(&mut scan, &server, &simulators);
    scan.arg(root().join("xtask/wapiti/scan.py")).arg(programs.join("wapiti"));
    scan.arg(reports).arg(args.seconds.to_string());
    let scanned = call(&mut scan);
    server.stop()?;
    scanned
}
