//! What to measure.

use crate::step::{Case, Engine};
use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// Measures syncs: the portal's own, and the floor, by turns.
#[derive(Parser)]
#[command(name = "cargo xtask bench sync")]
pub struct Options {
    /// Sizes of the fleets
    #[arg(long, value_delimiter = ',', default_values_t = [20_000, 100_000])]
    pub devices: Vec<u32>,
    #[arg(long, value_enum, default_value_t = Databases::Both)]
    pub db: Databases,
    /// Every case is measured this often; the best run counts
    #[arg(long, default_value_t = 3)]
    pub runs: u32,
    /// Only these cases (all steps that they need are taken)
    #[arg(long, value_enum, value_delimiter = ',')]
    pub only: Vec<Case>,
    /// Records the portal's steps with `perf` into this folder, one file for each case
    #[arg(long, value_name = "FOLDER")]
    pub profile: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Databases {
    Sqlite,
    Postgres,
    Both,
}

impl Options {
    /// The databases to measure on.
    pub fn engines(&self) -> &'static [Engine] {
        match self.db {
            Databases::Sqlite => &[Engine::Sqlite],
            Databases::Postgres => &[Engine::Postgres],
            Databases::Both => &[Engine::Sqlite, Engine::Postgres],
        }
    }

    /// Whether a case is wanted. The answers over a slow line are for large fleets.
    pub fn wants(&self, case: Case, devices: u32) -> bool {
        match self.only.is_empty() {
            true => case != Case::Slow || devices >= 100_000,
            false => self.only.contains(&case),
        }
    }
}
