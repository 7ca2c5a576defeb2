//! The body of a good answer, before and after it is put together.

use crate::body::Pieces;
use crate::json::Obj;
use crate::rows::Page;
use crate::told::Told;

/// The body of a good answer, not yet put together, so that faults can take rows away.
pub(crate) enum Answer {
    /// A bare array.
    Array(Page),
    /// `{cursor, results}`.
    Report(Option<String>, Page),
    /// `{lastActivityId, activities}`.
    Activities(i64, Page),
    /// One object.
    Object(String),
}

impl Answer {
    /// The rows, if it has any.
    pub fn rows(&mut self) -> Option<&mut Page> {
        match self {
            Self::Array(rows) | Self::Report(_, rows) | Self::Activities(_, rows) => Some(rows),
            Self::Object(_) => None,
        }
    }

    /// Says something else.
    pub fn tell(&mut self, told: &Told) {
        match self {
            Self::Array(rows) | Self::Report(_, rows) | Self::Activities(_, rows) => *rows = rows.told(told),
            Self::Object(text) => *text = told.instead_of(text),
        }
    }

    /// The body.
    pub fn into_body(self) -> Pieces {
        match self {
            Self::Array(rows) => Pieces::new([rows.text().clone()]),
            Self::Object(text) => text.into(),
            Self::Report(cursor, rows) => around(&rows, "results", |obj| {
                if let Some(cursor) = cursor {
                    obj.raw("cursor", &cursor);
                }
            }),
            Self::Activities(last, rows) => around(&rows, "activities", |obj| {
                obj.int("lastActivityId", last);
            }),
        }
    }
}

/// An object whose last key has the rows.
fn around(rows: &Page, key: &str, before: impl FnOnce(&mut Obj)) -> Pieces {
    let mut head = String::new();
    let mut obj = Obj::new(&mut head);
    before(&mut obj);
    obj.key(key);
    Pieces::new([head.into(), rows.text().clone(), "}".into()])
}
