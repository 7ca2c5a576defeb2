//! Clippy's lints while everything compiles: checking all of it once more would take as long as building it.
use std::{
    fs,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use crate::tools::{Result, target};

/// Clippy's compiler in place of rustc, for the crates of the workspace, and warnings are errors. `cargo clippy` sets the
/// same, which cargo keeps apart from what a plain build makes.
pub const SETTINGS: [(&str, &str); 2] =
    [("RUSTC_WORKSPACE_WRAPPER", DRIVER), ("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__")];

const DRIVER: &str = "clippy-driver";
const GOOD: &str = "pub fn same(x: bool) -> bool { x }";
/// One lint is the compiler's, the other clippy's.
const BAD: [&str; 2] =
    ["pub fn same(x: bool) -> bool { let y = x; x }", "pub fn same(x: bool) -> bool { x == true }"];

static ON: AtomicBool = AtomicBool::new(false);

/// From here on, every call of cargo lints what it compiles. Fails if that would find nothing.
pub fn turn_on() -> Result<()> {
    if !passes(GOOD)? {
        return Err(format!("{DRIVER} does not compile; `rustup component add clippy` installs it").into());
    }
    for bad in BAD {
        if passes(bad)? {
            return Err(format!("{DRIVER} finds nothing wrong with: {bad}").into());
        }
    }
    ON.store(true, Ordering::Relaxed);
    Ok(())
}

pub fn are_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// Whether a crate of that text compiles as those of the workspace do.
fn passes(text: &str) -> Result<bool> {
    let folder = target().join("tmp");
    fs::create_dir_all(&folder)?;
    let file = folder.join("linted.rs");
    fs::write(&file, text)?;
    let mut driver = Command::new(DRIVER);
    driver.args(["rustc", "--crate-type=lib", "--emit=metadata", "--out-dir"]).arg(&folder).arg(&file);
    let status = driver.envs(SETTINGS).stderr(Stdio::null()).status();
    Ok(status
        .map_err(|e| format!("cannot run {DRIVER}: {e}; `rustup component add clippy` installs it"))?
        .success())
}

#[cfg(test)]
mod tests {
    use super::{BAD, GOOD, passes};

    #[test]
    fn what_is_wrong_is_found() {
        assert!(passes(GOOD).unwrap());
        for bad in BAD {
            assert!(!passes(bad).unwrap(), "{bad}");
        }
    }
}
