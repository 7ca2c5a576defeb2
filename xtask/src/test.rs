//! Every check and every test of the workspace, with a summary at the end.
use std::{process::Command, sync::LazyLock};

use testkit::{Postgres, TEST_PG};

use crate::{
    build, deny,
    e2e::{self, Looks, Specs},
    lints,
    report::Report,
    same_in_wasm,
    tools::{Profile, Result, WASM, call, cargo, pkg},
    wall, wasm,
};

/// The packages of the server side. Named one by one: `--workspace` would unify the features of
/// server and browser and rebuild most dependencies.
///
/// For the same reason the tests run in three calls. The first selects what `cargo xtask build`
/// selects, so that both share every dependency. rmm's tests want tokio's paused clock and xtask
/// brings features of its own: together with the server they would rebuild half of its tree.
const TEST_CALLS: [&[&str]; 3] = [
    &["domain", "simulator", "testkit", "migrations", "sqlite_direct", "backend", "app", "server"],
    &["rmm"],
    &["xtask"],
];

/// The browser tests that run on PostgreSQL, too: from the first page through connecting, mapping and importing to devices, runs, edits
/// and merges. Everything else is the same page on the same functions, whose Rust tests run on both databases.
const MAIN_JOB: &str = "01-|04-|05-|06-|07-|08-|09-|16-device-edits|21-";

const STEPS: [&str; 10] = [
    "fmt",
    "wall",
    "deny",
    "build",
    "clippy",
    "clippy-wasm",
    "same-in-wasm",
    "tests",
    "e2e-sqlite",
    "e2e-postgres",
];

#[derive(clap::Args)]
pub struct Args {
    /// Only these steps, separated by commas; clippy by itself checks all once more, with build and tests it lints what they compile
    #[arg(long, value_delimiter = ',', value_parser = STEPS)]
    only: Vec<String>,
    /// All but these steps, separated by commas
    #[arg(long, value_delimiter = ',', value_parser = STEPS)]
    skip: Vec<String>,
    /// Only Rust tests whose name contains this (for the step "tests")
    #[arg(long)]
    filter: Option<String>,
}

impl Args {
    fn wants(&self, step: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|s| s == step);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

/// One PostgreSQL for all tests that need it, started by the first.
static POSTGRES: LazyLock<std::result::Result<Postgres, String>> =
    LazyLock::new(|| Postgres::start().map_err(|e| e.to_string()));

pub fn run(args: &Args) -> Result<()> {
    let profile = Profile { release: false };
    // The server embeds this folder: it must be there even for lints.
    std::fs::create_dir_all(pkg())?;
    let mut report = Report::default();
    let mut step = |name: &'static str, what: &str, work: &dyn Fn() -> Result<()>| {
        if args.wants(name) { report.step(name, what, work) } else { report.skip(name) }
    };
    step("fmt", "rustfmt has nothing to change", &|| call(cargo().args(["fmt", "--all", "--check"])));
    step("wall", "no server crate reaches the browser", &wall::check);
    step("deny", "licences, banned crates, sources", &deny::check);
    // Together with what compiles everything, lints cost next to nothing.
    let along = ["build", "clippy", "clippy-wasm", "tests"].iter().all(|name| args.wants(name));
    if along {
        step("clippy", "from here on a lint is an error wherever something compiles", &|| {
            lints::turn_on()?;
            // All else is compiled by the steps below; of this program they make only its tests.
            call(cargo().args(["build", "--quiet", "-p", "xtask"]))
        });
    }
    let built = step("build", "the portal, as for `cargo xtask serve`", &|| {
        build::assets(profile)?;
        build::server(profile, build::WITH_SIMULATOR)
    });
    if !along {
        step("clippy", "lints of the server side", &clippy_server);
        step("clippy-wasm", "lints of the browser side", &clippy_wasm);
    }
    step("same-in-wasm", "matching answers alike on a server and in wasm", &same_in_wasm::check);
    step("tests", "Rust tests, on both databases", &|| rust_tests(args.filter.as_deref()));
    if built {
        step("e2e-sqlite", "browser tests on SQLite", &|| {
            e2e::sqlite(profile, &Specs { grep: None, looks: Looks::Barriers })
        });
        step("e2e-postgres", "browser tests of the main job on PostgreSQL", &|| {
            let server = postgres()?;
            e2e::postgres(profile, &Specs { grep: Some(MAIN_JOB), looks: Looks::Nothing }, &|| {
                server.create_database()
            })
        });
    } else {
        report.skip("e2e-sqlite");
        report.skip("e2e-postgres");
    }
    report.finish()
}

/// Adds `-p` for each package, and the features without which app has no server side.
fn select(command: &mut Command, packages: &[&str]) {
    for package in packages {
        command.args(["-p", package]);
    }
    if packages.contains(&"app") {
        command.args(["--features", "app/ssr"]);
    }
}

fn clippy_server() -> Result<()> {
    let mut clippy = cargo();
    clippy.args(["clippy", "--quiet", "--all-targets"]);
    select(&mut clippy, &TEST_CALLS.concat());
    call(clippy.args(["--", "-D", "warnings"]))
}

fn clippy_wasm() -> Result<()> {
    wasm::ensure_target()?;
    call(cargo().args(["clippy", "--quiet", "-p", "frontend", "--target", WASM, "--", "-D", "warnings"]))
}

/// All calls, even when one fails: the first failure is the result.
fn rust_tests(filter: Option<&str>) -> Result<()> {
    let mut result = Ok(());
    for packages in TEST_CALLS {
        let mut test = cargo();
        test.args(["test", "--no-fail-fast"]);
        select(&mut test, packages);
        if std::env::var_os(TEST_PG).is_none() {
            test.env(TEST_PG, postgres()?.url("postgres"));
        }
        result = result.and(call(test.args(filter)));
    }
    result
}

fn postgres() -> Result<&'static Postgres> {
    POSTGRES.as_ref().map_err(|e| e.as_str().into())
}
