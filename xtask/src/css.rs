//! Styles: Tailwind reads the class names out of the Rust sources.
use std::process::Command;

use crate::{
    npm, stamp,
    tools::{NAME, Profile, Result, call, pkg, root},
};

/// style/main.css → pkg/msportal.css
pub fn build(profile: Profile) -> Result<()> {
    let style = npm::install("style")?;
    let out = pkg().join(format!("{NAME}.css"));
    let inputs = [style.join("main.css"), style.join("package-lock.json"), root().join("app/src")];
    let key = if profile.release { "release" } else { "debug" };
    stamp::unless_fresh("css", key, &inputs, std::slice::from_ref(&out), || {
        let mut tailwind = Command::new("node_modules/.bin/tailwindcss");
        tailwind.args(["-i", "main.css", "-o"]).arg(&out).current_dir(&style);
        if profile.release {
            tailwind.arg("--minify");
        }
        call(&mut tailwind)
    })
}
