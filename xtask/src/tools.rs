//! Where things are, and how other programs are run.
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

pub use testkit::Result;

use crate::lints;

/// Name of the built assets and of the server's binary.
pub const NAME: &str = "msportal";
/// The target triple of the browser side.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Debug or release, and what follows from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    pub release: bool,
}

impl Profile {
    /// Folder of the host's artefacts under target/.
    pub fn folder(self) -> PathBuf {
        target().join(if self.release { "release" } else { "debug" })
    }

    /// The built server.
    pub fn server(self) -> PathBuf {
        self.folder().join(NAME)
    }
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Cargo's folder for everything that is made.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The built assets: what the server embeds (release) or reads (debug); see `.cargo/config.toml`.
pub fn site() -> PathBuf {
    root().join("target/site")
}

/// The assets that carry the program: wasm, its script and the styles.
pub fn pkg() -> PathBuf {
    site().join("pkg")
}

/// A cargo call in the workspace, free of what `cargo run` set for xtask itself: build scripts
/// watch CARGO_PKG_* and CARGO_MANIFEST_*, so the same crates would be rebuilt each time `cargo
/// xtask` and plain `cargo` alternate.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).env("MSPORTAL_SITE", site());
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    if lints::are_on() {
        command.envs(lints::SETTINGS);
    }
    command
}

/// A program from crates.io of that version, installed under target/tools unless it is there.
pub fn installed(name: &str, version: &str, options: &[&str]) -> Result<PathBuf> {
    let tools = target().join("tools");
    let there = tools.join(format!("{name}-{version}"));
    if !there.exists() {
        // Unoptimised: it builds in a third of the time and is quick enough all the same.
        let mut install = cargo();
        install.args(["install", name, "--version", version, "--locked"]).args(options);
        install.args(["--debug", "--config", "profile.dev.debug=false", "--force", "--root"]).arg(&tools);
        call(&mut install)?;
        std::fs::write(there, "")?;
    }
    Ok(tools.join("bin").join(name))
}

/// Runs a command with our terminal, shown and timed; fails when it does.
pub fn call(command: &mut Command) -> Result<()> {
    let shown = show(command);
    timed(&shown, || {
        let status = command.status().map_err(|e| format!("cannot run {shown}: {e}"))?;
        if status.success() { Ok(()) } else { Err(format!("{shown}: {status}").into()) }
    })
}

/// Shows what is done, does it, and says how long it took.
pub fn timed(what: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    eprintln!("+ {what}");
    let started = Instant::now();
    work()?;
    eprintln!("  took {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// What the command prints on standard output; its errors go to the terminal.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let out = command.stderr(std::process::Stdio::inherit()).output();
    let out = out.map_err(|e| format!("cannot run {shown}: {e}"))?;
    if !out.status.success() {
        return Err(format!("{shown}: {}", out.status).into());
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// The command as one would type it: the program's name and its arguments.
fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
