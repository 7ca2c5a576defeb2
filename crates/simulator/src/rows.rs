//! Rows of an answer, kept apart until the end.

use crate::bad_row::BadRow;
use crate::told::Told;
use axum::body::Bytes;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Rows that are being written: the text of an array without its end, and where each row lies in it. A fault can so
/// drop rows without parsing them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    text: String,
    places: Vec<Range<usize>>,
}

impl Rows {
    /// Adds one row.
    pub fn push(&mut self, write: impl FnOnce(&mut String)) {
        self.text.push(if self.places.is_empty() { '[' } else { ',' });
        let start = self.text.len();
        write(&mut self.text);
        self.places.push(start..self.text.len());
    }

    /// Ends the array.
    pub fn end(mut self) -> Page {
        self.text.push_str(if self.places.is_empty() { "[]" } else { "]" });
        Page { text: self.text.into(), places: self.places.into() }
    }
}

/// Rows that have been written. Copies share the text, so a page can be sent many times and is made once.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    text: Bytes,
    places: Arc<[Range<usize>]>,
}

impl Page {
    /// The rows as a JSON array.
    pub fn text(&self) -> &Bytes {
        &self.text
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The same without any row.
    pub fn cleared(&self) -> Self {
        Rows::default().end()
    }

    /// Without every second row; the last one stays, so that a client that goes on from the last id never notices.
    pub fn halved(&self) -> Self {
        let odd = (self.len() + 1) % 2;
        let mut half = Rows::default();
        for (_, row) in self.rows().enumerate().filter(|(i, _)| i % 2 == odd) {
            half.push(|out| out.push_str(&row));
        }
        half.end()
    }

    /// With every fifth row from the second on spoilt.
    pub fn spoilt(&self, how: BadRow) -> Self {
        let mut rows = Rows::default();
        for (i, row) in self.rows().enumerate() {
            let row = if i % 5 == 1 { Cow::Owned(how.spoil(&row)) } else { row };
            rows.push(|out| out.push_str(&row));
        }
        rows.end()
    }

    /// With other texts.
    pub fn told(&self, told: &Told) -> Self {
        let mut rows = Rows::default();
        for row in self.rows() {
            rows.push(|out| out.push_str(&told.instead_of(&row)));
        }
        rows.end()
    }

    /// From the last row to the first.
    pub fn reversed(&self) -> Self {
        let mut rows = Rows::default();
        for row in self.rows().rev() {
            rows.push(|out| out.push_str(&row));
        }
        rows.end()
    }

    fn rows(&self) -> impl DoubleEndedIterator<Item = Cow<'_, str>> {
        self.places.iter().map(|place| String::from_utf8_lossy(&self.text[place.clone()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: usize) -> Page {
        let mut out = Rows::default();
        (0..rows).for_each(|n| out.push(|out| out.push_str(&n.to_string())));
        out.end()
    }

    #[test]
    fn rows_make_an_array() {
        assert_eq!(page(0).text(), "[]");
        assert_eq!(page(3).text(), "[0,1,2]");
        assert_eq!(page(3).len(), 3);
    }

    #[test]
    fn half_of_the_rows_keeps_the_last() {
        assert_eq!(page(5).halved().text(), "[0,2,4]");
        assert_eq!(page(4).halved().text(), "[1,3]");
        assert_eq!(page(4).cleared().text(), "[]");
    }

    #[test]
    fn rows_can_come_in_reverse() {
        assert_eq!(page(3).reversed().text(), "[2,1,0]");
        assert_eq!(page(0).reversed().text(), "[]");
    }

    #[test]
    fn every_fifth_row_is_spoilt() {
        let mut rows = Rows::default();
        (0..7).for_each(|n| rows.push(|out| out.push_str(&format!("{{\"n\":{n}}}"))));
        let spoilt = rows.end().spoilt(BadRow::Null);
        assert_eq!(spoilt.text(), r#"[{"n":0},null,{"n":2},{"n":3},{"n":4},{"n":5},null]"#);
        assert_eq!(spoilt.len(), 7);
        assert_eq!(page(1).spoilt(BadRow::Null).text(), "[0]");
    }
}
