//! Usual ways to compare texts: every query with every target.

use crate::{data::Labelled, measure::Answer};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Clone, Copy)]
pub enum Way {
    JaroWinkler,
    TokenSet,
    TrigramCosine,
}

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Self::JaroWinkler => "Jaro-Winkler",
            Self::TokenSet => "token-set ratio",
            Self::TrigramCosine => "trigram cosine",
        }
    }
}

pub struct Baseline {
    way: Way,
    targets: Vec<Text>,
    /// How many targets have each trigram.
    uses: HashMap<String, f64>,
}

struct Text {
    clean: String,
    words: BTreeSet<String>,
    vector: BTreeMap<String, f64>,
}

impl Baseline {
    pub fn new(way: Way, targets: &[String]) -> Self {
        let mut uses: HashMap<String, f64> = HashMap::new();
        for name in targets {
            for trigram in trigrams(&clean(name)).into_keys() {
                *uses.entry(trigram).or_default() += 1.0;
            }
        }
        let count = targets.len() as f64;
        let targets = targets.iter().map(|name| Text::of(name, &uses, count)).collect();
        Self { way, targets, uses }
    }

    pub fn answers(&self, data: &Labelled) -> Vec<Answer> {
        data.queries.iter().map(|(name, right)| self.answer(name, *right)).collect()
    }

    fn answer(&self, name: &str, right: Option<usize>) -> Answer {
        let asked = Text::of(name, &self.uses, self.targets.len() as f64);
        let scores = self.targets.iter().map(|target| self.score(&asked, target)).enumerate();
        let best = scores.reduce(|best, next| if next.1 > best.1 { next } else { best });
        Answer { right, given: best.map(|b| b.0), confidence: best.map_or(0.0, |b| b.1) }
    }

    fn score(&self, a: &Text, b: &Text) -> f64 {
        match self.way {
            Way::JaroWinkler => strsim::jaro_winkler(&a.clean, &b.clean),
            Way::TokenSet => token_set(&a.words, &b.words),
            Way::TrigramCosine => a.vector.iter().filter_map(|(t, x)| b.vector.get(t).map(|y| x * y)).sum(),
        }
    }
}

impl Text {
    fn of(name: &str, uses: &HashMap<String, f64>, targets: f64) -> Self {
        let clean = clean(name);
        let mut vector = trigrams(&clean);
        for (trigram, weight) in &mut vector {
            *weight *= ((1.0 + targets) / (1.0 + uses.get(trigram).copied().unwrap_or(0.0))).ln() + 1.0;
        }
        let length = vector.values().map(|w| w * w).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
        vector.values_mut().for_each(|w| *w /= length);
        Self { words: clean.split_whitespace().map(str::to_owned).collect(), clean, vector }
    }
}

/// Lower case letters and digits, single spaces.
fn clean(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

fn trigrams(clean: &str) -> BTreeMap<String, f64> {
    let chars: Vec<char> = format!(" {clean} ").chars().collect();
    let mut all = BTreeMap::new();
    for window in chars.windows(3) {
        *all.entry(window.iter().collect()).or_default() += 1.0;
    }
    all
}

/// The best ratio of the common words, and these with the rest of either side.
fn token_set(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let text = |words: Vec<&String>| words.into_iter().cloned().collect::<Vec<_>>().join(" ");
    let common = text(a.intersection(b).collect());
    let with = |rest: String| format!("{common} {rest}").trim().to_owned();
    let (x, y) = (with(text(a.difference(b).collect())), with(text(b.difference(a).collect())));
    let ratio = |a: &str, b: &str| rapidfuzz::fuzz::ratio(a.chars(), b.chars());
    let best = ratio(&x, &y);
    if common.is_empty() { best } else { best.max(ratio(&common, &x)).max(ratio(&common, &y)) }
}
