//! The wall between the browser and the server, seen from Cargo: what must never reach the wasm.
use crate::tools::{Result, WASM, cargo, output};

const SERVER_ONLY: [&str; 8] =
    ["sea-orm", "sqlx", "sqlx-core", "tokio", "axum", "reqwest", "apalis", "apalis-core"];

/// Fails if the frontend depends on a crate of the server side.
pub fn check() -> Result<()> {
    let tree = ["tree", "-p", "frontend", "--target", WASM, "-e", "normal", "--prefix", "none"];
    let lines = output(cargo().args(tree))?;
    let found = breaches(&lines);
    if found.is_empty() {
        return Ok(());
    }
    let first = found[0];
    Err(format!(
        "{} must not reach the browser; `cargo tree -p frontend --target {WASM} -i {first}` shows the way in",
        found.join(", ")
    )
    .into())
}

/// The crates of [`SERVER_ONLY`] among the first words of the lines.
fn breaches(tree: &str) -> Vec<&str> {
    let mut found: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| SERVER_ONLY.contains(name))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::breaches;

    #[test]
    fn names_are_compared_whole() {
        let tree =
            "frontend v0.1.0 (/x)\ntokio-stream v0.1.0\naxum v0.8.9\nleptos_axum v0.8\naxum v0.8.9 (*)\n";
        assert_eq!(breaches(tree), ["axum"]);
    }
}
