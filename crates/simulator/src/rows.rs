//! Rows of an answer, kept apart until the end.

use crate::json::array;
use std::ops::Range;

/// Rows of an answer: one buffer, and where each row lies in it. A fault can so drop rows without parsing them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    text: String,
    ends: Vec<usize>,
}

impl Rows {
    /// Adds one row.
    pub fn push(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.ends.push(self.text.len());
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Drops every second row and keeps the last one, so that a client that goes on from the last id never notices.
    pub fn halve(&mut self) {
        let odd = (self.len() + 1) % 2;
        let kept: Vec<_> = (0..self.len()).filter(|i| i % 2 == odd).map(|i| self.range(i)).collect();
        let mut half = Self::default();
        for range in kept {
            half.push(|out| out.push_str(&self.text[range]));
        }
        *self = half;
    }

    /// Writes the rows as a JSON array.
    pub fn write(&self, out: &mut String) {
        out.reserve(self.text.len() + self.len() + 2);
        let ranges: Vec<_> = (0..self.len()).map(|i| self.range(i)).collect();
        array(out, &ranges, |out, range| out.push_str(&self.text[range.clone()]));
    }

    fn range(&self, index: usize) -> Range<usize> {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        start..self.ends[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_rows_keeps_the_last() {
        let mut rows = Rows::default();
        for n in 0..5 {
            rows.push(|out| out.push_str(&n.to_string()));
        }
        rows.halve();
        let mut out = String::new();
        rows.write(&mut out);
        assert_eq!(out, "[0,2,4]");
    }
}
