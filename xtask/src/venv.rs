//! Programs that are written in Python.
use std::{path::PathBuf, process::Command};

use crate::tools::{Result, call, target};

/// The folder with the programs of a package, installed under target/tools. Needs python3 with its `venv` module.
pub fn programs(package: &str, version: &str) -> Result<PathBuf> {
    let folder = target().join(format!("tools/{package}-{version}"));
    let (programs, done) = (folder.join("bin"), folder.join("installed"));
    if !done.exists() {
        call(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let mut pip = Command::new(programs.join("pip"));
        let package = format!("{package}=={version}");
        call(pip.args(["install", "--quiet", "--disable-pip-version-check", &package]))?;
        std::fs::write(done, "")?;
    }
    Ok(programs)
}
