//! Styles, wasm, static files, and then the server that serves or embeds them.
use std::fs;

use crate::{
    css, size, stamp,
    tools::{Profile, Result, call, cargo, pkg, root, site, target},
    wasm,
};

#[derive(clap::Args)]
pub struct Args {
    /// Optimise, and embed the assets: target/release/msportal needs no other file
    #[arg(long)]
    pub release: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let profile = Profile { release: args.release };
    assets(profile)?;
    server(profile, &[])?;
    println!("built {}", profile.server().display());
    Ok(())
}

/// Everything under target/site.
pub fn assets(profile: Profile) -> Result<()> {
    fs::create_dir_all(pkg())?;
    css::build(profile)?;
    wasm::build(profile)?;
    copy_public()?;
    if profile.release { size::compress() } else { size::forget_compressed() }
}

/// What the browser tests need besides the server.
pub const WITH_SIMULATOR: &[&str] = &["-p", "simulator"];

/// The msportal binary, and what else cargo is to build with it.
pub fn server(profile: Profile, more: &[&str]) -> Result<()> {
    let mut build = cargo();
    build.args(["build", "-p", "server"]).args(more);
    if profile.release {
        forget_a_server_with_other_files()?;
        // What is shipped is made of what the lock file names.
        build.args(["--release", "--locked"]);
    } else {
        // testkit's dependencies switch on a feature of one that nearly all others use; without it
        // here, `cargo test` would build most of the tree a second time.
        build.args(["-p", "testkit"]);
    }
    call(&mut build)
}

/// public/ → target/site, without what was there before and is gone.
fn copy_public() -> Result<()> {
    let public = root().join("public");
    for file in stamp::files_below(&site())? {
        let gone = !public.join(file.strip_prefix(site())?).exists();
        if gone && !file.starts_with(pkg()) {
            fs::remove_file(file)?;
        }
    }
    for file in stamp::files_below(&public)? {
        let to = site().join(file.strip_prefix(&public)?);
        stamp::write_if_changed(&to, &fs::read(&file)?)?;
    }
    Ok(())
}

/// The release server embeds the assets. Cargo notices when one of them changes, but not when one
/// is added or removed.
fn forget_a_server_with_other_files() -> Result<()> {
    let names: Vec<String> = stamp::files_below(&site())?.iter().map(|f| f.display().to_string()).collect();
    let list = target().join("stamps/embedded");
    let names = names.join("\n");
    if fs::read_to_string(&list).is_ok_and(|old| old == names) {
        return Ok(());
    }
    call(cargo().args(["clean", "-q", "-p", "server", "--release"]))?;
    stamp::write_if_changed(&list, names.as_bytes())
}
