//! What an import is going to do.

/// How a line relates to what is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    New,
    Changed,
    Same,
}

/// The rows to write, and the figures of the report.
pub(crate) struct Plan<T> {
    pub write: Vec<T>,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
}

impl<T> Plan<T> {
    /// Counts every row and keeps those that need a write.
    pub fn new(rows: impl Iterator<Item = (Known, T)>) -> Self {
        let mut plan = Self { write: Vec::new(), created: 0, updated: 0, unchanged: 0 };
        for (known, row) in rows {
            *match known {
                Known::New => &mut plan.created,
                Known::Changed => &mut plan.updated,
                Known::Same => &mut plan.unchanged,
            } += 1;
            if known != Known::Same {
                plan.write.push(row);
            }
        }
        plan
    }
}
