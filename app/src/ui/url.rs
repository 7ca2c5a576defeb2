//! Texts inside URLs, encoded the same way on the server and in the browser.

use std::fmt::Write;

/// `text` as a value of a query: everything but letters, digits and `-_.~` is percent-encoded.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte as char),
            other => _ = write!(out, "%{other:02X}"),
        }
        out
    })
}

/// The address of the sign-in page that leads back to a page of this site.
pub fn sign_in_path(asked: &str) -> String {
    if asked == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={}", encode(asked)) }
}

/// `path` if it stays on this site: it starts with one slash and holds no back slash or control character.
pub fn local_path(path: &str) -> Option<String> {
    let local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.chars().any(|c| c == '\\' || c.is_control());
    local.then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_what_a_query_cannot_hold() {
        assert_eq!(encode("a b&c=d/é-1"), "a%20b%26c%3Dd%2F%C3%A9-1");
    }

    #[test]
    fn signing_in_leads_back() {
        assert_eq!(sign_in_path("/"), "/sign-in");
        assert_eq!(sign_in_path("/devices?page=2"), "/sign-in?next=%2Fdevices%3Fpage%3D2");
    }

    #[test]
    fn only_paths_of_this_site_are_local() {
        assert_eq!(local_path("/devices?page=2").as_deref(), Some("/devices?page=2"));
        for foreign in ["", "devices", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb"] {
            assert_eq!(local_path(foreign), None, "{foreign:?}");
        }
    }
}
