//! The steps of a long command: announced, timed, summed up.
use std::time::{Duration, Instant};

use crate::tools::Result;

enum Outcome {
    Passed,
    Failed(String),
    Skipped,
}

struct Step {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// Runs steps and remembers how they went.
#[derive(Default)]
pub struct Report {
    steps: Vec<Step>,
}

impl Report {
    /// Runs one step; a failure is noted, and the next step still runs. Says whether it passed.
    pub fn step(&mut self, name: &'static str, what: &str, work: impl FnOnce() -> Result<()>) -> bool {
        eprintln!("\n== {name}: {what}");
        let started = Instant::now();
        let done = work();
        let took = started.elapsed();
        let passed = done.is_ok();
        match &done {
            Ok(()) => eprintln!("== {name}: passed in {:.1} s", took.as_secs_f64()),
            Err(e) => eprintln!("== {name}: FAILED after {:.1} s: {e}", took.as_secs_f64()),
        }
        let outcome = done.map_or_else(|e| Outcome::Failed(e.to_string()), |()| Outcome::Passed);
        self.steps.push(Step { name, outcome, took });
        passed
    }

    /// Notes a step that was not asked for; nothing is wrong, so the next may build on it.
    pub fn skip(&mut self, name: &'static str) -> bool {
        self.steps.push(Step { name, outcome: Outcome::Skipped, took: Duration::ZERO });
        true
    }

    /// Prints the table and the closing line; an error if any step failed.
    pub fn finish(self) -> Result<()> {
        let mut counts = [0_u32; 3];
        let mut total = Duration::ZERO;
        println!("\n{:<16}{:>9}  result", "step", "seconds");
        for Step { name, outcome, took } in &self.steps {
            total += *took;
            let (kind, words) = match outcome {
                Outcome::Passed => (0, "passed".to_owned()),
                Outcome::Failed(why) => (1, format!("FAILED: {}", why.lines().next().unwrap_or_default())),
                Outcome::Skipped => (2, "skipped".to_owned()),
            };
            counts[kind] += 1;
            println!("{name:<16}{:>9.1}  {words}", took.as_secs_f64());
        }
        println!("{:<16}{:>9.1}\n", "total", total.as_secs_f64());
        let [passed, failed, skipped] = counts;
        let tail = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
        println!("{passed} passed, {failed} failed{tail}");
        if failed == 0 { Ok(()) } else { Err(format!("{failed} of the steps failed").into()) }
    }
}
