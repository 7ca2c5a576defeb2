//! The release wasm in parts: what the first page needs, and a bundle for each part of `frontend/src/parts.rs`.
//!
//! `wasm_split_cli_support` makes a module for each part and one for each group of parts that share code. They travel
//! as one file per part: `pkg/parts-HASH/PART.bin` holds all modules that the part needs, one after the other. The hash
//! keeps a page that is open while the server is replaced from loading code that is not of its own build.
use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use wasm_split_cli_support::{Options, transform};

use crate::tools::{NAME, Result, pkg, target};

/// Splits `wasm` and writes the bundles. Answers the module that the first page needs, for wasm-bindgen.
pub fn split(wasm: &Path) -> Result<PathBuf> {
    let code = without_names(&fs::read(wasm)?)?;
    let folder = format!("parts-{:016x}", hash(&code));
    let work = target().join("parts");
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(work.join(&folder))?;
    let (main, script) = (work.join("main.wasm"), format!("./{folder}/split.js"));
    let main_script = format!("../{NAME}.js");
    let mut options = Options::new(&code);
    options.output_dir = &work;
    options.main_out_path = &main;
    options.link_name = &script;
    options.main_module = &main_script;
    let split = transform(options).map_err(|e| format!("wasm_split: {e:#}"))?;
    let parts: BTreeMap<_, _> = split.prefetch_map.into_iter().collect();
    let to = pkg().join(&folder);
    fs::create_dir_all(&to)?;
    let bundles = parts
        .iter()
        .map(|(part, modules)| Ok((part.as_str(), bundle(&work, modules, &to.join(format!("{part}.bin")))?)))
        .collect::<Result<Vec<_>>>()?;
    let script = with_bundles(&fs::read_to_string(work.join(&script))?, &bundles)?;
    fs::write(to.join("split.js"), script)?;
    Ok(main)
}

/// Removes the parts of an earlier build.
pub fn forget() -> Result<()> {
    for entry in fs::read_dir(pkg())? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("parts-")) {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

/// Where a module lies in its bundle: name, first byte, byte after the last.
type Piece = (String, usize, usize);

/// Writes the modules one after the other.
fn bundle(from: &Path, modules: &[String], to: &Path) -> Result<Vec<Piece>> {
    let (mut bytes, mut pieces) = (Vec::new(), Vec::new());
    for module in modules {
        let start = bytes.len();
        bytes.extend(fs::read(from.join(format!("{module}.wasm")))?);
        pieces.push((module.clone(), start, bytes.len()));
    }
    fs::write(to, bytes)?;
    Ok(pieces)
}

/// The script that loads parts, changed so that it takes modules out of bundles.
fn with_bundles(script: &str, bundles: &[(&str, Vec<Piece>)]) -> Result<String> {
    // Left out: lists of the parts that share a module, and the second message about a part that did not arrive.
    let is_needed = |line: &&str| !line.starts_with("/*") && !line.contains("console.error(e)");
    let mut script = script.lines().filter(is_needed).collect::<Vec<_>>().join("\n");
    for (part, pieces) in bundles {
        for (module, ..) in pieces {
            script = script.replace(&FETCHER.replace("MODULE", module), &format!(r#"piece("{module}")"#));
        }
        let load = format!("__wasm_split_load_{part} = wrapAsyncCb(");
        let made = format!("{load}makeLoad(");
        if !script.contains(&made) {
            return Err(format!("wasm_split's script has no {made}").into());
        }
        script = script.replace(&made, &format!(r#"{load}makePart("{part}", "#));
    }
    if script.contains("fetch(new URL") {
        return Err("wasm_split's script fetches modules in another way".into());
    }
    let mut table = String::from("const pieces = {");
    for (part, pieces) in bundles {
        write!(table, "{part}: {{")?;
        for (module, from, to) in pieces {
            write!(table, "{module}: [{from}, {to}], ")?;
        }
        table.push_str("},\n");
    }
    table.push_str("};\n");
    Ok(format!("{script}\n{table}{BUNDLES}"))
}

/// How wasm_split's script fetches a module.
const FETCHER: &str = r#"() => {
    const src = fetch(new URL("./MODULE.wasm", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
"#;

/// Parts and the modules in them. `wanted` is the part that is being loaded: a load asks for all its modules at once.
const BUNDLES: &str = r#"let wanted;
const bundles = {};
function makePart(part, fetcher, deps) {
    const load = makeLoad(fetcher, deps);
    return () => {
        wanted = part;
        return load();
    };
}
function bundle(part) {
    bundles[part] ??= fetch(new URL(`./${part}.bin`, import.meta.url)).then((answer) => {
        if (!answer.ok) throw new Error(`${part}: status ${answer.status}`);
        return answer.arrayBuffer();
    });
    bundles[part].catch(() => delete bundles[part]);
    return bundles[part];
}
function piece(module) {
    return () => {
        const [from, to] = pieces[wanted][module];
        const bytes = bundle(wanted);
        bytes.catch(() => {});
        return async (imports) => WebAssembly.instantiate((await bytes).slice(from, to), imports);
    };
}
"#;

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// A module without its section of names: the parts would carry it along.
fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut out = wasm.get(..8).ok_or("no wasm module")?.to_vec();
    let mut at = 8;
    while at < wasm.len() {
        let (length, body) = number(wasm, at + 1)?;
        let end = body + length;
        let section = wasm.get(at..end).ok_or("a section of the module is cut off")?;
        let is_names = wasm[at] == 0 && wasm[body..end].starts_with(b"\x04name");
        if !is_names {
            out.extend_from_slice(section);
        }
        at = end;
    }
    Ok(out)
}

/// The LEB128 number at `at`, and where it ends.
fn number(bytes: &[u8], mut at: usize) -> Result<(usize, usize)> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(at).ok_or("the module is cut off")?;
        value |= usize::from(byte & 0x7f) << shift;
        (shift, at) = (shift + 7, at + 1);
        if byte < 0x80 {
            return Ok((value, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_left_out() {
        let head = b"\0asm\x01\0\0\0";
        let code = b"\x0a\x02\x01\x02";
        let names = b"\x00\x07\x04name\x01\x00";
        let other = b"\x00\x06\x05other";
        let whole = [&head[..], code, names, other].concat();
        assert_eq!(without_names(&whole).unwrap(), [&head[..], code, other].concat());
        assert!(without_names(&whole[..whole.len() - 1]).is_err());
    }

    #[test]
    fn the_script_takes_modules_out_of_bundles() {
        let fetcher = FETCHER.replace("MODULE", "chunk_1");
        let script = "const __chunk_1 = makeLoad(FETCHER, []);\n\
             export const __wasm_split_load_runs = wrapAsyncCb(makeLoad(() => {}\n, [__chunk_1]));\n";
        let bundles = [("runs", vec![("chunk_1".to_owned(), 0, 7)])];
        let made = with_bundles(&script.replace("FETCHER", &fetcher), &bundles).unwrap();
        assert!(made.contains("const __chunk_1 = makeLoad(piece(\"chunk_1\"), []);"), "{made}");
        assert!(
            made.contains(
                "__wasm_split_load_runs = wrapAsyncCb(makePart(\"runs\", () => {}\n, [__chunk_1]));"
            ),
            "{made}"
        );
        assert!(made.contains("runs: {chunk_1: [0, 7], }"), "{made}");
        assert!(with_bundles("export const x = 1;", &bundles).is_err());
    }
}
