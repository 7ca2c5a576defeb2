//! Licences, banned crates and sources, by cargo-deny.
use crate::tools::{Result, call, cargo, target};

const VERSION: &str = "0.20.2";

/// Runs the checks of deny.toml. Advisories are left out: they need a clone of their database.
pub fn check() -> Result<()> {
    let tools = target().join("tools");
    let deny = tools.join("bin/cargo-deny");
    if !tools.join(format!("cargo-deny-{VERSION}")).exists() {
        // Unoptimised: it builds in a third of the time and checks in a few seconds all the same.
        let mut install = cargo();
        install.args(["install", "cargo-deny", "--version", VERSION, "--locked", "--no-default-features"]);
        install.args(["--debug", "--config", "profile.dev.debug=false", "--force", "--root"]).arg(&tools);
        call(&mut install)?;
        std::fs::write(tools.join(format!("cargo-deny-{VERSION}")), "")?;
    }
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
