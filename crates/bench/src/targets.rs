//! What the figures should be, printed beside what they are. Nothing fails here.

use crate::{
    report::Results,
    step::{Case, Engine, Who},
};

/// Prints every target that was measured.
pub fn print(results: &Results) {
    println!("\ntargets\n");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for devices in results.sizes(engine) {
            let title = format!("{}, {devices}: ", engine.name());
            for (text, value, most, unit) in of_size(results, engine, devices) {
                line(&format!("{title}{text}"), value, most, unit);
            }
        }
        if let Some(growth) = growth(results, engine) {
            line(&format!("{}: memory growth over sizes", engine.name()), growth, 60.0, " MB");
        }
    }
}

type Target = (&'static str, f64, f64, &'static str);

fn of_size(results: &Results, engine: Engine, devices: u32) -> Vec<Target> {
    let first = if engine == Engine::Sqlite { 2.0 } else { 1.7 };
    let ratio = |case, text, most| results.ratio(engine, devices, case).map(|r| (text, r, most, "x"));
    let product = |case| results.best(engine, devices, case, Who::Product);
    let unchanged = product(Case::Unchanged);
    let of_100_000 = |text, value, most, unit| (devices == 100_000).then_some((text, value, most, unit));
    [
        ratio(Case::First, "first sync, CPU", first),
        ratio(Case::Unchanged, "unchanged re-sync, CPU", 1.8),
        unchanged.as_ref().map(|f| ("unchanged re-sync, inventory rows", f.inventory_rows as f64, 0.0, "")),
        unchanged.map(|f| ("unchanged re-sync, written", f.written_kb, 64.0, " kB")),
        product(Case::Heartbeat)
            .map(|f| ("heartbeat-only re-sync, written", f.written_kb / 1024.0, 3.0, " MB")),
        ratio(Case::Import, "import of everything, CPU", 2.0),
        product(Case::Slow).and_then(|f| of_100_000("re-sync at 200 ms, wall", f.wall_s, 6.0, " s")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The largest growth of the portal's memory from the smallest fleet to the largest, over all cases.
fn growth(results: &Results, engine: Engine) -> Option<f64> {
    let sizes = results.sizes(engine);
    let (small, large) = (sizes.iter().min()?, sizes.iter().max()?);
    if small == large {
        return None;
    }
    let peak = |devices, case| results.best(engine, devices, case, Who::Product).map(|f| f.peak_mb);
    Case::ALL.iter().filter_map(|case| Some(peak(*large, *case)? - peak(*small, *case)?)).reduce(f64::max)
}

fn line(text: &str, value: f64, most: f64, unit: &str) {
    let verdict = if value <= most { "met" } else { "not met" };
    println!("{text:<58}{value:>9.2}{unit:<4} at most {most:>5}{unit:<4} {verdict}");
}
