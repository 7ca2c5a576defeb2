//! What a CSV import of companies or locations reports.

wire! {
    /// How many rows did what, and why others were refused. With `dry_run` nothing was written.
    #[derive(Default)]
    pub struct ImportReport {
        pub created: i64,
        pub updated: i64,
        pub unchanged: i64,
        pub rejected: Vec<RejectedLine>,
    }

    /// A line of the file that cannot be imported. `line` counts from 1, the header included.
    pub struct RejectedLine {
        pub line: i64,
        pub field: String,
        pub message: String,
    }
}

/// Most lines a file may have.
pub const MAX_LINES: usize = 50_000;
/// Largest accepted file, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Columns of a companies file; only the first is needed.
pub const COMPANY_COLUMNS: &[&str] = &["name", "domain", "phone", "address", "psa_ref"];
/// Columns of a locations file; the first two are needed.
pub const LOCATION_COLUMNS: &[&str] = &["company", "name", "address", "psa_ref"];
