//! The bodies that NinjaOne sends with an error.

use serde::Deserialize;
use serde_json::value::RawValue;

/// The word that names the error, in lower case, from whichever family of bodies it is:
/// `{"error"}`, `{"resultCode"}`, `{"errorMessage"}` as text or `{"code"}`, `{"errorCode"}`, or a bare text.
pub fn word(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Families<'a> {
        #[serde(borrow)]
        error: Option<&'a RawValue>,
        result_code: Option<&'a RawValue>,
        error_message: Option<&'a RawValue>,
        error_code: Option<&'a RawValue>,
    }
    if let Ok(text) = serde_json::from_slice::<String>(body) {
        return Some(text.to_lowercase());
    }
    let found: Families<'_> = serde_json::from_slice(body).ok()?;
    [found.error, found.result_code, found.error_message, found.error_code]
        .into_iter()
        .flatten()
        .find_map(text)
}

fn text(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Coded {
        code: String,
    }
    let coded = || serde_json::from_str(raw.get()).ok().map(|c: Coded| c.code);
    serde_json::from_str(raw.get()).ok().or_else(coded).map(|t: String| t.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn every_family() {
        for (body, expected) in [
            (r#"{"error":"invalid_scope"}"#, Some("invalid_scope")),
            (r#"{"resultCode":"Client app not exist","incidentId":"X"}"#, Some("client app not exist")),
            (r#"{"errorMessage":{"code":"some_code","params":{}}}"#, Some("some_code")),
            (r#"{"errorMessage":"an error"}"#, Some("an error")),
            (r#"{"errorCode":"billing"}"#, Some("billing")),
            (r#""a string""#, Some("a string")),
            (r#"{"error":null,"resultCode":"FAILURE"}"#, Some("failure")),
            (r#"{"other":1}"#, None),
            ("[]", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(word(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }
}
