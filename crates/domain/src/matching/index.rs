//! Which targets are worth comparing with a name.

use super::{lexicon::Kind, near::sound, normal::Normal, terms::Term};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Most targets that are compared in full with one name.
const CANDIDATES: usize = 40;
/// Most words of the index that one word is compared with.
const ALIKE: usize = 24;
/// Most entries of trigrams that are counted for one word.
const POSTINGS: usize = 6000;
/// Words of more targets than this are looked up only when nothing rarer is found.
const FREQUENT: usize = 400;

/// Targets by their words, what these sound like, their letters, and by whole names.
#[derive(Default)]
pub(super) struct Index {
    /// By whole names: the words run together, in alphabetical order, and initials.
    whole: FxHashMap<String, Vec<u32>>,
    vocabulary: FxHashMap<String, u32>,
    /// Targets of each word.
    targets: Vec<Vec<u32>>,
    sounds: FxHashMap<String, Vec<u32>>,
    trigrams: FxHashMap<[char; 3], Vec<u32>>,
}

impl Index {
    pub fn add(&mut self, target: usize, name: &Normal, terms: &[Term]) {
        let target = target as u32;
        for key in whole(name, terms) {
            push(self.whole.entry(key).or_default(), target);
        }
        for (word, _) in words(terms) {
            let id = match self.vocabulary.get(&word) {
                Some(id) => *id,
                None => self.learn(word),
            };
            push(&mut self.targets[id as usize], target);
        }
    }

    fn learn(&mut self, word: String) -> u32 {
        let id = self.targets.len() as u32;
        self.targets.push(Vec::new());
        for trigram in trigrams(&word) {
            self.trigrams.entry(trigram).or_default().push(id);
        }
        let sound = sound(&word);
        if sound.len() >= 4 {
            self.sounds.entry(sound).or_default().push(id);
        }
        self.vocabulary.insert(word, id);
        id
    }

    /// Targets that share a whole spelling, a word, or a word that looks or sounds alike; the likeliest ones only.
    pub fn candidates(&self, name: &Normal, terms: &[Term]) -> Vec<usize> {
        let mut votes: FxHashMap<u32, f64> = FxHashMap::default();
        let mut frequent = Vec::new();
        for (word, weight) in words(terms) {
            for (id, likeness) in self.alike(&word) {
                let list = &self.targets[id as usize];
                if list.len() > FREQUENT {
                    frequent.push((list, weight * likeness));
                    continue;
                }
                vote(&mut votes, list, weight * likeness);
            }
        }
        if votes.len() < CANDIDATES {
            frequent.into_iter().for_each(|(list, weight)| vote(&mut votes, &list[..FREQUENT], weight));
        }
        for key in whole(name, terms) {
            vote(&mut votes, self.whole.get(&key).map_or(&[], Vec::as_slice), 10.0);
        }
        let mut likely: Vec<(u32, f64)> = votes.into_iter().collect();
        likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        likely.truncate(CANDIDATES);
        likely.into_iter().map(|(target, _)| target as usize).collect()
    }

    /// Words of the index that `word` is or may be, with how alike they are.
    fn alike(&self, word: &str) -> Vec<(u32, f64)> {
        let mut found: Vec<(u32, f64)> = self.vocabulary.get(word).map(|id| (*id, 1.0)).into_iter().collect();
        let same_sound = self.sounds.get(&sound(word)).into_iter().flatten();
        found.extend(same_sound.take(ALIKE).map(|id| (*id, 0.9)));
        found.extend(self.lettered(word));
        found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        found.dedup_by_key(|f| f.0);
        found
    }

    /// Words that share at least a third of the letters' trigrams; those that most words have are left out.
    fn lettered(&self, word: &str) -> Vec<(u32, f64)> {
        let letters = trigrams(word);
        let mut lists: Vec<&Vec<u32>> = letters.iter().filter_map(|t| self.trigrams.get(t)).collect();
        lists.sort_by_key(|list| list.len());
        let mut counts = vec![0_u32; self.targets.len()];
        let (mut touched, mut seen, mut used) = (Vec::new(), 0, letters.len() - lists.len());
        for list in lists {
            seen += list.len();
            if seen > POSTINGS {
                break;
            }
            used += 1;
            for id in list {
                let count = &mut counts[*id as usize];
                if *count == 0 {
                    touched.push(*id);
                }
                *count += 1;
            }
        }
        let least = (used as u32).div_ceil(3).max(1);
        touched.retain(|id| counts[*id as usize] >= least);
        touched.sort_by(|a, b| counts[*b as usize].cmp(&counts[*a as usize]).then(a.cmp(b)));
        touched.truncate(ALIKE);
        let share = |id: u32| 0.8 * f64::from(counts[id as usize]) / used.max(1) as f64;
        touched.into_iter().map(|id| (id, share(id))).collect()
    }
}

fn push(list: &mut Vec<u32>, target: u32) {
    if list.last() != Some(&target) {
        list.push(target);
    }
}

fn vote(votes: &mut FxHashMap<u32, f64>, targets: &[u32], weight: f64) {
    for target in targets {
        *votes.entry(*target).or_default() += weight;
    }
}

/// What a name as a whole is found by.
fn whole(name: &Normal, terms: &[Term]) -> BTreeSet<String> {
    let mut keys = BTreeSet::from([name.joined(), name.sorted().join(" ")]);
    let core = |links: bool| terms.iter().filter(move |t| !t.after && (links || t.kind != Kind::Link));
    keys.insert(core(true).map(|t| t.text.as_str()).collect());
    let initials = |links| core(links).filter_map(|t| t.text.chars().next()).collect::<String>();
    keys.extend([initials(true), initials(false)].into_iter().filter(|i| i.chars().count() >= 3));
    keys.retain(|k| !k.is_empty());
    keys
}

/// The words a name is found by: plain spellings, and neighbours run together; with what they say.
fn words(terms: &[Term]) -> Vec<(String, f64)> {
    let said = terms.iter().filter(|t| !matches!(t.kind, Kind::Link));
    let mut words: Vec<(String, f64)> = said.map(|t| (t.plain.clone(), t.weight)).collect();
    for pair in terms.windows(2) {
        words.push((format!("{}{}", pair[0].text, pair[1].text), pair[0].weight.max(pair[1].weight)));
    }
    words
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
