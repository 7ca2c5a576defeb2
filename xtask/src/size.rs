//! Compressed siblings of the assets that travel, and what each weighs.
use std::{fs, path::Path};

use brotli::enc::BrotliEncoderParams;

use crate::{
    stamp,
    tools::{NAME, Result, pkg, timed},
};

/// Writes `X.br` next to every wasm, js and css file and prints both sizes.
pub fn compress() -> Result<()> {
    let mut files = stamp::files_below(&pkg())?;
    files.retain(|f| f.extension().is_some_and(|e| e == "wasm" || e == "js" || e == "css"));
    let siblings: Vec<_> = files.iter().map(|f| sibling(f)).collect();
    let all = || files.iter().zip(&siblings).try_for_each(|(file, sibling)| brotli(file, sibling));
    stamp::unless_fresh("brotli", "", &files, &siblings, || timed("brotli", all))?;
    println!("{:<16}{:>10}{:>10}", "asset", "raw kB", "brotli kB");
    for (file, sibling) in files.iter().zip(&siblings) {
        println!("{:<16}{:>10}{:>10}", file_name(file), kilobytes(file)?, kilobytes(sibling)?);
    }
    Ok(())
}

/// Removes the siblings: a debug build remakes the assets but not these.
pub fn forget_compressed() -> Result<()> {
    for ext in ["wasm", "js", "css"] {
        let path = pkg().join(format!("{NAME}.{ext}.br"));
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn sibling(file: &Path) -> std::path::PathBuf {
    file.with_added_extension("br")
}

fn brotli(file: &Path, sibling: &Path) -> Result<()> {
    let raw = fs::read(file)?;
    let mut compressed = Vec::with_capacity(raw.len() / 4);
    brotli::BrotliCompress(&mut raw.as_slice(), &mut compressed, &BrotliEncoderParams::default())?;
    stamp::write_if_changed(sibling, &compressed)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn kilobytes(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path)?.len().div_ceil(1000))
}
