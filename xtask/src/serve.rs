//! Build, then become the server.
use std::{os::unix::process::CommandExt, process::Command};

use crate::{
    build,
    tools::{Profile, Result, site},
};

#[derive(clap::Args)]
pub struct Args {
    /// Build and run the optimised, self-contained binary
    #[arg(long)]
    release: bool,
    /// For real use: no demo data, no simulated NinjaOne
    #[arg(long)]
    empty: bool,
    /// More flags for `msportal serve`, after `--`
    #[arg(last = true)]
    extra: Vec<String>,
}

/// Data folder of the demo: `--empty` after it starts with an empty portal.
const DEMO_FOLDER: &str = "./msportal-demo";

pub fn run(args: &Args) -> Result<()> {
    let profile = Profile { release: args.release };
    build::run(&build::Args { release: args.release })?;
    let mut server = Command::new(profile.server());
    server.arg("serve");
    if !args.empty {
        server.arg("--demo");
        if !names_a_folder(&args.extra) {
            server.args(["--data-dir", DEMO_FOLDER]);
        }
    }
    if !args.release {
        server.env("MSPORTAL_SITE", site());
    }
    // Replaces this process: Ctrl-C and signals reach the server itself.
    let failed = server.args(&args.extra).exec();
    Err(format!("cannot run {}: {failed}", profile.server().display()).into())
}

/// Whether the developer says where the data is to be.
fn names_a_folder(extra: &[String]) -> bool {
    let flags = ["--data-dir", "--config"];
    let named = |word: &String| flags.contains(&word.split('=').next().unwrap_or_default());
    extra.iter().any(named)
        || ["MSPORTAL_DATA_DIR", "MSPORTAL_CONFIG"].iter().any(|name| std::env::var_os(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::names_a_folder;

    #[test]
    fn a_folder_of_the_developer_is_seen() {
        let words = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(names_a_folder(&words(&["--listen", "a:1", "--data-dir", "x"])));
        assert!(names_a_folder(&words(&["--data-dir=x"])));
        assert!(!names_a_folder(&words(&["--listen", "127.0.0.1:3100"])));
    }
}
