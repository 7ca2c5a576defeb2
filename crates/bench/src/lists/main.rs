//! `cargo xtask bench inventory`: how long lists of devices take with very many of them.
//!
//! [`seed`] fills a portal the way it is filled in use (a sync and an import from a simulator), and changes devices so that
//! every filter finds some; [`multiply`] copies that tenant on PostgreSQL. [`queries`] are what people ask for, [`measure`] asks
//! it, [`reports`] asks for reports, [`why`] asks why, [`pages`] for whole pages, [`files`] for files; [`report`] prints.

mod files;
mod measure;
#[path = "../memory.rs"]
mod memory;
mod multiply;
mod pages;
mod queries;
mod report;
mod reports;
mod seed;
mod why;

use clap::{Parser, ValueEnum};
use std::error::Error;

/// As in `msportal`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The result of everything here.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures lists, searches and pages of the inventory.
#[derive(Parser)]
#[command(name = "cargo xtask bench inventory")]
struct Options {
    /// Devices in all
    #[arg(long, default_value_t = 100_000)]
    devices: u32,
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    db: Engine,
    /// Tenants that they are spread over; more than one on PostgreSQL only
    #[arg(long, default_value_t = 1)]
    tenants: u32,
    /// How often each kind of query is asked, with other words and pages each time
    #[arg(long, default_value_t = 40)]
    rounds: u32,
    /// Prints the query plans of the slowest kinds, so many
    #[arg(long, default_value_t = 3)]
    plans: usize,
    /// Only kinds whose name holds this
    #[arg(long)]
    only: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

fn main() -> Outcome<()> {
    backend::use_small_pages();
    let options = Options::parse();
    tokio::runtime::Runtime::new()?.block_on(run(&options))
}

async fn run(options: &Options) -> Outcome<()> {
    let place = seed::Place::new(options.db)?;
    let seeded = seed::seed(&place, options.devices / options.tenants.max(1)).await?;
    if options.tenants > 1 {
        let url = place.url.clone().ok_or("several tenants need PostgreSQL")?;
        let tenants = options.tenants;
        tokio::task::spawn_blocking(move || {
            multiply::multiply(&url, tenants).map_err(|error| error.to_string())
        })
        .await??;
    }
    let words = queries::Words::read(&seeded.tenant).await?;
    let mut all = measure::lists(&seeded.tenant, &words, options.rounds, options.only.as_deref()).await?;
    all.extend(reports::measure(&seeded.tenant, &words, options.rounds, options.only.as_deref()).await?);
    all.extend(why::why(&seeded.tenant, &words, options.rounds, options.only.as_deref()).await?);
    all.extend(pages::pages(&seeded, &words, options.rounds, options.only.as_deref()).await?);
    let files = files::files(&seeded).await?;
    report::table(&all);
    report::files(&files);
    report::plans(&seeded.tenant, &words, &all, options.plans).await?;
    report::json(&all, &files);
    Ok(())
}
