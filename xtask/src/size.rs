//! Compressed siblings of the assets that travel, and what each weighs.
use std::{fs, path::Path};

use brotli::enc::BrotliEncoderParams;

use crate::{
    stamp,
    tools::{NAME, Result, pkg, timed},
};

/// Writes `X.br` next to every wasm, js and css file and every part, and prints both sizes.
pub fn compress() -> Result<()> {
    let mut files = stamp::files_below(&pkg())?;
    files.retain(|f| f.extension().is_some_and(|e| e == "wasm" || e == "js" || e == "css" || e == "bin"));
    let siblings: Vec<_> = files.iter().map(|f| sibling(f)).collect();
    let all = || files.iter().zip(&siblings).try_for_each(|(file, sibling)| brotli(file, sibling));
    stamp::unless_fresh("brotli", "", &files, &siblings, || timed("brotli", all))?;
    let line = |name: &str, raw, packed| println!("{name:<40}{raw:>10}{packed:>10}");
    println!("{:<40}{:>10}{:>10}", "asset", "raw kB", "brotli kB");
    for (file, sibling) in files.iter().zip(&siblings) {
        line(&name(file), kilobytes(file)?, kilobytes(sibling)?);
    }
    // What a first visit loads: everything that is no part, and the one part of its page.
    let is_part = |file: &&std::path::PathBuf| file.extension().is_some_and(|e| e == "bin");
    let sum = |siblings: bool| {
        let rest = files.iter().filter(|file| !is_part(file));
        rest.map(|file| kilobytes(&if siblings { sibling(file) } else { file.clone() })).sum::<Result<u64>>()
    };
    let (raw, packed) = (sum(false)?, sum(true)?);
    line("first page, before signing in", raw, packed);
    for part in files.iter().filter(is_part) {
        let (more, more_packed) = (kilobytes(part)?, kilobytes(&sibling(part))?);
        let part = part.file_stem().unwrap_or_default().to_string_lossy();
        line(&format!("first page, one of {part}"), raw + more, packed + more_packed);
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

/// The path below pkg/.
fn name(path: &Path) -> String {
    path.strip_prefix(pkg()).unwrap_or(path).display().to_string()
}

fn kilobytes(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path)?.len().div_ceil(1000))
}
