//! schemathesis: calls made up from `openapi.json`, held against what it says of the answers.
use std::process::Command;

use crate::{
    build,
    e2e::{self, Portal, Simulator},
    tools::{Profile, Result, call, root, target},
    venv,
};

const VERSION: &str = "4.32.5";

/// No answer may be the server's own fault, of a status that is not described, or of another form than described.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// Streams do not end by themselves; signing out would end the session that asks.
const LEFT_OUT: &str = "events$|session/sign_out";

#[derive(clap::Args)]
pub struct Args {
    /// Calls made up for each operation, besides those that its schema and its examples suggest
    #[arg(long, default_value_t = 30)]
    examples: u32,
    /// Begin with this number instead of one that changes: the same calls again
    #[arg(long)]
    seed: Option<u64>,
    /// On PostgreSQL instead of SQLite
    #[arg(long)]
    postgres: bool,
}

/// Needs python3 with its `venv` module; the program itself is installed under target/tools.
pub fn run(args: &Args) -> Result<()> {
    let profile = Profile { release: false };
    let program = venv::programs("schemathesis", VERSION)?.join("schemathesis");
    build::assets(profile)?;
    build::server(profile, build::WITH_SIMULATOR)?;
    let _turn = e2e::my_turn()?;
    let simulators = [Simulator::start(profile, "schemathesis", "SIM", &["--demo"])?];
    let (url, _server) = if args.postgres { e2e::new_postgres()? } else { (None, None) };
    let url = url.as_deref();
    let server = Portal::start_with(profile, "schemathesis", url, &simulators, &["--api-rate", "1000000"])?;
    let mut tests = Command::new(program);
    e2e::addresses(&mut tests, &server, &simulators);
    tests.env("SCHEMATHESIS_HOOKS", root().join("xtask/schemathesis/hooks.py")).current_dir(target());
    tests.args(["run", &format!("{}/api/v1/openapi.json", server.url()), "--checks", CHECKS]);
    tests.args(["--exclude-path-regex", LEFT_OUT, "--phases", "examples,coverage,fuzzing"]);
    tests.args(["--continue-on-failure", "--warnings", "off", "--no-color"]);
    tests.args(["--max-examples", &args.examples.to_string()]);
    if let Some(seed) = args.seed {
        tests.args(["--seed", &seed.to_string()]);
    }
    let tested = call(&mut tests);
    server.stop()?;
    tested
}
