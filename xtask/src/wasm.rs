//! The browser side: the frontend crate as wasm, with the script that loads it.
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use wasm_bindgen_cli_support::Bindgen;

use crate::{
    parts, stamp,
    tools::{NAME, Profile, Result, WASM, call, cargo, output, pkg, target, timed},
};

/// frontend → pkg/msportal.{js,wasm}
pub fn build(profile: Profile) -> Result<()> {
    ensure_target()?;
    let (name, folder) = if profile.release { ("wasm-release", "wasm-release") } else { ("dev", "debug") };
    let mut build = cargo();
    build.args(["rustc", "-p", "frontend", "--lib", "--target", WASM, "--profile", name]);
    if profile.release {
        // Relocations tell which code belongs to which part.
        build.args(["--features", "split", "--", "-Clink-arg=--emit-relocs"]);
    }
    if !profile.release {
        // What pages load has no names: they need not be made, linked and thrown away.
        build.env("CARGO_PROFILE_DEV_DEBUG", "false");
    }
    call(&mut build)?;
    let built = target().join(WASM).join(folder).join("frontend.wasm");
    let outputs = ["js", "wasm"].map(|ext| pkg().join(format!("{NAME}.{ext}")));
    stamp::unless_fresh(
        "wasm-bindgen",
        &format!("{name}, in parts"),
        std::slice::from_ref(&built),
        &outputs,
        || timed("wasm-bindgen frontend.wasm", || bind(&built, profile)),
    )
}

/// What the wasm-bindgen command line does, without having to install it in the right version.
fn bind(wasm: &Path, profile: Profile) -> Result<()> {
    parts::forget()?;
    let wasm = if profile.release { parts::split(wasm)? } else { wasm.to_owned() };
    let mut bindgen = Bindgen::new();
    // The parts use what the linker exports: memory, table, stack pointer.
    bindgen.keep_lld_exports(profile.release);
    bindgen.input_path(wasm).web(true).map_err(chain)?.out_name(NAME).typescript(false);
    // Without names a page hydrates in half the time (9 of 19 MB in a debug build); a panic says
    // its file and line all the same.
    bindgen.keep_debug(false).remove_name_section(true).remove_producers_section(true);
    let _ = fs::remove_dir_all(pkg().join("snippets"));
    bindgen.generate(pkg()).map_err(chain)?;
    // Leptos' HydrationScripts asks for NAME.wasm.
    Ok(fs::rename(pkg().join(format!("{NAME}_bg.wasm")), pkg().join(format!("{NAME}.wasm")))?)
}

/// wasm-bindgen's error with its causes.
fn chain(e: impl std::fmt::Display) -> String {
    format!("wasm-bindgen: {e:#}")
}

/// Adds the wasm target to the toolchain where it is missing.
pub fn ensure_target() -> Result<()> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = output(Command::new(rustc).args(["--print", "sysroot"]))?;
    if PathBuf::from(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    call(Command::new("rustup").args(["target", "add", WASM])).map_err(|e| {
        format!("{e} (the toolchain lacks the target {WASM}, and rustup could not add it)").into()
    })
}
