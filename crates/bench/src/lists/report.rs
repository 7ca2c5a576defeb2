//! The figures, as a table, with plans, and as a line of JSON.

use crate::{
    Outcome,
    files::Written,
    measure::{Figures, slowest, within},
    queries::{Group, Words},
};
use backend::{Tenant, tenant::Admin};
use serde_json::json;

/// A line for each kind.
pub fn table(all: &[Figures]) {
    println!("{:<46}{:>9}{:>9}{:>9}{:>9}{:>9}", "ms", "found", "cpu", "p50", "p99", "most");
    for f in all {
        let most = f.times.last().copied().unwrap_or_default();
        let (p50, p99) = (f.within(0.5), f.within(0.99));
        println!("{:<46}{:>9}{:>9.1}{p50:>9.1}{p99:>9.1}{most:>9.1}", f.name, f.found, f.cpu);
    }
}

/// A line for each file.
pub fn files(all: &[Written]) {
    println!("\n{:<46}{:>9}{:>9}{:>9}{:>12}{:>9}", "files", "rows", "MB", "s", "MB before", "most");
    for Written { name, rows, mb, seconds, before, most } in all {
        println!("{name:<46}{rows:>9}{mb:>9.1}{seconds:>9.1}{before:>12.1}{most:>9.1}");
    }
}

/// How the database goes about the slowest.
pub async fn plans(tenant: &Tenant<Admin>, words: &Words, all: &[Figures], most: usize) -> Outcome<()> {
    let lists = slowest(all).into_iter().filter_map(|figures| Some((figures, figures.slowest.as_ref()?)));
    for (figures, (kind, round)) in lists.take(most) {
        let (query, filter) = kind.ask(words, *round);
        let [count, page] = tenant.devices_plans(query, filter).await?;
        println!(
            "\n{}: count\n  {}\n{}: page\n  {}",
            figures.name,
            count.join("\n  "),
            figures.name,
            page.join("\n  ")
        );
    }
    Ok(())
}

/// All of a group together.
pub fn json(all: &[Figures], files: &[Written]) {
    let growth = files.iter().map(|file| file.most - file.before).fold(0.0, f64::max);
    let of = |group, share| {
        let mut times: Vec<f64> =
            all.iter().filter(|f| f.group == group).flat_map(|f| f.times.iter().copied()).collect();
        times.sort_by(f64::total_cmp);
        (within(&times, share) * 10.0).round() / 10.0
    };
    println!(
        "\n{}",
        json!({
            "page_p50_ms": of(Group::Page, 0.5), "page_p99_ms": of(Group::Page, 0.99),
            "deep_p99_ms": of(Group::Deep, 0.99),
            "report_p50_ms": of(Group::Report, 0.5), "report_p99_ms": of(Group::Report, 0.99),
            "search_p50_ms": of(Group::Search, 0.5), "search_p99_ms": of(Group::Search, 0.99),
            "why_p50_ms": of(Group::Why, 0.5), "why_p99_ms": of(Group::Why, 0.99),
            "export_growth_mb": (growth * 10.0).round() / 10.0,
            "html_p50_ms": of(Group::Html, 0.5), "html_p99_ms": of(Group::Html, 0.99),
        })
    );
}
