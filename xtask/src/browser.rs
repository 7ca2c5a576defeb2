//! A browser for the tests: the machine's own, Debian's package, or Playwright's download.
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use testkit::{debian, find_program};

use crate::tools::{Result, call};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser's path; `None` when Playwright is to use the one it downloaded itself.
pub fn ensure(end2end: &Path) -> Result<Option<PathBuf>> {
    if let Some(found) = installed() {
        return Ok(Some(found));
    }
    let debian = debian::install(&["chromium", "fonts-dejavu-core"]);
    if let Some(found) = installed() {
        return Ok(Some(found));
    }
    let playwright = download(end2end);
    match (debian, playwright) {
        (_, Ok(())) => Ok(None),
        (debian, Err(playwright)) => {
            let debian = debian.err().map_or_else(|| "brought no browser".to_owned(), |e| e.to_string());
            let tried = format!("Debian's package: {debian}; Playwright's download: {playwright}");
            Err(format!("the browser tests need Chromium or Chrome, and none was found or could be installed ({tried})").into())
        }
    }
}

/// $CHROMIUM, or one of the usual names on PATH or in /usr/bin.
fn installed() -> Option<PathBuf> {
    let chosen = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|p| p.is_file());
    let in_usr_bin = || Some(PathBuf::from("/usr/bin/chromium")).filter(|p| p.is_file());
    chosen.or_else(|| NAMES.iter().find_map(|name| find_program(name))).or_else(in_usr_bin)
}

fn download(end2end: &Path) -> Result<()> {
    let mut npx = Command::new("npx");
    npx.args(["playwright", "install", "chromium"]).current_dir(end2end).stdin(Stdio::null());
    call(npx.env_remove("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"))
}
