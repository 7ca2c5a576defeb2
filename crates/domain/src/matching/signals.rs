//! Evidence besides the name.

use super::{normal::words, subject::Subject};
use std::collections::BTreeSet;

/// Mail providers of everybody: their domains say nothing.
const PUBLIC: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "web.de",
    "t-online.de",
    "proton.me",
    "protonmail.com",
    "onmicrosoft.com",
    "facebook.com",
    "linkedin.com",
    "workgroup",
    "localdomain",
    "example.com",
];

/// Endings of networks that are not on the internet, and second levels that belong to nobody.
const INSIDE: &[&str] = &["local", "lan", "internal", "corp", "intra", "home", "ad"];
const SECOND: &[&str] = &["co", "com", "org", "net", "ac", "gov", "edu"];

/// What a subject is known by besides its name, in one spelling.
#[derive(Clone, Debug, Default)]
pub(super) struct Signals {
    pub domains: BTreeSet<String>,
    pub phones: BTreeSet<String>,
    pub references: BTreeSet<String>,
    addresses: Vec<BTreeSet<String>>,
    notes: BTreeSet<String>,
}

/// A sign that two are the same: what it says, and how many times likelier it makes that.
pub(super) struct Sign {
    pub times: f64,
    pub reason: &'static str,
}

impl Signals {
    pub fn of(subject: &Subject) -> Self {
        let noted: Vec<&str> = subject.notes.iter().flat_map(|n| n.split_whitespace()).collect();
        let linked = noted.iter().filter(|w| w.contains('@') || w.contains("://") || w.starts_with("www."));
        let named = subject.domains.iter().map(String::as_str);
        Self {
            domains: named.chain(linked.copied()).filter_map(domain).collect(),
            phones: subject.phones.iter().filter_map(|p| phone(p)).collect(),
            references: subject.references.iter().filter_map(|r| reference(r)).collect(),
            addresses: subject.addresses.iter().map(|a| words(a).into_iter().collect()).collect(),
            notes: noted.iter().filter_map(|w| reference(w)).collect(),
        }
    }

    /// References by which others may speak of this one, in their notes too.
    pub fn spoken_of(&self) -> impl Iterator<Item = &String> {
        self.references.iter().chain(&self.notes)
    }

    pub fn compare(&self, other: &Self) -> Vec<Sign> {
        let mut signs = Vec::new();
        let mut sign = |is: bool, times: f64, reason| signs.extend(is.then_some(Sign { times, reason }));
        let meets = |a: &BTreeSet<String>, b: &BTreeSet<String>| !a.is_disjoint(b);
        sign(meets(&self.domains, &other.domains), 60.0, "Same domain");
        sign(meets(&self.phones, &other.phones), 40.0, "Same phone number");
        let address = self.addresses.iter().any(|a| other.addresses.iter().any(|b| same_address(a, b)));
        sign(address, 15.0, "Same address");
        let reference = meets(&self.references, &other.references)
            || meets(&self.notes, &other.references)
            || meets(&self.references, &other.notes);
        sign(reference, 300.0, "Same reference");
        signs
    }

    /// Whether a domain spells the name: "contoso.com" and "Contoso".
    pub fn spells(&self, joined: &str) -> bool {
        joined.len() >= 4 && self.domains.iter().any(|d| d.replace('-', "") == joined)
    }
}

/// How many times likelier a pair is of whose devices `share` are known there by their serial numbers.
pub(super) fn known(share: f64) -> Option<Sign> {
    let times = match share {
        s if s >= 0.5 => 200.0,
        s if s >= 0.2 => 20.0,
        s if s > 0.0 => 3.0,
        _ => return None,
    };
    Some(Sign { times, reason: "Its devices are known there" })
}

/// The part of a website, mail address or network domain that names its owner.
fn domain(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let host = text.rsplit("://").next()?.rsplit('@').next()?;
    let host = host.split(['/', ':', '?', '#', '>', ')', ',', ';']).next()?.trim_matches('.');
    if PUBLIC.iter().any(|p| host == *p || host.strip_suffix(p).is_some_and(|rest| rest.ends_with('.'))) {
        return None;
    }
    let mut labels: Vec<&str> = host.split('.').filter(|l| !l.is_empty()).collect();
    if labels.len() > 1 {
        labels.pop();
        if labels.len() > 1 && labels.last().is_some_and(|l| SECOND.contains(l) || INSIDE.contains(l)) {
            labels.pop();
        }
    }
    labels.last().filter(|l| l.len() >= 2 && !INSIDE.contains(l)).map(|l| (*l).to_owned())
}

/// The last nine digits: with or without the country code.
fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let junk = digits.bytes().all(|b| Some(b) == digits.bytes().next());
    (digits.len() >= 7 && !junk).then(|| digits[digits.len().saturating_sub(9)..].to_owned())
}

/// Codes have a digit and three characters at least.
fn reference(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (bare.len() >= 3 && bare.bytes().any(|b| b.is_ascii_digit())).then_some(bare)
}

/// Two addresses with the same numbers, at least one, and a word in common.
fn same_address(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let numeric = |w: &&String| w.bytes().any(|c| c.is_ascii_digit());
    let (x, y): (BTreeSet<_>, BTreeSet<_>) =
        (a.iter().filter(numeric).collect(), b.iter().filter(numeric).collect());
    let long = a.intersection(b).any(|w| !numeric(&w) && w.len() >= 4);
    let numbers = !x.is_empty() && !y.is_empty() && (x.is_subset(&y) || y.is_subset(&x));
    numbers && long
}
