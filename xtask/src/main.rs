//! The developer commands: `cargo xtask build | serve | test | e2e | schemathesis | wapiti | sbom | bench`.
//!
//! Each needs cargo and, for styles and browser tests, node; whatever else is missing is installed
//! on first use. Repeated runs do only what changed.
mod bench;
mod browser;
mod build;
mod css;
mod deny;
mod dropdown;
mod e2e;
mod lints;
mod npm;
#[cfg(test)]
mod palette;
mod parts;
mod report;
mod same_in_wasm;
mod sbom;
mod schemathesis;
mod serve;
mod size;
mod stamp;
mod test;
mod tools;
mod venv;
mod wall;
mod wapiti;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer commands of MSPortal")]
struct Cli {
    #[command(subcommand)]
    command: Xtask,
}

#[derive(Subcommand)]
enum Xtask {
    /// Build styles, wasm and server; --release leaves one self-contained binary
    Build(build::Args),
    /// Build and run the portal, with demo data and a simulated NinjaOne unless --empty
    Serve(serve::Args),
    /// Run every check and every test, on SQLite and PostgreSQL
    Test(test::Args),
    /// Run the browser tests against a fresh server
    E2e(e2e::Args),
    /// Hold the API against its own description (needs python3)
    Schemathesis(schemathesis::Args),
    /// Scan the portal for weaknesses (needs python3)
    Wapiti(wapiti::Args),
    /// List what the program is made of (CycloneDX)
    Sbom(sbom::Args),
    /// Run a benchmark of the backend
    Bench(bench::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Xtask::Build(args) => build::run(&args),
        Xtask::Serve(args) => serve::run(&args),
        Xtask::Test(args) => test::run(&args),
        Xtask::E2e(args) => e2e::run(&args),
        Xtask::Schemathesis(args) => schemathesis::run(&args),
        Xtask::Wapiti(args) => wapiti::run(&args),
        Xtask::Sbom(args) => sbom::run(&args),
        Xtask::Bench(args) => bench::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("xtask: {e}");
            ExitCode::FAILURE
        }
    }
}
