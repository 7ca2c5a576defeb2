//! How near two different words are.

use super::terms::Term;
use strsim::osa_distance;

/// How far two words are one word, 0 to 1, and whether that takes a misspelling.
pub(super) fn likeness(a: &Term, b: &Term) -> f64 {
    if a.text == b.text {
        return 1.0;
    }
    if a.plain == b.plain {
        return 0.97;
    }
    if a.kind.is_firm() || b.kind.is_firm() {
        return 0.0;
    }
    let found = plural(&a.text, &b.text).max(sounded(a, b)).max(misspelled(&a.text, &b.text));
    let found = found.max(shortened(&a.text, &b.text));
    // Two words that other names of the portal have as well are rather two words than one and a slip.
    if a.known && b.known && found < 0.97 { found * 0.85 } else { found }
}

/// "Importer" and "Importers".
fn plural(a: &str, b: &str) -> f64 {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let ending = long.strip_prefix(short).filter(|_| short.len() >= 4);
    if matches!(ending, Some("s" | "es" | "n" | "en")) { 0.97 } else { 0.0 }
}

/// The longer the word, the more slips it may have.
pub(super) fn slip(a: &str, b: &str) -> f64 {
    if a.len() < 6 { 0.0 } else { misspelled(a, b) }
}

fn misspelled(a: &str, b: &str) -> f64 {
    let (m, n) = (a.chars().count(), b.chars().count());
    let slips = allowed_slips(m.min(n));
    if slips == 0 || m.abs_diff(n) > slips || !ends_meet(a, b) {
        return 0.0;
    }
    let distance = osa_distance(a, b);
    if distance > slips {
        return 0.0;
    }
    // In a short word one letter more often makes another word.
    let each = if m.min(n) <= 6 { 2.0 } else { 1.25 };
    1.0 - each * distance as f64 / m.max(n) as f64
}

/// Slips rarely hit both the beginning and the end.
fn ends_meet(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    a[0] == b[0] || a[a.len() - 1] == b[b.len() - 1] || a.get(1) == b.first() || a.first() == b.get(1)
}

/// "Filips" and "Philips".
fn sounded(a: &Term, b: &Term) -> f64 {
    if a.sound.len() < 4 || b.sound.len() < 4 {
        return 0.0;
    }
    if a.sound == b.sound {
        return 0.9;
    }
    if a.sound.as_bytes()[0] == b.sound.as_bytes()[0] { 0.95 * misspelled(&a.sound, &b.sound) } else { 0.0 }
}

/// "Tech" and "Technology", "Plmbg" and "Plumbing".
fn shortened(a: &str, b: &str) -> f64 {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.len() < 3 || long.len() < short.len() + 2 || long.as_bytes()[0] != short.as_bytes()[0] {
        return 0.0;
    }
    if long.starts_with(short) && short.len() >= 4 {
        return if short.len() * 2 >= long.len() { 0.85 } else { 0.75 };
    }
    if is_skeleton(short, long) { 0.85 } else { 0.0 }
}

/// "Plmbg" and "Plumbing": consonants of a word, from its first letter to its last.
fn is_skeleton(short: &str, long: &str) -> bool {
    let bare = short.len() >= 4 && !short.bytes().skip(1).any(|b| b"aeiou".contains(&b));
    let mut letters = long.chars();
    bare && short.chars().last() == long.chars().last() && short.chars().all(|s| letters.any(|l| l == s))
}

/// Slips that a word of `length` letters may have.
pub(super) fn allowed_slips(length: usize) -> usize {
    match length {
        0..=4 => 0,
        5..=7 => 1,
        8..=12 => 2,
        _ => 3,
    }
}

/// What a word sounds like, roughly: one spelling of what languages write differently.
pub(super) fn sound(word: &str) -> String {
    let mut text = word.to_owned();
    for (from, to) in SOUNDS {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.chars().enumerate() {
        if (c == 'h' && i > 0) || out.ends_with(c) {
            continue;
        }
        out.push(c);
    }
    out
}

const SOUNDS: &[(&str, &str)] = &[
    ("sch", "s"),
    ("sh", "s"),
    ("zh", "g"),
    ("ph", "f"),
    ("kh", "k"),
    ("ch", "k"),
    ("ck", "k"),
    ("ae", "e"),
    ("oe", "o"),
    ("ue", "u"),
    ("ij", "i"),
    ("ei", "i"),
    ("ie", "i"),
    ("x", "ks"),
    ("c", "k"),
    ("q", "k"),
    ("z", "s"),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("dt", "t"),
    ("ou", "u"),
    ("oo", "u"),
];
