//! `cargo xtask bench sync`: the product's sync beside the floor, which is what the machine allows.
//!
//! Both do the same work in the same job, by turns: read a fleet from the simulator, which keeps its pages and runs in
//! a process of its own, and bring a database up to date. Each step runs in a fresh process, so that its processor time
//! and memory are its own. What counts is the ratio of the two; the targets are printed beside it.
//!
//! * [`job`] starts servers and steps; [`step`] is one step in its process.
//! * [`floor`] is the measuring stick, [`product`] the portal's own run.
//! * [`gauge`] measures; [`report`] and [`targets`] print.

mod fleet;
mod floor;
mod gauge;
mod http;
mod inventory;
mod job;
mod memory;
mod options;
mod postgres_server;
mod product;
mod report;
mod sqlite_file;
mod step;
mod targets;

use clap::Parser;

/// As in `msportal`; the floor has it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use std::error::Error;

/// The result of everything here.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    match words.next().as_deref() {
        Some(fleet::WORD) => fleet::serve(&words.next().ok_or("how many devices?")?),
        Some(step::WORD) => step::run(&words.next().ok_or("which step?")?),
        _ => job::run(&options::Options::parse()),
    }
}
