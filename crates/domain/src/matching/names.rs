//! A matcher over names.

use super::{
    LEAST,
    near::{Weights, likeness, same_word},
    normal::Normal,
};
use crate::company::name_key;
use std::collections::{BTreeSet, HashMap};

/// Two proposals that differ by less than this are equally good.
const TIE: f64 = 0.02;
/// The most that a near spelling, or one of two equally good names, is worth.
const NEAR: f64 = 0.9;
/// Most names that are compared in full with one name.
const CANDIDATES: usize = 200;
/// Most words of the index that are compared with one unknown word.
const WORDS: usize = 60;

/// A target that a name may mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Which of the names that the matcher was made of.
    pub index: usize,
    /// 0 to 1.
    pub confidence: f64,
    /// Why, as short sentences without a full stop.
    pub reasons: Vec<String>,
}

/// Finds the nearest of many names; made once, asked often. What it takes grows with the names asked, not with the product
/// of both sides: only names that share a rare word, a misspelled word or their letters are compared.
pub struct Matcher {
    names: Vec<Name>,
    weights: Weights,
    /// Names by their words run together.
    joined: HashMap<String, Vec<usize>>,
    /// Names by their words in alphabetical order.
    sorted: HashMap<Vec<String>, Vec<usize>>,
    words: HashMap<String, Vec<usize>>,
    /// Words by the trigrams in them.
    trigrams: HashMap<[char; 3], Vec<String>>,
}

struct Name {
    key: String,
    normal: Normal,
}

impl Name {
    fn of(name: &str) -> Self {
        Self { key: name_key(name), normal: Normal::of(name) }
    }
}

impl Matcher {
    /// A matcher over `names`; a [`Proposal`] answers with the position in them.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let names: Vec<Name> = names.into_iter().map(|n| Name::of(n.as_ref())).collect();
        let weights = Weights::new(names.iter().map(|n| n.normal.words.as_slice()));
        let mut matcher = Self {
            names,
            weights,
            joined: HashMap::new(),
            sorted: HashMap::new(),
            words: HashMap::new(),
            trigrams: HashMap::new(),
        };
        matcher.index();
        matcher
    }

    fn index(&mut self) {
        for (index, Name { normal, .. }) in self.names.iter().enumerate() {
            self.joined.entry(normal.joined()).or_default().push(index);
            self.sorted.entry(normal.sorted()).or_default().push(index);
            for word in normal.words.iter().collect::<BTreeSet<_>>() {
                self.words.entry(word.clone()).or_default().push(index);
            }
        }
        for word in self.words.keys() {
            for trigram in trigrams(word) {
                self.trigrams.entry(trigram).or_default().push(word.clone());
            }
        }
    }

    /// The nearest name, if any is near enough.
    pub fn best(&self, name: &str) -> Option<Proposal> {
        self.top(name, 1).into_iter().next()
    }

    /// The `n` nearest names that are near enough, best first.
    pub fn top(&self, name: &str, n: usize) -> Vec<Proposal> {
        let asked = Name::of(name);
        let mut found: Vec<Proposal> = self
            .candidates(&asked.normal)
            .into_iter()
            .filter_map(|index| self.proposal(&asked, index))
            .collect();
        found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.index.cmp(&b.index)));
        settle_ties(&mut found);
        found.truncate(n);
        found
    }

    fn proposal(&self, asked: &Name, index: usize) -> Option<Proposal> {
        let (confidence, reason) = self.verdict(asked, &self.names[index])?;
        (confidence >= LEAST).then(|| Proposal { index, confidence, reasons: vec![reason.to_owned()] })
    }

    fn verdict(&self, asked: &Name, target: &Name) -> Option<(f64, &'static str)> {
        if asked.key == target.key {
            return Some((1.0, "Same name"));
        }
        let (a, b) = (&asked.normal, &target.normal);
        if a.words.is_empty() || b.words.is_empty() {
            return None;
        }
        Some(if a.words == b.words {
            if a.forms == b.forms {
                (0.97, "Same name apart from accents, punctuation or \"The\"")
            } else if a.other_form(b) {
                (0.94, "Same name, but another legal form")
            } else {
                (0.97, "Same name apart from the legal form")
            }
        } else if a.sorted() == b.sorted() {
            (0.93, "Same words in another order")
        } else {
            let likeness = likeness(&a.words, &b.words, &self.weights);
            (NEAR * likeness, near_reason(&a.words, &b.words))
        })
    }

    /// Names worth comparing.
    fn candidates(&self, asked: &Normal) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        found.extend(self.joined.get(&asked.joined()).into_iter().flatten().copied());
        found.extend(self.sorted.get(&asked.sorted()).into_iter().flatten().copied());
        let mut lists: Vec<&Vec<usize>> = Vec::new();
        for word in &asked.words {
            lists.extend(self.words.get(word));
            lists.extend(self.misspelled(word).into_iter().filter_map(|w| self.words.get(w)));
        }
        lists.sort_by_key(|list| list.len());
        for list in lists {
            if found.len() >= CANDIDATES {
                break;
            }
            found.extend(list.iter().take(CANDIDATES).copied());
        }
        found
    }

    /// Words of the index that `word` may be meant to be.
    fn misspelled(&self, word: &str) -> Vec<&str> {
        let mut shared: HashMap<&str, u32> = HashMap::new();
        for trigram in trigrams(word) {
            for other in self.trigrams.get(&trigram).into_iter().flatten().filter(|o| *o != word) {
                *shared.entry(other).or_default() += 1;
            }
        }
        let mut likely: Vec<(&str, u32)> = shared.into_iter().collect();
        likely.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let likely = likely.into_iter().take(WORDS).map(|(other, _)| other);
        likely.filter(|other| same_word(word, other) > 0.0).collect()
    }
}

fn near_reason(a: &[String], b: &[String]) -> &'static str {
    let within = |a: &[String], b: &[String]| a.iter().all(|w| b.contains(w));
    if a.concat() != b.concat() && (within(a, b) || within(b, a)) {
        "One name has all words of the other"
    } else {
        "Spelled almost the same"
    }
}

/// When the best two are equally good, nobody can be sure of either.
fn settle_ties(found: &mut [Proposal]) {
    let Some(best) = found.first().map(|p| p.confidence) else { return };
    let tied = found.iter().take_while(|p| best - p.confidence < TIE).count();
    if tied > 1 {
        for proposal in &mut found[..tied] {
            proposal.confidence = proposal.confidence.min(NEAR);
            proposal.reasons.push("Two names are equally close".into());
        }
    }
}

/// Trigrams of a word long enough to be misspelled, its beginning and end included.
fn trigrams(word: &str) -> BTreeSet<[char; 3]> {
    let mut chars = vec![' '];
    chars.extend(word.chars());
    chars.push(' ');
    if chars.len() < 7 {
        return BTreeSet::new();
    }
    chars.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(name: &str, targets: &[&str]) -> Option<(usize, f64, String)> {
        let proposal = Matcher::new(targets).best(name)?;
        Some((proposal.index, proposal.confidence, proposal.reasons.join("; ")))
    }

    fn sure(index: usize, confidence: f64, reason: &str) -> Option<(usize, f64, String)> {
        Some((index, confidence, reason.to_owned()))
    }

    #[test]
    fn tells_how_sure_it_is() {
        let targets = ["Müller & Söhne", "Contoso Ltd", "Blue Yonder Airlines", "Fourth Coffee"];
        for (name, expected) in [
            ("müller  & SÖHNE", sure(0, 1.0, "Same name")),
            ("Muller and Sohne", sure(0, 0.97, "Same name apart from accents, punctuation or \"The\"")),
            ("The Contoso Limited", sure(1, 0.97, "Same name apart from accents, punctuation or \"The\"")),
            ("CONTOSO", sure(1, 0.97, "Same name apart from the legal form")),
            ("Contoso GmbH", sure(1, 0.94, "Same name, but another legal form")),
            ("Airlines, Blue Yonder", sure(2, 0.93, "Same words in another order")),
            ("FourthCoffee", sure(3, 0.9, "Spelled almost the same")),
            ("Tailspin Toys", None),
            ("Coffee", None),
            ("", None),
            ("***", None),
        ] {
            assert_eq!(best(name, &targets), expected, "{name}");
        }
    }

    #[test]
    fn proposes_near_spellings_but_is_never_sure() {
        for (name, target, reason) in [
            ("Contosso", "Contoso", "Spelled almost the same"),
            ("Fabricam Inc", "Fabrikam", "Spelled almost the same"),
            ("Wide World Importer", "Wide World Importers", "Spelled almost the same"),
            ("Wingtip Toys", "Wingtip Toys Berlin", "One name has all words of the other"),
            ("Adventure-Works Cycles", "Adventureworks Cycles", "Spelled almost the same"),
        ] {
            let targets =
                [target, "Northwind Traders", "Litware", "Proseware", "Trey Research", "Graphic Design"];
            let (index, confidence, why) = best(name, &targets).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((index, why.as_str()), (0, reason), "{name}");
            assert!((LEAST..=NEAR).contains(&confidence), "{name}: {confidence}");
        }
    }

    #[test]
    fn different_names_stay_apart() {
        for (name, target) in [
            ("Store 12", "Store 13"),
            ("Clinic 1 Springfield", "Clinic Springfield"),
            ("Acme North", "Acme South"),
            ("Springfield School District North", "Springfield School District South"),
            ("Acme", "Acne"),
            ("Contoso", "Contoso Dental"),
            ("Smith Plumbing", "Smith Dentistry"),
        ] {
            assert_eq!(best(name, &[target, "Northwind", "Litware", "Proseware"]), None, "{name}");
        }
    }

    #[test]
    fn two_equally_close_names_need_a_decision() {
        let tie = "Two names are equally close";
        assert_eq!(best("Contoso", &["Contoso", "contoso"]), sure(0, 0.9, &format!("Same name; {tie}")));
        let (_, confidence, why) = best("Contoso", &["Contoso Ltd", "Contoso GmbH"]).unwrap();
        assert_eq!((confidence, why.contains(tie)), (0.9, true));
        let exact = best("Contoso Ltd", &["Contoso GmbH", "Contoso Ltd", "Contoso"]);
        assert_eq!(exact, sure(1, 1.0, "Same name"));
    }

    #[test]
    fn lists_the_nearest_first() {
        let matcher = Matcher::new(["Contoso Berlin", "Contoso Ltd", "Contosso", "Litware"]);
        let told: Vec<usize> = matcher.top("Contoso", 5).into_iter().map(|p| p.index).collect();
        assert_eq!(told, [1, 2]);
        assert_eq!(matcher.top("Contoso", 0), []);
        assert_eq!(Matcher::new::<&str>([]).best("Contoso"), None);
    }
}
