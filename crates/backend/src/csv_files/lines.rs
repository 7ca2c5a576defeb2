//! The lines of a file, and what becomes of them.

#[cfg(test)]
mod fuzz;

use super::{header::Header, plan::Plan};
use crate::Result;
use csv::{Reader, ReaderBuilder, StringRecord};
use domain::{
    csv_import::{ImportReport, MAX_BYTES, MAX_LINES, RejectedLine},
    error::UserError,
};
use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

/// A file that was read; lines that cannot be imported collect here.
pub(crate) struct File {
    header: Header,
    records: Vec<(i64, StringRecord)>,
    rejected: Vec<RejectedLine>,
}

/// One line, whose cells are asked for by column.
pub(crate) struct Line<'a> {
    header: &'a Header,
    record: &'a StringRecord,
}

impl Line<'_> {
    /// The cell, `None` when it is empty or the file has no such column.
    pub fn text(&self, column: &str) -> Option<String> {
        let cell = self.record.get(self.header.field(column)?)?.trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }
}

/// Something of line `number`.
pub(crate) struct Numbered<T> {
    number: i64,
    pub value: T,
}

/// Reads CSV text with the columns `accepted`, of which the first `needed` must be there.
pub(crate) fn read(text: &str, accepted: &'static [&'static str], needed: usize) -> Result<File> {
    if text.len() > MAX_BYTES {
        let most = MAX_BYTES / (1024 * 1024);
        return Err(too_much(format!("The file is larger than {most} MB.")).into());
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let header = Header::find(text, accepted, needed)?;
    let mut file = File { header, records: Vec::new(), rejected: Vec::new() };
    file.fill(text)?;
    Ok(file)
}

fn too_much(what: String) -> UserError {
    UserError::invalid("csv", format!("{what} Split it and import the parts one after the other."))
}

/// Records of any length; the header is the first of them.
pub(super) fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

impl File {
    fn fill(&mut self, text: &str) -> Result<(), UserError> {
        let mut reader = reader(text, self.header.delimiter);
        let mut place = Place { text: text.as_bytes(), byte: 0, line: 1 };
        let mut record = StringRecord::new();
        let mut seen = 0;
        while reader.read_record(&mut record).map_err(|e| UserError::invalid("csv", e.to_string()))? {
            let number = place.advance(record.position().map_or(0, |p| p.byte()));
            let raw = place.rest_until(reader.position().byte());
            seen += 1;
            if seen == 1 || record.iter().all(|cell| cell.trim().is_empty()) {
                continue; // the header, and the blank rows that spreadsheets leave behind
            }
            if self.records.len() + self.rejected.len() == MAX_LINES {
                return Err(too_much(format!("The file has more than {MAX_LINES} lines.")));
            }
            match self.misshapen(&record, raw, reader.position().byte() == text.len() as u64) {
                Some(message) => self.reject(number, "line", message),
                None => self.records.push((number, record.clone())),
            }
        }
        Ok(())
    }

    /// Why a record cannot be split into the header's columns.
    fn misshapen(&self, record: &StringRecord, raw: &[u8], last: bool) -> Option<String> {
        let open_quote =
            || raw.iter().filter(|b| **b == b'"').count() % 2 == 1 && raw.trim_ascii_end().contains(&b'\n');
        if last && open_quote() {
            return Some("A quote that opens here is never closed, so the rest of the file could not be read. Close it.".into());
        }
        let (has, wants) = (record.len(), self.header.width);
        (has != wants).then(|| {
            format!(
                "This line has {has} columns, the header has {wants}. Put texts with a delimiter in quotes."
            )
        })
    }

    fn reject(&mut self, line: i64, field: &str, message: impl Into<String>) {
        self.rejected.push(RejectedLine { line, field: field.into(), message: message.into() });
    }

    /// What `check` makes of every line; the lines it refuses are rejected.
    pub fn keep<T>(&mut self, check: impl Fn(&Line<'_>) -> Result<T, UserError>) -> Vec<Numbered<T>> {
        let mut kept = Vec::with_capacity(self.records.len());
        for (number, record) in std::mem::take(&mut self.records) {
            let checked = check(&Line { header: &self.header, record: &record });
            kept.extend(self.sift(number, checked));
        }
        kept
    }

    /// What `check` makes of lines that were kept so far; the lines it refuses are rejected.
    pub fn refine<T, U>(
        &mut self,
        lines: Vec<Numbered<T>>,
        check: impl Fn(T) -> Result<U, UserError>,
    ) -> Vec<Numbered<U>> {
        lines.into_iter().filter_map(|line| self.sift(line.number, check(line.value))).collect()
    }

    fn sift<T>(&mut self, number: i64, checked: Result<T, UserError>) -> Option<Numbered<T>> {
        match checked {
            Ok(value) => Some(Numbered { number, value }),
            Err(error) => {
                self.reject(number, error.field.as_deref().unwrap_or("line"), error.message);
                None
            }
        }
    }

    /// The lines with their keys; a second line of the same key is rejected.
    pub fn distinct<K: Eq + Hash + Clone, T>(
        &mut self,
        lines: Vec<Numbered<T>>,
        key: impl Fn(&T) -> K,
    ) -> Vec<(K, T)> {
        let mut first = HashMap::with_capacity(lines.len());
        let mut kept = Vec::with_capacity(lines.len());
        for Numbered { number, value } in lines {
            match first.entry(key(&value)) {
                Entry::Occupied(line) => {
                    self.reject(
                        number,
                        "name",
                        format!("Same name as line {}. Keep one of the two.", line.get()),
                    );
                }
                Entry::Vacant(free) => {
                    kept.push((free.key().clone(), value));
                    free.insert(number);
                }
            }
        }
        kept
    }

    /// The report of a plan over this file.
    pub fn report<T>(mut self, plan: &Plan<T>) -> ImportReport {
        self.rejected.sort_by_key(|r| r.line);
        ImportReport {
            created: plan.created,
            updated: plan.updated,
            unchanged: plan.unchanged,
            rejected: self.rejected,
        }
    }
}

/// Counts physical lines: the reader's own count forgets the blank lines before a record.
struct Place<'a> {
    text: &'a [u8],
    byte: usize,
    line: i64,
}

impl<'a> Place<'a> {
    /// Moves to `byte` and past the line ends there; answers the line.
    fn advance(&mut self, byte: u64) -> i64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(&b) = self.text.get(self.byte) {
            if self.byte >= byte && b != b'\n' && b != b'\r' {
                break;
            }
            let next = self.text.get(self.byte + 1);
            if b == b'\n' || (b == b'\r' && next != Some(&b'\n')) {
                self.line += 1;
            }
            self.byte += 1;
        }
        self.line
    }

    /// The raw text of the record that starts here.
    fn rest_until(&self, byte: u64) -> &'a [u8] {
        let end = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        self.text.get(self.byte..end).unwrap_or_default()
    }
}
