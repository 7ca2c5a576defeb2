//! The query string of a request, decoded.

/// Decoded pairs in the order of the request. `+` and `%20` both stand for a space.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Decodes the query of an address; anything that cannot be decoded counts as no query.
    pub fn of(uri: &axum::http::Uri) -> Self {
        axum::extract::Query::try_from_uri(uri).map_or_else(|_| Self::default(), |pairs| Self(pairs.0))
    }

    /// The first value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// All pairs but those with one of these keys.
    pub fn without(&self, keys: &[&str]) -> Vec<&(String, String)> {
        self.0.iter().filter(|(key, _)| !keys.contains(&key.as_str())).collect()
    }

    /// A value that is a whole number.
    pub fn number(&self, key: &str) -> Option<i64> {
        self.get(key)?.trim().parse().ok()
    }

    /// Whether a flag is `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key) == Some("true")
    }

    /// Whether a comma-separated list names an item.
    pub fn lists(&self, key: &str, item: &str) -> bool {
        self.get(key).is_some_and(|list| list.split(',').any(|have| have.trim() == item))
    }
}
