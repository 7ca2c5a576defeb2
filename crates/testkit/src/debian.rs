//! Installing a program that tests need, where the machine is a Debian and lets us.
use std::process::{Command, Stdio};

use crate::{Result, find_program, programs::is_root};

/// Installs `packages` with apt-get; an error says why that is not possible here.
pub fn install(packages: &[&str]) -> Result<()> {
    let wish = packages.join(" ");
    if find_program("apt-get").is_none() {
        return Err(format!("this machine has no apt-get to install {wish} with").into());
    }
    if !is_root() && !sudo_works() {
        return Err(format!("installing {wish} needs root: run `apt-get install {wish}`").into());
    }
    eprintln!("installing {wish} with apt-get");
    apt_get(&["update", "-qq"])?;
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(packages);
    apt_get(&args)
}

/// Whether sudo runs commands without asking for a password.
fn sudo_works() -> bool {
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "true"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    sudo.status().is_ok_and(|s| s.success())
}

fn apt_get(args: &[&str]) -> Result<()> {
    let mut command = Command::new(if is_root() { "env" } else { "sudo" });
    if !is_root() {
        command.args(["-n", "env"]);
    }
    // Another test process may be installing the same thing: wait for its lock.
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]);
    let status = command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("apt-get {}: {status}", args.join(" ")).into()) }
}
