//! How long the matcher's dropdown takes to show companies, in a browser, at a portal of 2,000 organizations and 10,000
//! companies: `cargo xtask bench dropdown`, or `… dropdown --debug` for what is built without optimisation.
use crate::{
    build,
    e2e::{Portal, Simulator, my_turn, playwright},
    tools::{Profile, Result, call},
};

/// The organizations to be matched.
const FLEET: &[&str] = &["--organizations", "2000", "--devices", "2000"];

/// Builds everything, seeds the portal through its API and prints the figures.
pub fn run(flags: &[String]) -> Result<()> {
    let profile = Profile { release: !flags.iter().any(|flag| flag == "--debug") };
    build::assets(profile)?;
    build::server(profile, build::WITH_SIMULATOR)?;
    let _turn = my_turn()?;
    let simulators = [Simulator::start(profile, "bench", "SIM", FLEET)?];
    let server = Portal::start(profile, "bench", None, &simulators)?;
    let measured = call(playwright(&server, &simulators)?.args(["--config", "bench.config.ts"]));
    server.stop()?;
    measured
}
