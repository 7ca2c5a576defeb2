//! The results, and their tables.

use crate::{
    gauge::Figures,
    step::{Case, Engine, Who},
};
use serde_json::json;
use std::collections::BTreeMap;

/// All figures, by what was measured.
#[derive(Default)]
pub struct Results(BTreeMap<(Engine, u32, Case, Who), Vec<Figures>>);

impl Results {
    pub fn add(&mut self, engine: Engine, devices: u32, case: Case, who: Who, figures: Figures) {
        self.0.entry((engine, devices, case, who)).or_default().push(figures);
    }

    /// The best run by processor time, with the least wall time, the most memory and any trouble of all runs.
    pub fn best(&self, engine: Engine, devices: u32, case: Case, who: Who) -> Option<Figures> {
        let runs = self.0.get(&(engine, devices, case, who))?;
        let best = runs.iter().min_by(|a, b| a.cpu_s.total_cmp(&b.cpu_s))?;
        Some(Figures {
            wall_s: runs.iter().map(|f| f.wall_s).fold(f64::INFINITY, f64::min),
            peak_mb: runs.iter().map(|f| f.peak_mb).fold(0.0, f64::max),
            trouble: runs.iter().find_map(|f| f.trouble.clone()),
            ..best.clone()
        })
    }

    /// The portal's processor time beside that of the floor's case it is compared with.
    pub fn ratio(&self, engine: Engine, devices: u32, case: Case) -> Option<f64> {
        let floor = self.best(engine, devices, case.floor(), Who::Floor)?;
        Some(self.best(engine, devices, case, Who::Product)?.cpu_s / floor.cpu_s)
    }

    /// The sizes that were measured on a database.
    pub fn sizes(&self, engine: Engine) -> Vec<u32> {
        let mut sizes: Vec<u32> = self.0.keys().filter(|key| key.0 == engine).map(|key| key.1).collect();
        sizes.dedup();
        sizes
    }
}

/// Prints one table, and one line of JSON for each case.
pub fn report(results: &Results, engine: Engine, devices: u32, runs: u32) {
    println!("\n{}, {devices} devices, best of {runs}\n", engine.name());
    println!(
        "{:<32}{:>9}{:>9}{:>9}{:>9}{:>10}{:>9}{:>12}{:>11}{:>7}",
        "", "requests", "rows", "wall s", "cpu s", "server s", "peak MB", "written kB", "inventory", "ratio"
    );
    for case in Case::ALL {
        for who in [Who::Floor, Who::Product] {
            if let Some(f) = results.best(engine, devices, case, who) {
                let ratio = results.ratio(engine, devices, case).filter(|_| who == Who::Product);
                line(case, who, &f, ratio);
            }
        }
    }
    println!();
    for case in Case::ALL {
        let [floor, product] = [Who::Floor, Who::Product].map(|who| results.best(engine, devices, case, who));
        if product.is_some() {
            let ratio = results.ratio(engine, devices, case);
            println!(
                "{}",
                json!({"database": engine, "devices": devices, "case": case, "ratio": ratio, "floor": floor, "product": product})
            );
        }
    }
}

fn line(case: Case, who: Who, f: &Figures, ratio: Option<f64>) {
    let name = format!("{}, {}", case.name(), if who == Who::Floor { "floor" } else { "portal" });
    println!(
        "{name:<32}{:>9}{:>9}{:>9.2}{:>9.2}{:>10.2}{:>9.0}{:>12.0}{:>11}{:>7}  {}",
        f.requests,
        f.rows,
        f.wall_s,
        f.cpu_s,
        f.server_cpu_s,
        f.peak_mb,
        f.written_kb,
        f.inventory_rows,
        ratio.map(|r| format!("{r:.2}")).unwrap_or_default(),
        f.trouble.as_deref().unwrap_or_default()
    );
}
