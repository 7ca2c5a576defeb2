//! The first line of a file: its delimiter and its columns.

use domain::error::UserError;

/// Which field of a record holds which accepted column.
pub(super) struct Header {
    pub delimiter: u8,
    /// Fields of the header line.
    pub width: usize,
    columns: Vec<(&'static str, usize)>,
}

impl Header {
    /// Finds the delimiter (comma, semicolon or tab) with which the header has the most `accepted` columns. The first
    /// `needed` of them must be there; columns that nobody asked for are left alone.
    pub fn find(text: &str, accepted: &'static [&'static str], needed: usize) -> Result<Self, UserError> {
        let first = text.trim_start().lines().next().unwrap_or_default();
        if first.is_empty() {
            return Err(problem("The file is empty.", accepted, needed));
        }
        if first.contains(['\u{0}', '\u{FFFD}']) {
            let sentence = "The file has unreadable characters. Save it as \"CSV UTF-8\" and try again.";
            return Err(UserError::invalid("csv", sentence));
        }
        let mut header = Self::with(text, b',', accepted)?;
        for delimiter in *b";\t" {
            let other = Self::with(text, delimiter, accepted)?;
            if other.columns.len() > header.columns.len() {
                header = other;
            }
        }
        match accepted[..needed].iter().find(|c| header.field(c).is_none()) {
            Some(absent) => Err(problem(&format!("The column \"{absent}\" is missing."), accepted, needed)),
            None => Ok(header),
        }
    }

    fn with(text: &str, delimiter: u8, accepted: &'static [&'static str]) -> Result<Self, UserError> {
        let mut record = csv::StringRecord::new();
        // Reading from a text cannot fail; an empty one gives a header without columns.
        let _ = super::lines::reader(text, delimiter).read_record(&mut record);
        let mut columns: Vec<(&'static str, usize)> = Vec::new();
        for (index, field) in record.iter().enumerate() {
            let Some(column) = accepted.iter().find(|a| **a == normal(field)) else { continue };
            if columns.iter().any(|(seen, _)| seen == column) {
                let twice = format!("The column \"{column}\" stands twice in the header. Keep one of them.");
                return Err(UserError::invalid("csv", twice));
            }
            columns.push((column, index));
        }
        Ok(Self { delimiter, width: record.len(), columns })
    }

    /// The position of an accepted column.
    pub fn field(&self, column: &str) -> Option<usize> {
        self.columns.iter().find(|(name, _)| *name == column).map(|(_, index)| *index)
    }
}

/// `PSA Ref` → `psa_ref`.
fn normal(field: &str) -> String {
    field.trim().to_lowercase().replace([' ', '-'], "_")
}

fn problem(what: &str, accepted: &[&str], needed: usize) -> UserError {
    let must = accepted[..needed].join(", ");
    let may = accepted[needed..].join(", ");
    UserError::invalid(
        "csv",
        format!(
            "{what} The first line must name the columns: {must}, and if you like {may}, separated by commas, semicolons or tabs."
        ),
    )
}
