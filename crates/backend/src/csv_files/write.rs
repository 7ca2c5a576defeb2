//! Lines of CSV files that are sent while they are read (RFC 4180).

use crate::{Error, Result};

/// Tells spreadsheets that the file is UTF-8.
pub(crate) const BOM: &str = "\u{feff}";

/// Rows as lines.
pub(crate) fn lines<R>(rows: impl IntoIterator<Item = R>) -> Result<String>
where
    R: IntoIterator<Item = String>,
{
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        file.write_record(row.into_iter().map(harmless)).map_err(Error::internal)?;
    }
    let bytes = file.into_inner().map_err(|e| Error::internal(e.to_string()))?;
    String::from_utf8(bytes).map_err(Error::internal)
}

/// What begins a formula, also as a full-width sign, which spreadsheets of East Asia take for the same.
const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A cell that a spreadsheet would take for a formula gets an apostrophe in front: names come from foreign machines.
pub(super) fn harmless(cell: String) -> String {
    let formula = cell.starts_with(SIGNS);
    if formula { format!("'{cell}") } else { cell }
}
