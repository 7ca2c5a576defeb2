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
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What some spreadsheets leave out at the beginning of a cell.
const BLANKS: [char; 3] = ['\t', '\r', '\n'];

/// Where a cell ends within one of ours: a spreadsheet with another list separator than the comma heeds only quotes that begin a
/// cell of its own.
const ENDS: [char; 4] = [';', '\t', '\r', '\n'];

/// A cell that a spreadsheet would take for a formula gets an apostrophe in front: names come from foreign machines. So does what
/// follows `;`, a tab or a line break in it, at once or behind quotes: `a;-1` becomes `a;'-1`, while `a; -1` and `a-1;b` stay.
pub(super) fn harmless(cell: String) -> String {
    let begins = |part: &str| part.trim_start_matches('"').starts_with(SIGNS);
    let first = cell.starts_with(SIGNS) || cell.starts_with(BLANKS);
    if !first && !cell.split(ENDS).skip(1).any(begins) {
        return cell;
    }
    let mut marked = String::with_capacity(cell.len() + 2);
    for (n, part) in cell.split_inclusive(ENDS).enumerate() {
        let marks = if n == 0 { first } else { begins(part) };
        if marks {
            marked.push('\'');
        }
        marked.push_str(part);
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[track_caller]
    fn is(cell: &str, expected: &str) {
        assert_eq!(harmless(cell.to_owned()), expected, "{cell:?}");
    }

    #[test]
    fn what_begins_as_a_formula_is_marked() {
        for sign in ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"] {
            is(&format!("{sign}1"), &format!("'{sign}1"));
        }
        is("=", "'=");
        is("\t=1+1", "'\t'=1+1");
    }

    /// `"a","x;=1+1"` is `"a","x` and `=1+1"` where cells end at semicolons.
    #[test]
    fn what_would_begin_as_one_where_cells_end_otherwise_is_marked() {
        is("x;=cmd|' /C calc'!A0;y", "x;'=cmd|' /C calc'!A0;y");
        for sign in ["=", "+", "-", "@", "＝", "＋", "－", "＠"] {
            for end in [";", "\t", "\n", "\r", "\r\n", ";;"] {
                is(&format!("x{end}{sign}1"), &format!("x{end}'{sign}1"));
            }
        }
        is("=1;=2\n+3", "'=1;'=2\n'+3");
        is(";=1", ";'=1");
        is("x;\"=1", "x;'\"=1");
        is("a;-1", "a;'-1");
    }

    #[test]
    fn other_texts_stay() {
        for text in [
            "",
            ";",
            "a; b",
            "a; -1",
            "a-1;b",
            "a=b;c=d",
            "1,-1",
            "two\r\nlines",
            "a\tb",
            "a;\tb",
            "'=1",
            "x;\"y",
        ] {
            is(text, text);
        }
    }
}
