//! Content hashes: equal content, equal hash, on every machine and in every version.

use crate::{Error, Result};
use serde::Serialize;
use std::io::{self, Write};
use xxhash_rust::xxh3::Xxh3;

struct HashWriter(Xxh3);

impl Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The hash of a value's JSON text.
pub fn content(value: &impl Serialize) -> Result<i64> {
    let mut writer = io::BufWriter::with_capacity(1024, HashWriter(Xxh3::new()));
    serde_json::to_writer(&mut writer, value).map_err(Error::internal)?;
    let writer = writer.into_inner().map_err(|e| Error::internal(e.to_string()))?;
    Ok(writer.0.digest().cast_signed())
}
