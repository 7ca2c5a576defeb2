//! The two folders with npm packages: `style/` and `end2end/`.
use std::{path::PathBuf, process::Command};

use crate::{
    stamp,
    tools::{Result, call, root},
};

/// Installs the packages of `folder` exactly as its lock file says, if that has not happened yet.
/// Install scripts are left out: nothing here needs one, and Playwright's would load a browser.
pub fn install(folder: &str) -> Result<PathBuf> {
    let dir = root().join(folder);
    let inputs = [dir.join("package.json"), dir.join("package-lock.json")];
    // npm's own marker: gone when somebody removes node_modules.
    let outputs = [dir.join("node_modules/.package-lock.json")];
    stamp::unless_fresh(&format!("npm-{folder}"), "", &inputs, &outputs, || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        call(npm.current_dir(&dir))
            .map_err(|e| format!("{e} (Node.js 20 or later with npm is needed)").into())
    })?;
    Ok(dir)
}
