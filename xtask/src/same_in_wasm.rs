//! Matching gives the same answer on a server and in wasm, to the last bit.
use std::process::Command;

use crate::tools::{Result, call, cargo, output, target};

/// Wasm with a console: its arithmetic is that of the browser's.
const WASI: &str = "wasm32-wasip1";
const EXAMPLE: &str = "rankings";

/// What runs it in node, whose first argument is the file.
const RUN: &str = "
    const { WASI } = require('node:wasi');
    const wasi = new WASI({ version: 'preview1' });
    const bytes = require('node:fs').readFileSync(process.argv[1]);
    WebAssembly.instantiate(bytes, wasi.getImportObject()).then(({ instance }) => wasi.start(instance));";

/// Runs the example on both sides and compares what it prints.
pub fn check() -> Result<()> {
    call(Command::new("rustup").args(["target", "add", WASI]))?;
    let build = ["build", "--quiet", "-p", "domain", "--example", EXAMPLE];
    call(cargo().args(build))?;
    call(cargo().args(build).args(["--target", WASI]))?;
    let here = output(&mut Command::new(target().join("debug/examples").join(EXAMPLE)))?;
    let file = target().join(WASI).join("debug/examples").join(EXAMPLE).with_extension("wasm");
    let wasm = output(Command::new("node").args(["--no-warnings", "-e", RUN]).arg(file))?;
    compare(&here, &wasm)
}

fn compare(here: &str, wasm: &str) -> Result<()> {
    if here.lines().count() < 100 {
        return Err("the example printed nothing to compare".into());
    }
    match here.lines().zip(wasm.lines()).find(|(a, b)| a != b) {
        Some((a, b)) => Err(format!("matching differs in wasm:\n  here {a}\n  wasm {b}").into()),
        None if here != wasm => Err("wasm printed more or fewer rankings".into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn a_difference_is_found() {
        let lines = |last: &str| format!("{}{last}\n", "same\n".repeat(100));
        assert!(compare(&lines("a"), &lines("a")).is_ok());
        assert!(compare(&lines("a"), &lines("b")).is_err());
        assert!(compare(&lines("a"), &"same\n".repeat(100)).is_err());
        assert!(compare("", "").is_err());
    }
}
