//! Every check and every test of the workspace, with a summary at the end.
use std::sync::LazyLock;

use testkit::{Postgres, TEST_PG};

use crate::{
    build, deny, e2e,
    report::Report,
    tools::{Profile, Result, WASM, call, cargo},
    wall, wasm,
};

/// The packages of the server side. Named one by one: `--workspace` would unify the features of
/// server and browser and rebuild most dependencies.
const PACKAGES: [&str; 9] =
    ["domain", "rmm", "simulator", "testkit", "migrations", "backend", "app", "server", "xtask"];

const STEPS: [&str; 9] =
    ["fmt", "wall", "clippy", "clippy-wasm", "deny", "tests", "build", "e2e-sqlite", "e2e-postgres"];

#[derive(clap::Args)]
pub struct Args {
    /// Only these steps, separated by commas
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
    let mut report = Report::default();
    let mut step = |name: &'static str, what: &str, work: &dyn Fn() -> Result<()>| {
        if args.wants(name) { report.step(name, what, work) } else { report.skip(name) }
    };
    step("fmt", "rustfmt has nothing to change", &|| call(cargo().args(["fmt", "--all", "--check"])));
    step("wall", "no server crate reaches the browser", &wall::check);
    step("clippy", "lints of the server side", &|| {
        clippy(cargo().arg("clippy").args(server_side()).args(["--all-targets", "--quiet"]))
    });
    step("clippy-wasm", "lints of the browser side", &|| {
        wasm::ensure_target()?;
        clippy(cargo().args(["clippy", "-p", "frontend", "--target", WASM, "--quiet"]))
    });
    step("deny", "licences, banned crates, sources", &deny::check);
    step("tests", "Rust tests, on both databases", &|| rust_tests(args.filter.as_deref()));
    let built = step("build", "the portal, as for `cargo xtask serve`", &|| {
        build::assets(profile)?;
        e2e::programs(profile)
    });
    if built {
        step("e2e-sqlite", "browser tests on SQLite", &|| e2e::sqlite(profile, None));
        step("e2e-postgres", "browser tests on PostgreSQL", &|| {
            e2e::postgres(profile, None, &postgres()?.create_database()?)
        });
    }
    report.finish()
}

fn server_side() -> Vec<&'static str> {
    let mut args: Vec<&str> = PACKAGES.iter().flat_map(|p| ["-p", p]).collect();
    args.extend(["--features", "app/ssr"]);
    args
}

fn clippy(command: &mut std::process::Command) -> Result<()> {
    call(command.args(["--", "-D", "warnings"]))
}

fn rust_tests(filter: Option<&str>) -> Result<()> {
    let mut test = cargo();
    test.arg("test").args(server_side()).arg("--no-fail-fast");
    if std::env::var_os(TEST_PG).is_none() {
        test.env(TEST_PG, postgres()?.url("postgres"));
    }
    call(test.args(filter))
}

fn postgres() -> Result<&'static Postgres> {
    POSTGRES.as_ref().map_err(|e| e.as_str().into())
}
