//! Saved views: a list's filters, sort and columns under a name.

use crate::{error::UserError, ids::ViewId};
use chrono::{DateTime, Utc};

wire! {
    /// A saved view of the list of devices.
    pub struct SavedView {
        pub id: ViewId,
        pub name: String,
        /// Filters, sort and columns as they stand in the list's address, without a question mark.
        pub query: String,
        pub shared: bool,
        /// Whether the signed-in user saved it.
        pub mine: bool,
        /// Who saved it.
        pub owner: String,
        pub version: i64,
        pub updated_at: DateTime<Utc>,
    }
}

/// What an address may hold that a view keeps.
pub const VIEW_KEYS: [&str; 17] = [
    "search",
    "company",
    "location",
    "type",
    "status",
    "os",
    "os_support",
    "check",
    "backup",
    "owner",
    "last_contact",
    "warranty",
    "serial",
    "source",
    "archived",
    "sort",
    "cols",
];

/// Longest query of a view, in bytes.
const MAX_QUERY: usize = 2000;

/// The query of a view without what a view does not keep, such as the page.
///
/// ```
/// use domain::view::kept_query;
/// assert_eq!(kept_query("?status=offline&page=3&sort=-name&x=1&os=").unwrap(), "status=offline&sort=-name");
/// ```
pub fn kept_query(query: &str) -> Result<String, UserError> {
    let parts = query.trim_start_matches('?').split('&');
    let kept = |part: &&str| {
        part.split_once('=').is_some_and(|(key, value)| VIEW_KEYS.contains(&key) && !value.is_empty())
    };
    let query = parts.filter(kept).collect::<Vec<_>>().join("&");
    if query.len() > MAX_QUERY || !query.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(UserError::invalid(
            "query",
            format!("A view keeps an encoded query of at most {MAX_QUERY} bytes."),
        ));
    }
    Ok(query)
}
