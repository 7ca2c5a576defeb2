//! What the docs name as a test, such as `module::name`, is one.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const DOCS: [&str; 2] = ["docs/asvs.md", "docs/security.md"];
const SOURCES: [&str; 6] = ["app", "crates", "frontend", "migrations", "server", "xtask"];

/// A file with the names of the modules around it and inside.
struct Source {
    modules: BTreeSet<String>,
    text: String,
}

impl Source {
    fn read(root: &Path, path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a text");
        let place = path.strip_prefix(root).expect("within").with_extension("");
        let around = place.iter().filter_map(|part| part.to_str());
        let modules = around.chain(text.lines().filter_map(module)).map(str::to_owned).collect();
        Self { modules, text }
    }

    fn has(&self, modules: &[&str], name: &str) -> bool {
        let is_function = || ["(", "<"].iter().any(|after| self.text.contains(&format!("fn {name}{after}")));
        modules.iter().all(|module| self.modules.contains(*module))
            && (self.modules.contains(name) || is_function())
    }
}

/// The module that a line declares.
fn module(line: &str) -> Option<&str> {
    let line = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
    line.strip_prefix("mod ")?.split([' ', ';', '{']).next()
}

fn read_all(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_all(root, &path, sources);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            sources.push(Source::read(root, &path));
        }
    }
}

/// A path of modules: words of small letters with `::` between them.
fn is_path(code: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    code.contains("::") && code.split("::").all(word)
}

#[test]
fn every_test_that_is_named_exists() {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned();
    let mut sources = Vec::new();
    for folder in SOURCES {
        read_all(&root, &root.join(folder), &mut sources);
    }
    for doc in DOCS {
        let text = fs::read_to_string(root.join(doc)).expect(doc);
        let named: BTreeSet<&str> = text.split('`').skip(1).step_by(2).filter(|code| is_path(code)).collect();
        assert!(named.len() > 30, "{doc} names {} tests", named.len());
        let is_there = |path: &&&str| {
            let mut modules: Vec<&str> = path.split("::").collect();
            let name = modules.pop().unwrap_or_default();
            sources.iter().any(|source| source.has(&modules, name))
        };
        let lost: Vec<_> = named.iter().filter(|path| !is_there(path)).collect();
        assert!(lost.is_empty(), "{doc} names what is not there: {lost:?}");
    }
}
