//! A bill of what the program is made of, by cargo-cyclonedx.
use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::tools::{Result, WASM, call, cargo, installed, root, target};

const VERSION: &str = "0.5.9";
/// Without its ending; what the tool leaves in the folder of every crate.
const BILL: &str = "msportal-sbom";

#[derive(clap::Args)]
pub struct Args {
    /// The folder of the two files
    #[arg(long, default_value_os_t = target().join("sbom"))]
    folder: PathBuf,
}

/// Writes CycloneDX 1.5 as JSON: one file for the server, one for the program of the browser.
pub fn run(args: &Args) -> Result<()> {
    let program = installed("cargo-cyclonedx", VERSION, &[])?;
    let programs = program.parent().map(Path::to_owned).into_iter();
    let path = env::join_paths(programs.chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())))?;
    fs::create_dir_all(&args.folder)?;
    for (part, triple) in [("server", None), ("frontend", Some(WASM))] {
        let mut bill = cargo();
        bill.env("PATH", &path).args(["cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5"]);
        bill.args(["--override-filename", BILL, "--target", triple.unwrap_or("all"), "--manifest-path"]);
        let made = call(bill.arg(root().join(part).join("Cargo.toml")));
        let kept = fs::read_to_string(bill_in(&root().join(part)));
        clear(&root())?;
        clear(&root().join("crates"))?;
        made?;
        // Where the clone lies is nobody's business.
        let bill = kept?.replace(&root().to_string_lossy().into_owned(), "");
        let file = args.folder.join(format!("{part}.cdx.json"));
        fs::write(&file, bill)?;
        eprintln!("{}", file.display());
    }
    Ok(())
}

fn bill_in(folder: &Path) -> PathBuf {
    folder.join(format!("{BILL}.json"))
}

/// Removes what the tool has left in the folders in here.
fn clear(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let bill = bill_in(&entry?.path());
        if bill.exists() {
            fs::remove_file(bill)?;
        }
    }
    Ok(())
}
