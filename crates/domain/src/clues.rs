//! What free texts say about whose they are: domains, phone numbers, postal addresses, references of the PSA. All else,
//! secrets above all, is left out.
//!
//! ```
//! use domain::clues::{Clues, kept};
//!
//! let fields = [("psaId", "CMP-1042"), ("mainContact", "Jo <jo@contoso.com>"), ("wifiPassword", "CMP-4711")];
//! let text = kept(fields).unwrap();
//! assert_eq!(text, "CMP-1042\ncontoso.com");
//! assert_eq!(Clues::of(&text).references, ["CMP-1042"]);
//! ```

use std::{collections::BTreeSet, net::IpAddr};

/// Most lines that are kept of one organization, and the longest of them.
const LINES: usize = 12;
const LONGEST: usize = 160;

/// Words in the name of a field whose value is nobody's business.
const SECRET: &[&str] = &[
    "pass",
    "passcode",
    "pw",
    "pwd",
    "key",
    "keys",
    "pin",
    "psk",
    "otp",
    "totp",
    "mfa",
    "login",
    "license",
    "licence",
    "lizenz",
    "serial",
    "wifi",
    "wlan",
    "vpn",
    "alarm",
    "door",
    "safe",
    "recovery",
    "bitlocker",
    "unlock",
    "private",
];
/// The same, wherever they stand in it.
const SECRET_PART: &[&str] = &["passw", "passphrase", "kennwort", "secret", "token", "credential", "apikey"];

/// Clues by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clues {
    pub domains: Vec<String>,
    pub phones: Vec<String>,
    pub addresses: Vec<String>,
    pub references: Vec<String>,
}

impl Clues {
    /// What [`kept`] answered, sorted by kind.
    pub fn of(kept: &str) -> Self {
        let mut clues = Self::default();
        kept.lines().for_each(|line| clues.take(line));
        clues
    }

    fn take(&mut self, line: &str) {
        if is_phone(line) {
            self.phones.push(line.to_owned());
        } else if is_reference(line) {
            self.references.push(line.to_owned());
        } else if is_address(line) {
            self.addresses.push(line.to_owned());
        } else {
            self.domains.extend(domains(line));
        }
    }
}

/// The clues in fields, each a name and a text: a line each, in alphabetical order; `None` when there are none. At most
/// 12 lines are kept, and nothing of a field whose name speaks of a secret.
pub fn kept<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let mut clues = Clues::default();
    for (_, text) in fields.into_iter().filter(|(name, _)| !is_secret(name)) {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.filter(|line| line.chars().count() <= LONGEST).for_each(|line| clues.take(line));
    }
    let Clues { domains, phones, addresses, references } = clues;
    let all: BTreeSet<String> = [references, domains, phones, addresses].concat().into_iter().collect();
    (!all.is_empty()).then(|| all.into_iter().take(LINES).collect::<Vec<_>>().join("\n"))
}

fn is_secret(name: &str) -> bool {
    let lower = name.to_lowercase();
    SECRET_PART.iter().any(|part| lower.contains(part)) || words(name).any(|w| SECRET.contains(&w.as_str()))
}

/// "guestWifi_PIN" is "guest", "wifi" and "pin".
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut small = false;
    for c in name.chars() {
        if small && c.is_uppercase() {
            spaced.push(' ');
        }
        small = c.is_lowercase();
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
    }
    spaced.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().into_iter()
}

/// Nine digits or more, or seven with a country code, and nothing but what stands between them.
fn is_phone(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let only = line.chars().all(|c| c.is_ascii_digit() || " +()-./".contains(c));
    let spaced = line.starts_with(['+', '0', '(']) || line.contains([' ', '-', '/']);
    let least = if line.starts_with('+') { 7 } else { 9 };
    only && spaced && (least..=15).contains(&digits) && line.parse::<IpAddr>().is_err()
}

/// A number of two to ten digits, with capitals before it or none: "CMP-1042", "C 77", "10042".
fn is_reference(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = line.len() - rest.len();
    let number = rest.strip_prefix(['-', '_', '#', '/', ' ']).unwrap_or(rest);
    letters <= 8 && (2..=10).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
}

/// Some words and a number, with a comma between them.
fn is_address(line: &str) -> bool {
    let words = line.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= 3);
    let named = words.filter(|w| w.chars().all(char::is_alphabetic)).count();
    let numbered = line.split_whitespace().any(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    named >= 2 && numbered && line.contains(',') && !line.contains(['@', ':', '=', '*'])
}

/// The hosts of mail addresses and links, and a line that is a host alone.
fn domains(line: &str) -> Vec<String> {
    let alone = (!line.contains(char::is_whitespace)).then_some(line).filter(|line| is_host(line));
    let linked = line.split(|c: char| c.is_whitespace() || "<>(),;\"'".contains(c)).filter_map(linked);
    let mut hosts: Vec<String> = alone.into_iter().chain(linked).map(str::to_lowercase).collect();
    hosts.dedup();
    hosts
}

/// The host of a link or mail address: neither path nor user.
fn linked(word: &str) -> Option<&str> {
    let host = match word.split_once("://") {
        Some((_, rest)) => {
            let site = rest.split(['/', '?', '#']).next()?;
            site.rsplit('@').next()?.split(':').next()?
        }
        None if word.starts_with("www.") => word.split(['/', '?', '#', ':']).next()?,
        None => word.strip_prefix("mailto:").unwrap_or(word).split_once('@')?.1,
    };
    let host = host.trim_end_matches('.');
    is_host(host).then_some(host)
}

fn is_host(text: &str) -> bool {
    let fits = |label: &str| {
        (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let end = text.rsplit('.').next().unwrap_or_default();
    let named = end.chars().count() >= 2 && end.chars().all(char::is_alphabetic);
    named && text.contains('.') && text.len() <= 100 && text.split('.').all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_of(text: &str) -> String {
        kept([("notes", text)]).unwrap_or_default()
    }

    #[test]
    fn clues_are_kept_and_found_again() {
        for (text, expected) in [
            ("CMP-1042", "CMP-1042"),
            (" 10042 ", "10042"),
            ("https://user:word@portal.contoso.com:8443/a?b=c", "portal.contoso.com"),
            ("Jo Hale <jo@Contoso.com>, www.fabrikam.co.uk/x", "contoso.com\nfabrikam.co.uk"),
            ("litware.net", "litware.net"),
            ("+49 30 901820", "+49 30 901820"),
            ("(030) 901-8200", "(030) 901-8200"),
            ("12 Harbour Street, Exampletown", "12 Harbour Street, Exampletown"),
            ("Head office\n12 Mill Lane, Mockham\nC-77", "12 Mill Lane, Mockham\nC-77"),
        ] {
            let expected = expected.replace("fabrikam", "www.fabrikam");
            assert_eq!(kept_of(text), expected, "{text}");
            assert_eq!(kept_of(&expected), expected, "the same again");
        }
        let clues = Clues::of("C-77\n12 Mill Lane, Mockham\ncontoso.com\n+49 30 901820");
        let one = |text: &str| vec![text.to_owned()];
        assert_eq!(clues.references, one("C-77"));
        assert_eq!(clues.addresses, one("12 Mill Lane, Mockham"));
        assert_eq!((clues.domains, clues.phones), (one("contoso.com"), one("+49 30 901820")));
    }

    #[test]
    fn what_is_no_clue_is_left_out() {
        for text in [
            "",
            "**********",
            "••••",
            "hunter2",
            "P@ssw0rd!",
            "Summer2024",
            "1790000000000",
            "2024-01-05",
            "192.168.1.10",
            "true",
            "The door code is 4711",
            "correct horse battery staple",
            "ghp_16C7e42F292c69",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "Robin Hale",
            "key=1, other text here",
        ] {
            assert_eq!(kept_of(text), "", "{text}");
        }
        for name in ["wifiPassword", "admin_pw", "API Key", "alarmPIN", "vpnSecret", "adminpassword", "WLAN"]
        {
            assert_eq!(kept([(name, "CMP-1042")]), None, "{name}");
        }
        assert!(kept([("shippingAddress", "12 Mill Lane, Mockham")]).is_some());
    }

    #[test]
    fn the_size_of_what_is_kept_has_a_limit() {
        let many: String = (100..200).map(|n| format!("C-{n}\n")).collect();
        assert_eq!(kept_of(&many).lines().count(), LINES);
        let long = format!("{} Street, 12 Town", "x".repeat(LONGEST));
        assert_eq!(kept_of(&long), "");
    }
}
