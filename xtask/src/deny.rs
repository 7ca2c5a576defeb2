//! Licences, banned crates and sources, by cargo-deny.
use crate::tools::{Result, call, cargo, installed};

const VERSION: &str = "0.20.2";

/// Runs the checks of deny.toml. Advisories are left out: they need a clone of their database.
pub fn check() -> Result<()> {
    let deny = installed("cargo-deny", VERSION, &["--no-default-features"])?;
    call(cargo().args(["fetch", "--quiet", "--locked"]))?;
    let mut check = std::process::Command::new(deny);
    check.current_dir(crate::tools::root());
    call(check.args([
        "--offline",
        "--log-level",
        "warn",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))
}
