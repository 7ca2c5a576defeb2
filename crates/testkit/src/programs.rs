//! Finding programs on this machine.
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::Result;

/// Where `name` is on PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|p| p.is_file())
}

/// Whether this process runs as root (PostgreSQL refuses to, Debian's packages need it).
pub(crate) fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).is_ok_and(|uid| uid == "0")
}

/// What a command prints, without the last newline; an error with its words when it fails.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let Output { status, stdout, stderr } =
        command.output().map_err(|e| format!("cannot run {:?}: {e}", command.get_program()))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).trim_end().to_owned());
    }
    Err(format!("{command:?}: {status}: {}", String::from_utf8_lossy(&stderr).trim()).into())
}

/// The folder of PostgreSQL's server programs: on PATH, Debian's, or the one `pg_config` names.
pub(crate) fn postgres_folder() -> Option<PathBuf> {
    let on_path = find_program("initdb").and_then(|p| Some(p.canonicalize().ok()?.parent()?.to_owned()));
    on_path.into_iter().chain(debian_folders()).chain(pg_config_folder()).find(|f| has_server(f))
}

/// Where a program of PostgreSQL is, such as `pg_dump`.
pub fn postgres_program(name: &str) -> Option<PathBuf> {
    Some(postgres_folder()?.join(name)).filter(|path| path.is_file())
}

fn has_server(folder: &Path) -> bool {
    ["initdb", "postgres", "psql", "pg_isready"].iter().all(|name| folder.join(name).is_file())
}

/// `/usr/lib/postgresql/<version>/bin`, the newest version first.
fn debian_folders() -> Vec<PathBuf> {
    let Ok(versions) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|v| Some((v.file_name().to_str()?.parse().ok()?, v.path().join("bin"))))
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, folder)| folder).collect()
}

fn pg_config_folder() -> Option<PathBuf> {
    output_of(Command::new("pg_config").arg("--bindir")).ok().map(PathBuf::from)
}
