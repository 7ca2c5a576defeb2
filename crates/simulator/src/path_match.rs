//! Which paths a fault is for.

use serde::{Deserialize, Serialize};

/// Which requests a fault applies to. Paths have no `/api` prefix.
///
/// From a text: `"*"` is every path; a text that ends in `*` is a plain prefix; any other text is that path and what
/// lies below it, so `/v2/devices` does not match `/v2/devices-detailed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum PathMatch {
    /// Every request, token requests included.
    Any,
    /// The path itself and paths below it.
    Path(String),
    /// Every path that begins so.
    Prefix(String),
}

impl PathMatch {
    /// Whether a path (without `/api`) is meant.
    pub fn matches(&self, path: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Self::Path(own) => {
                path.strip_prefix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }
}

impl From<&str> for PathMatch {
    fn from(text: &str) -> Self {
        let text = text.strip_prefix("/api").unwrap_or(text);
        match text.strip_suffix('*') {
            Some("" | "/") => Self::Any,
            Some(prefix) => Self::Prefix(prefix.into()),
            None if text.is_empty() || text == "any" => Self::Any,
            None => Self::Path(text.trim_end_matches('/').into()),
        }
    }
}

impl From<String> for PathMatch {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<PathMatch> for String {
    fn from(path: PathMatch) -> Self {
        match path {
            PathMatch::Any => "*".into(),
            PathMatch::Path(text) => text,
            PathMatch::Prefix(text) => text + "*",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_means_itself_and_what_is_below() {
        let devices = PathMatch::from("/api/v2/devices");
        assert!(devices.matches("/v2/devices"));
        assert!(!devices.matches("/v2/devices-detailed"));
        assert!(PathMatch::from("/v2/device").matches("/v2/device/7"));
        assert!(PathMatch::from("/v2/dev*").matches("/v2/devices-detailed"));
        assert!(PathMatch::from("*").matches("/ws/oauth/token"));
    }
}
