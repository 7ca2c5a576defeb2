//! Rows as the engines hand them out, without one of sea-orm's for each of 100,000: SQLite directly, PostgreSQL by `COPY`.

use super::copy_out;
use crate::{Error, Result};
use sea_orm::{DatabaseConnection, Value};
use sqlite_direct::Row;
use std::ops::Range;

/// The columns of a row, counted from 0. Each answers `None` for what is of another kind.
pub(crate) trait Columns {
    /// A number, or a truth value as 0 or 1.
    fn int(&self, column: usize) -> Option<i64>;
    /// An id, or the bytes of a text.
    fn bytes(&self, column: usize) -> Option<&[u8]>;
    /// A text, or that there is none.
    fn text_or_null(&self, column: usize) -> Option<Option<&str>>;

    /// A text.
    fn text(&self, column: usize) -> Option<&str> {
        self.text_or_null(column).flatten()
    }
}

impl Columns for Row<'_> {
    fn int(&self, column: usize) -> Option<i64> {
        self.int(column)
    }

    fn bytes(&self, column: usize) -> Option<&[u8]> {
        self.bytes(column)
    }

    fn text_or_null(&self, column: usize) -> Option<Option<&str>> {
        self.text_or_null(column)
    }
}

/// Hands every row that `select` finds on PostgreSQL to `take`. Its values are ids and numbers.
pub(crate) async fn copied(
    db: &DatabaseConnection,
    select: &str,
    values: &[Value],
    mut take: impl FnMut(&Copied<'_>),
) -> Result<()> {
    // COPY takes no parameters. From the last one on, so that $1 is not found in $10.
    let mut select = select.to_owned();
    for (n, value) in values.iter().enumerate().rev() {
        select = select.replace(&format!("${}", n + 1), &literal(value)?);
    }
    let mut reader = CopyReader::default();
    let statement = format!("COPY ({select}) TO STDOUT (FORMAT binary)");
    copy_out(db, &statement, |piece| reader.take(piece, &mut take)).await?;
    Ok(())
}

fn literal(value: &Value) -> Result<String> {
    match value {
        Value::Uuid(Some(id)) => Ok(format!("'{id}'::uuid")),
        Value::BigInt(Some(number)) => Ok(number.to_string()),
        _ => Err(Error::internal("COPY is given ids and numbers only")),
    }
}

/// A row in the data of a binary COPY: where its fields stand, nothing for NULL.
pub(crate) struct Copied<'a> {
    bytes: &'a [u8],
    places: &'a [Option<Range<usize>>],
}

impl Copied<'_> {
    fn field(&self, column: usize) -> Option<&[u8]> {
        self.bytes.get(self.places.get(column)?.clone()?)
    }
}

impl Columns for Copied<'_> {
    fn int(&self, column: usize) -> Option<i64> {
        match self.field(column)? {
            [flag] => Some((*flag).into()),
            field => Some(i64::from_be_bytes(field.try_into().ok()?)),
        }
    }

    fn bytes(&self, column: usize) -> Option<&[u8]> {
        self.field(column)
    }

    fn text_or_null(&self, column: usize) -> Option<Option<&str>> {
        self.field(column)
            .map(|field| std::str::from_utf8(field).ok())
            .map_or(Some(None), |text| text.map(Some))
    }
}

/// Finds rows in the data of a binary COPY, however it is cut into pieces.
#[derive(Default)]
struct CopyReader {
    rest: Vec<u8>,
    places: Vec<Option<Range<usize>>>,
    begun: bool,
}

impl CopyReader {
    /// Signature, flags, and the length of an extension that nobody makes.
    const HEAD: usize = 19;

    fn take(&mut self, piece: &[u8], mut row: impl FnMut(&Copied<'_>)) {
        self.rest.extend_from_slice(piece);
        let mut at = 0;
        if !self.begun && self.rest.len() >= Self::HEAD {
            (self.begun, at) = (true, Self::HEAD);
        }
        while let Some(length) = self.begun.then(|| places(&self.rest[at..], &mut self.places)).flatten() {
            row(&Copied { bytes: &self.rest[at..at + length], places: &self.places });
            at += length;
        }
        self.rest.drain(..at);
    }
}

/// Notes where the fields of the first row stand, and answers its length; `None` when it is not whole, or the end.
fn places(bytes: &[u8], places: &mut Vec<Option<Range<usize>>>) -> Option<usize> {
    // The end has a count of -1.
    let columns = usize::try_from(i16::from_be_bytes(*bytes.first_chunk()?)).ok()?;
    let mut at = 2;
    places.clear();
    for _ in 0..columns {
        let length = i32::from_be_bytes(*bytes.get(at..)?.first_chunk()?);
        at += 4;
        // NULL has the length -1.
        places.push(match usize::try_from(length) {
            Ok(length) if at + length > bytes.len() => return None,
            Ok(length) => {
                at += length;
                Some(at - length..at)
            }
            Err(_) => None,
        });
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_however_the_data_is_cut() {
        let row = |last: &[u8]| {
            let head = [&4_i16.to_be_bytes()[..], &8_i32.to_be_bytes(), &(-5_i64).to_be_bytes()].concat();
            [&head[..], b"\0\0\0\x01\x01\0\0\0\x03a b", last].concat()
        };
        let none = b"\xff\xff\xff\xff";
        let data = [&[0; CopyReader::HEAD][..], &row(b"\0\0\0\x02xy"), &row(none), b"\xff\xff"].concat();
        let read = |row: &Copied<'_>| {
            let text = |column| row.text_or_null(column).map(|text| text.map(str::to_owned));
            (row.int(0), row.int(1), text(2), text(3))
        };
        let ab = Some(Some("a b".to_owned()));
        for size in [1, 2, 19, 50, data.len()] {
            let (mut reader, mut rows) = (CopyReader::default(), Vec::new());
            data.chunks(size).for_each(|piece| reader.take(piece, |row| rows.push(read(row))));
            let last = |last: Option<&str>| (Some(-5), Some(1), ab.clone(), Some(last.map(str::to_owned)));
            assert_eq!(rows, [last(Some("xy")), last(None)], "at {size}");
        }
    }

    #[test]
    fn only_what_cannot_hide_anything_stands_in_a_copy() {
        assert_eq!(literal(&7_i64.into()).unwrap(), "7");
        assert!(literal(&"'; DROP TABLE users; --".into()).is_err());
    }
}
