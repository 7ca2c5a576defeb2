//! How near two different names are.

use std::collections::{BTreeSet, HashMap};
use strsim::{jaro_winkler, osa_distance};

/// How much each word says: a word of few names says more.
pub(super) struct Weights {
    names: f64,
    uses: HashMap<String, u32>,
}

impl Weights {
    pub fn new<'a>(names: impl Iterator<Item = &'a [String]>) -> Self {
        let mut weights = Self { names: 0.0, uses: HashMap::new() };
        for words in names {
            weights.names += 1.0;
            for word in words.iter().collect::<BTreeSet<_>>() {
                *weights.uses.entry(word.clone()).or_default() += 1;
            }
        }
        weights
    }

    fn of(&self, word: &str) -> f64 {
        let uses = self.uses.get(word).copied().unwrap_or(1).max(1);
        (1.0 + self.names / f64::from(uses)).ln()
    }
}

/// Likeness of two lists of words, 0 to 1. Names with different numbers are different.
pub(super) fn likeness(a: &[String], b: &[String], weights: &Weights) -> f64 {
    if numbers(a) != numbers(b) {
        return 0.0;
    }
    let joined = if a.len() == b.len() { 0.0 } else { run_together(a, b) };
    joined.max(aligned(a, b, weights))
}

fn numbers(words: &[String]) -> BTreeSet<&str> {
    let digits = words.iter().filter(|w| w.contains(|c: char| c.is_numeric()));
    digits.map(|w| w.trim_start_matches('0')).collect()
}

/// "Blue Yonder" and "BlueYonder".
fn run_together(a: &[String], b: &[String]) -> f64 {
    let (a, b) = (a.concat(), b.concat());
    if same_word(&a, &b) > 0.0 { jaro_winkler(&a, &b) } else { 0.0 }
}

/// Pairs words one to one and weighs what is paired against what is left over.
fn aligned(a: &[String], b: &[String], weights: &Weights) -> f64 {
    let pairs = pairs(a, b);
    let (mut paired, mut all) = (0.0, 0.0);
    for word in a.iter().chain(b) {
        all += weights.of(word);
    }
    for (i, j, likeness) in &pairs {
        paired += likeness * (weights.of(&a[*i]) + weights.of(&b[*j]));
    }
    let share = if all > 0.0 { paired / all } else { 0.0 };
    match (a.len() - pairs.len(), b.len() - pairs.len()) {
        (0, _) | (_, 0) if pairs.len() > 1 && share >= 0.7 => share.max(0.84),
        (0, _) | (_, 0) => share,
        _ => share * 0.85, // each has a word that the other has not: rarely the same company
    }
}

/// Pairs of alike words, best first, no word twice.
fn pairs(a: &[String], b: &[String]) -> Vec<(usize, usize, f64)> {
    let mut all: Vec<(usize, usize, f64)> = Vec::new();
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            let likeness = same_word(x, y);
            if likeness > 0.0 {
                all.push((i, j, likeness));
            }
        }
    }
    all.sort_by(|x, y| y.2.total_cmp(&x.2).then(x.0.cmp(&y.0)).then(x.1.cmp(&y.1)));
    let mut chosen: Vec<(usize, usize, f64)> = Vec::new();
    for pair in all {
        if chosen.iter().all(|c| c.0 != pair.0 && c.1 != pair.1) {
            chosen.push(pair);
        }
    }
    chosen
}

/// Likeness of two words that may be one word misspelled, else 0: the longer the word, the more slips it may have.
pub(super) fn same_word(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let (m, n) = (a.chars().count(), b.chars().count());
    let slips = allowed_slips(m.min(n));
    if slips == 0 || m.abs_diff(n) > slips || osa_distance(a, b) > slips {
        return 0.0;
    }
    jaro_winkler(a, b)
}

/// Slips that a word of `length` letters may have.
pub(super) fn allowed_slips(length: usize) -> usize {
    match length {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    }
}
