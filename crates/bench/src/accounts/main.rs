//! `cargo xtask bench accounts`: whether the time of a refused sign-in tells which accounts there are.
//!
//! Somebody guesses the passwords of accounts that exist and of accounts that do not, by turns, as often as each account lets them
//! before it says to wait. The answers are the same; this measures that their time is, too, and fails when it is not.

use backend::{Config, Portal, session::Visitor};
use clap::{Parser, ValueEnum};
use domain::role::Role;
use serde_json::json;
use std::{
    error::Error,
    time::{Duration, Instant},
};

/// As in `msportal`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Guesses that an account allows before it says to wait (docs/security.md).
const GUESSES: usize = 10;

/// How far the medians may be apart, in percent of that of accounts that do not exist.
const GOAL: f64 = 5.0;

/// Measures refused sign-ins of accounts that exist and of those that do not
#[derive(Parser)]
#[command(name = "cargo xtask bench accounts")]
struct Options {
    /// Accounts that exist; as many others are guessed at
    #[arg(long, default_value_t = 40)]
    users: usize,
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    db: Engine,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

fn main() -> Outcome<()> {
    backend::use_small_pages();
    tokio::runtime::Runtime::new()?.block_on(run(&Options::parse()))
}

async fn run(options: &Options) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let mut config = Config::new(folder.path());
    if options.db == Engine::Postgres {
        config.database_url = Some(testkit::postgres_url().map_err(|error| error.to_string())?);
    }
    let portal = Portal::open(config, None).await?;
    let password = "seven quiet harbours";
    portal.create_portal(&Visitor::default(), "Bench", "Bench", "bench@example.com", password).await?;
    // Several tenants: an unknown account is none of theirs, and must not be quicker for it.
    portal.create_tenant("Other", "other@example.com").await?;
    for n in 0..options.users {
        portal.add_user(&format!("User {n}"), &known(n), password, Role::Read).await?;
    }
    let (mut there, mut not) = (Vec::new(), Vec::new());
    for guess in 0..GUESSES {
        for n in 0..options.users {
            // By turns who comes first: what warms up, or is cleaned up, does so for both.
            let unknown = format!("nobody{n}@example.com");
            if (guess + n) % 2 == 0 {
                there.push(refused(&portal, &known(n)).await?);
                not.push(refused(&portal, &unknown).await?);
            } else {
                not.push(refused(&portal, &unknown).await?);
                there.push(refused(&portal, &known(n)).await?);
            }
        }
    }
    let (there, not) = (Figures::of(there), Figures::of(not));
    println!("{:<22}{:>10}{:>10}{:>10}", "ms", "p10", "p50", "p90");
    for (name, figures) in [("account that exists", &there), ("account that does not", &not)] {
        println!("{name:<22}{:>10.2}{:>10.2}{:>10.2}", figures.p10, figures.p50, figures.p90);
    }
    let apart = (there.p50 - not.p50).abs() / not.p50 * 100.0;
    println!("{apart:.2} % apart in the median (goal: less than {GOAL})");
    println!("{}", json!({ "known_p50_ms": there.p50, "unknown_p50_ms": not.p50, "apart_percent": apart }));
    if apart < GOAL { Ok(()) } else { Err("the time of an answer tells which accounts there are".into()) }
}

fn known(n: usize) -> String {
    format!("user{n}@example.com")
}

/// How long it takes until a wrong guess is refused.
async fn refused(portal: &Portal, email: &str) -> Outcome<Duration> {
    let began = Instant::now();
    let answer = portal.sign_in(&Visitor::default(), email, "a wrong guess", None).await;
    let took = began.elapsed();
    match answer {
        Err(backend::Error::User(error)) if error.message.contains("wrong") => Ok(took),
        Err(error) => Err(error.into()),
        Ok(_) => Err("a wrong guess was right".into()),
    }
}

/// Of many durations, in ms.
struct Figures {
    p10: f64,
    p50: f64,
    p90: f64,
}

impl Figures {
    fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let at = |percent: usize| {
            all.get((all.len() * percent / 100).min(all.len().saturating_sub(1)))
                .map_or(0.0, |took| took.as_secs_f64() * 1000.0)
        };
        Self { p10: at(10), p50: at(50), p90: at(90) }
    }
}
