//! How well `domain::matching` finds the right target of real names, beside Jaro-Winkler, token-set ratio and trigram
//! cosine on the same names. The last line is JSON.
mod baseline;
mod data;
mod measure;

use baseline::{Baseline, Way};
use clap::Parser;
use data::{Half, Labelled};
use domain::matching::{Matcher, QUICK_MATCH, Subject};
use measure::{Answer, Figures};
use rustix::time::{ClockId, clock_gettime};
use std::{error::Error, path::PathBuf};

#[derive(Parser)]
struct Args {
    /// CSV with the columns index,name
    #[arg(long)]
    targets: PathBuf,
    /// CSV with the columns name,target_index; no index where no target is right
    #[arg(long)]
    queries: PathBuf,
    /// Which queries to ask: halves are split by a hash of the name
    #[arg(long, value_enum, default_value_t = Half::All)]
    half: Half,
    /// Prints what is wrong, surest first, and what is right but unsure
    #[arg(long)]
    show: bool,
    /// Leaves the baselines out
    #[arg(long)]
    alone: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let data = Labelled::read(&args.targets, &args.queries, args.half)?;
    println!(
        "{} targets, {} queries, {} of them answerable",
        data.targets.len(),
        data.queries.len(),
        data.answerable()
    );
    println!(
        "{:<16} {:>7} {:>10} {:>10} {:>12} {:>8}",
        "", "top-1", "recall@95", "recall@99", "calibration", "CPU s"
    );
    if !args.alone {
        for way in [Way::JaroWinkler, Way::TokenSet, Way::TrigramCosine] {
            let (answers, cpu) = timed(|| Baseline::new(way, &data.targets).answers(&data));
            Figures::of(&answers, cpu).print(way.name());
        }
    }
    let (answers, cpu) = timed(|| matched(&data));
    let figures = Figures::of(&answers, cpu);
    figures.print("portal");
    measure::print_bands(&answers, QUICK_MATCH);
    if args.show {
        data.show(&answers);
    }
    println!("{}", figures.json());
    Ok(())
}

fn matched(data: &Labelled) -> Vec<Answer> {
    let matcher = Matcher::new(&data.targets);
    let answer = |(name, right): &(String, Option<usize>)| {
        let best = matcher.rank(&Subject::named(name), &[]).best;
        Answer {
            right: *right,
            given: best.as_ref().map(|b| b.index),
            confidence: best.map_or(0.0, |b| b.confidence),
        }
    };
    data.queries.iter().map(answer).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let start = now();
    let done = work();
    (done, now() - start)
}
