//! Labelled names.

use crate::measure::Answer;
use clap::ValueEnum;
use std::{collections::HashMap, error::Error, path::Path};
use xxhash_rust::xxh3::xxh3_64;

/// Half of the queries.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Half {
    All,
    /// To fit on
    Tuning,
    /// Never looked at while fitting
    Held,
}

/// Targets, and names with the target that is right, if any.
pub struct Labelled {
    pub targets: Vec<String>,
    pub queries: Vec<(String, Option<usize>)>,
}

impl Labelled {
    pub fn read(targets: &Path, queries: &Path, half: Half) -> Result<Self, Box<dyn Error>> {
        let (mut names, mut places) = (Vec::new(), HashMap::new());
        for row in csv::Reader::from_path(targets)?.deserialize::<(String, String)>() {
            let (index, name) = row?;
            places.insert(index.trim().to_owned(), names.len());
            names.push(name);
        }
        let mut asked = Vec::new();
        for row in csv::Reader::from_path(queries)?.deserialize::<(String, String)>() {
            let (name, index) = row?;
            if half == Half::All || xxh3_64(name.as_bytes()).is_multiple_of(2) == (half == Half::Tuning) {
                asked.push((name, places.get(index.trim()).copied()));
            }
        }
        Ok(Self { targets: names, queries: asked })
    }

    pub fn answerable(&self) -> usize {
        self.queries.iter().filter(|(_, right)| right.is_some()).count()
    }

    /// Prints what went wrong, surest first, then what is right but unsure, least sure first.
    pub fn show(&self, answers: &[Answer]) {
        let mut rows: Vec<(&Answer, &str)> =
            answers.iter().zip(&self.queries).map(|(a, (name, _))| (a, name.as_str())).collect();
        rows.sort_by(|a, b| b.0.confidence.total_cmp(&a.0.confidence).then(a.1.cmp(b.1)));
        let name = |index: Option<usize>| index.map_or("-", |i| self.targets[i].as_str());
        for (answer, asked) in rows {
            let mark = if answer.correct() { "right" } else { "WRONG" };
            if !answer.correct() || answer.confidence < 0.95 {
                let (given, right) = (name(answer.given), name(answer.right));
                println!("{mark} {:.3}  {asked}  =>  {given}  ({right})", answer.confidence);
            }
        }
    }
}
