//! Skipping work whose inputs did not change.
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::tools::{Result, target};

/// Does `work` unless it was done before with the same `key` and the same input files (by path,
/// length and time), and all of `outputs` are still there.
pub fn unless_fresh(
    name: &str,
    key: &str,
    inputs: &[PathBuf],
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = target().join("stamps").join(name);
    let now = digest(key, inputs)?;
    if outputs.iter().all(|p| p.exists()) && fs::read_to_string(&stamp).is_ok_and(|then| then == now) {
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);
    work()?;
    fs::create_dir_all(target().join("stamps"))?;
    Ok(fs::write(stamp, now)?)
}

fn digest(key: &str, inputs: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    for input in inputs {
        for file in files_below(input)? {
            let meta = fs::metadata(&file)?;
            (file, meta.len(), meta.modified()?).hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// `path` itself if it is a file, else all files below it, in a fixed order.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        entries.push(entry?.path());
    }
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_below(&entry)?);
    }
    Ok(files)
}

/// Writes a file only if that changes it, so that what depends on it by time is not remade.
pub fn write_if_changed(path: &Path, contents: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == contents) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, contents)?)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn work_is_repeated_only_after_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let (input, output) = (folder.path().join("in"), folder.path().join("out"));
        fs::write(&input, "1").unwrap();
        let done = Cell::new(0);
        let stamp = format!("test-{}", std::process::id());
        let go = |key: &str| {
            unless_fresh(&stamp, key, std::slice::from_ref(&input), std::slice::from_ref(&output), || {
                done.set(done.get() + 1);
                Ok(fs::write(&output, "made")?)
            })
            .unwrap();
            done.get()
        };
        assert_eq!((go("a"), go("a"), go("b")), (1, 1, 2));
        fs::write(&input, "22").unwrap();
        assert_eq!((go("b"), go("b")), (3, 3));
        fs::remove_file(&output).unwrap();
        assert_eq!(go("b"), 4);
        fs::remove_file(target().join("stamps").join(&stamp)).unwrap();
    }
}
