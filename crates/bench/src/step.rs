//! One step in a process of its own: told what to do by an argument, it prints its figures as a line of JSON.

use crate::{Outcome, floor, gauge::Figures, http::Address, product};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The first argument of such a process.
pub const WORD: &str = "step";

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// A fresh database takes the whole fleet
    First,
    /// Nothing has changed
    Unchanged,
    /// Devices have reported, and nothing else has changed
    Heartbeat,
    /// Everything staged becomes inventory
    Import,
    /// Nothing has changed, and the inventory is full
    AfterImport,
    /// Nothing has changed, and every answer takes 200 ms
    Slow,
}

impl Case {
    /// In the order in which they are measured.
    pub const ALL: [Self; 6] =
        [Self::First, Self::Unchanged, Self::Heartbeat, Self::Import, Self::AfterImport, Self::Slow];

    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first sync",
            Self::Unchanged => "unchanged re-sync",
            Self::Heartbeat => "heartbeat-only re-sync",
            Self::Import => "import of everything",
            Self::AfterImport => "re-sync after import",
            Self::Slow => "re-sync at 200 ms",
        }
    }

    /// The floor's case that this one is compared with.
    pub fn floor(self) -> Self {
        match self {
            Self::Import => Self::First,
            Self::AfterImport => Self::Unchanged,
            other => other,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    Floor,
    Product,
}

/// What a process is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// A portal, connected, with its organizations; not measured.
    Prepare,
    /// Mappings for everything; not measured.
    Map,
    Measure(Case),
}

/// A step: who does what, where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    pub who: Who,
    pub deed: Deed,
    pub place: Place,
    pub fleet: Address,
}

/// Where a database is: a folder for files, and the URL of a PostgreSQL database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    pub folder: PathBuf,
    pub url: Option<String>,
}

/// The other process: takes the step and prints the figures.
pub fn run(step: &str) -> Outcome<()> {
    let step: Step = serde_json::from_str(step)?;
    let figures = match (step.who, step.deed) {
        (Who::Floor, Deed::Measure(case)) => floor::run(&step, case)?,
        (Who::Floor, _) => Figures::default(),
        (Who::Product, _) => product::run(&step)?,
    };
    println!("{}", serde_json::to_string(&figures)?);
    Ok(())
}
