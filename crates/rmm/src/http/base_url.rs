//! Tidies a base URL that a person typed or pasted.

use crate::RmmError;
use url::Url;

/// A tidied base URL and what was changed to get there, as sentences for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    pub url: Url,
    pub notes: Vec<String>,
}

/// First segments of paths that people paste along with the host: of the token endpoint, the API, its documentation
/// and the console.
const PASTED: &[&str] = &["ws", "oauth", "v2", "api", "apidocs", "apidocs-beta", "auth", "login"];

/// Trims blanks, adds a missing `https://`, and drops a pasted path of the vendor's. Anything else that is wrong stays
/// for [`NetworkPolicy::check`](crate::NetworkPolicy::check) to refuse.
///
/// ```
/// let tidy = rmm::tidy_base_url(" eu.ninjarmm.com/v2/devices ").unwrap();
/// assert_eq!(tidy.url.as_str(), "https://eu.ninjarmm.com/");
/// assert_eq!(tidy.notes.len(), 3);
/// ```
pub fn tidy_base_url(typed: &str) -> Result<BaseUrl, RmmError> {
    let mut notes = Vec::new();
    let bare: String = typed.chars().filter(|c| !is_blank(*c)).collect();
    if bare.len() != typed.len() {
        notes.push("Removed blanks from the base URL.".to_owned());
    }
    if bare.is_empty() {
        return Err(RmmError::BadUrl("it is empty".into()));
    }
    let full = if bare.contains("://") {
        bare
    } else {
        notes.push("Added https:// to the base URL.".to_owned());
        format!("https://{bare}")
    };
    let mut url = Url::parse(&full).map_err(|e| RmmError::BadUrl(e.to_string()))?;
    notes.extend(strip_pasted_path(&mut url));
    Ok(BaseUrl { url, notes })
}

/// Blanks and the invisible characters that come with copied text.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Drops the path, query and fragment when they are ones that a vendor's page or document shows.
fn strip_pasted_path(url: &mut Url) -> Option<String> {
    let first = url.path().split('/').find(|s| !s.is_empty());
    let known = first.is_none_or(|s| PASTED.contains(&s.to_ascii_lowercase().as_str()));
    let rest = url[url::Position::BeforePath..].to_owned();
    if !known || rest.trim_matches('/').is_empty() {
        if known {
            url.set_path("/");
        }
        return None;
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Some(format!("Removed \u{201c}{rest}\u{201d} from the base URL."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste() {
        for (typed, url, notes) in [
            ("https://app.ninjarmm.com", "https://app.ninjarmm.com/", 0),
            ("https://app.ninjarmm.com/", "https://app.ninjarmm.com/", 0),
            ("https://app.ninjarmm.com//", "https://app.ninjarmm.com/", 0),
            ("  https://app.ninjarmm.com\n", "https://app.ninjarmm.com/", 1),
            ("\u{feff}https://app.ninjarmm.com\u{200b}", "https://app.ninjarmm.com/", 1),
            ("app.ninjarmm.com", "https://app.ninjarmm.com/", 1),
            ("APP.NinjaRMM.com", "https://app.ninjarmm.com/", 1),
            ("localhost:4010", "https://localhost:4010/", 1),
            ("https://eu.ninjarmm.com/ws/oauth/token", "https://eu.ninjarmm.com/", 1),
            ("https://eu.ninjarmm.com/v2/devices?pageSize=5", "https://eu.ninjarmm.com/", 1),
            ("https://eu.ninjarmm.com/api/v2", "https://eu.ninjarmm.com/", 1),
            ("https://eu.ninjarmm.com/#/systemDashboard", "https://eu.ninjarmm.com/", 1),
            ("https://eu.ninjarmm.com/apidocs/?links.active=core", "https://eu.ninjarmm.com/", 1),
            ("https://example.com/elsewhere", "https://example.com/elsewhere", 0),
        ] {
            let tidy = tidy_base_url(typed).unwrap();
            assert_eq!((tidy.url.as_str(), tidy.notes.len()), (url, notes), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_a_url() {
        for typed in ["", "  ", "https://", "http://[", "https://exa mple^.com"] {
            assert!(matches!(tidy_base_url(typed), Err(RmmError::BadUrl(_))), "{typed}");
        }
    }
}
