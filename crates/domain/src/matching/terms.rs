//! Words with what they are worth.

use super::{
    lexicon::{Kind, plain},
    near::sound,
    normal::Normal,
};
use rustc_hash::FxHashMap;

/// A word of a name, ready to be compared.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub text: String,
    /// Its plain spelling: abbreviations and translations share one.
    pub plain: String,
    pub kind: Kind,
    pub sound: String,
    /// It qualifies the name: after a comma, in brackets.
    pub after: bool,
    /// A target has this very word.
    pub known: bool,
    /// What it says: more when fewer targets have it.
    pub weight: f64,
}

impl Kind {
    /// Whether words of this kind must be the same, not just alike.
    pub fn is_firm(self) -> bool {
        matches!(self, Self::Number | Self::Compass | Self::Link | Self::Letter)
    }
}

/// How many targets have each word.
#[derive(Default)]
pub(super) struct Uses {
    targets: f64,
    uses: FxHashMap<String, u32>,
}

impl Uses {
    pub fn new<'a>(names: impl Iterator<Item = &'a Normal>) -> Self {
        let mut uses = Self::default();
        for name in names {
            uses.targets += 1.0;
            let mut seen: Vec<&str> = name.words.iter().map(|w| plain(w).0).collect();
            seen.sort_unstable();
            seen.dedup();
            for word in seen {
                *uses.uses.entry(word.to_owned()).or_default() += 1;
            }
        }
        uses
    }

    /// 1 for a word of one target at most, near 0 for a word of all.
    fn rarity(&self, plain: &str) -> f64 {
        let uses = f64::from(self.uses.get(plain).copied().unwrap_or(1));
        (log2(1.0 + self.targets / uses) / log2(1.0 + self.targets.max(1.0))).max(0.1)
    }

    pub fn terms(&self, name: &Normal) -> Vec<Term> {
        let mut terms: Vec<Term> = Vec::with_capacity(name.words.len());
        let said =
            name.words.iter().zip(&name.after).filter(|(w, after)| !**after && plain(w).1 != Kind::Link);
        let initials: String = said.filter_map(|(w, _)| w.chars().next()).collect();
        for (word, after) in name.words.iter().zip(&name.after) {
            if !terms.iter().any(|t| t.text == *word) {
                terms.push(self.term(word, *after));
            }
        }
        // "Northwind Traders Europe (NTE)" says nothing new in its brackets.
        if initials.chars().count() > 2 {
            let repeated = terms.iter_mut().filter(|t| t.after && t.text.starts_with(&initials));
            repeated.for_each(|t| t.weight *= 0.1);
        }
        terms
    }

    fn term(&self, word: &str, after: bool) -> Term {
        let (spelling, kind) = plain(word);
        Term {
            text: word.to_owned(),
            plain: spelling.to_owned(),
            kind,
            sound: if kind.is_firm() { String::new() } else { sound(word) },
            after,
            known: self.uses.contains_key(spelling),
            weight: self.rarity(spelling) * kind.share() * if after { 0.5 } else { 1.0 },
        }
    }
}

/// The logarithm to base 2, straight between powers of two: only plain arithmetic, so that every platform answers the
/// same. `x` is at least 1.
fn log2(mut x: f64) -> f64 {
    let mut whole = 0.0;
    while x >= 2.0 {
        x /= 2.0;
        whole += 1.0;
    }
    whole + (x - 1.0)
}
