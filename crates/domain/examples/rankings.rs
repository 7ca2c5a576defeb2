//! Prints rankings of made-up names, every confidence to its last bit: the same lines are to come out of a server and of
//! wasm (`cargo xtask test --only same-in-wasm`).

#[path = "../src/matching/numbers.rs"]
mod numbers;

use domain::matching::{Asked, Matcher, Subject};
use numbers::Numbers;

const WORDS: &[&str] = &[
    "Contoso",
    "Fabrikam",
    "Litware",
    "Northwind",
    "Tailspin",
    "Dental",
    "Group",
    "Services",
    "Berlin",
    "Paris",
    "North",
    "South",
    "2",
    "Müller",
    "Söhne",
    "Ø",
    "株式会社",
    "O'Brien",
    "&",
    "GmbH",
    "Ltd",
    "formerly",
    "the",
    "Ünited",
    "(West)",
];

impl Numbers {
    fn subject(&mut self) -> Subject {
        let words = (0..=self.below(4)).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>();
        let mut subject = Subject::named(words.join(" "));
        if self.below(3) == 0 {
            subject.domains.push(format!("www.{}.example", WORDS[self.below(4)].to_lowercase()));
        }
        if self.below(5) == 0 {
            subject.addresses.push(format!("{} Mill Lane", self.below(9) + 1));
        }
        subject
    }
}

fn main() {
    let mut numbers = Numbers(7);
    let targets: Vec<Subject> = (0..400).map(|_| numbers.subject()).collect();
    let subjects: Vec<Subject> = (0..400).map(|_| numbers.subject()).collect();
    let matcher = Matcher::of(targets);
    let known: Vec<Vec<(usize, f64)>> = subjects
        .iter()
        .map(|_| match numbers.below(4) {
            0 => vec![(numbers.below(400), 0.25 * numbers.below(5) as f64)],
            _ => Vec::new(),
        })
        .collect();
    let asked = subjects.iter().zip(&known).map(|(subject, known)| Asked { subject, known, not: &[] });
    for (subject, ranking) in subjects.iter().zip(matcher.assign(asked)) {
        let shown = |p: &domain::matching::Proposal| {
            format!("{} {:016x} {}", p.index, p.confidence.to_bits(), p.reasons.join("; "))
        };
        println!(
            "{}\t{}\t{}\t{} {}",
            subject.name,
            ranking.best.as_ref().map(shown).unwrap_or_default(),
            ranking.runner_up.as_ref().map(shown).unwrap_or_default(),
            ranking.tied,
            ranking.conflict
        );
    }
}
