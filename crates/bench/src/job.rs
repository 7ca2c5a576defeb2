//! The job: servers, and the steps of floor and portal by turns.

use crate::{
    Outcome,
    fleet::Fleet,
    gauge::Figures,
    options::Options,
    postgres_server::Server,
    report::{Results, report},
    step::{self, Case, Deed, Engine, Place, Step, Who},
    targets,
};
use std::{
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// Seconds that every answer takes over the slow line.
const SLOW: f64 = 0.2;

pub fn run(options: &Options) -> Outcome<()> {
    let mut all = Results::default();
    for &engine in options.engines() {
        for &devices in &options.devices {
            let mut fleet = Fleet::start(devices)?;
            let mut job = Job { options, engine, devices, approved: fleet.approved()?, results: &mut all };
            for number in 0..options.runs.max(1) {
                job.round(&mut fleet, number == 0)?;
            }
            report(&all, engine, devices, options.runs);
        }
    }
    targets::print(&all);
    Ok(())
}

struct Job<'a> {
    options: &'a Options,
    engine: Engine,
    devices: u32,
    approved: i64,
    results: &'a mut Results,
}

impl Job<'_> {
    /// Every case once, from fresh databases on.
    fn round(&mut self, fleet: &mut Fleet, first: bool) -> Outcome<()> {
        let folders = (tempfile::tempdir()?, tempfile::tempdir()?);
        let places = (self.place(&folders.0)?, self.place(&folders.1)?);
        let fleet_at = fleet.address.clone();
        let base =
            |who, deed, place: &Place| Step { who, deed, place: place.clone(), fleet: fleet_at.clone() };
        spawn(&base(Who::Product, Deed::Prepare, &places.1), None)?;
        for case in Case::ALL {
            let needed = case == Case::First || (case == Case::Import && self.wants(Case::AfterImport));
            if !self.wants(case) && !needed {
                continue;
            }
            match case {
                Case::Heartbeat => fleet.heartbeat()?,
                Case::Import => drop(spawn(&base(Who::Product, Deed::Map, &places.1), None)?),
                Case::Slow if !first => continue,
                Case::Slow => fleet.latency(SLOW)?,
                _ => {}
            }
            if case.floor() == case && case != Case::Slow {
                self.measure(&base(Who::Floor, Deed::Measure(case), &places.0), case, None)?;
            }
            let profile = self.options.profile.as_deref().filter(|_| first && self.wants(case));
            self.measure(&base(Who::Product, Deed::Measure(case), &places.1), case, profile)?;
        }
        fleet.latency(0.0)?;
        let urls: Vec<String> = [places.0.url, places.1.url].into_iter().flatten().collect();
        urls.first().map_or(Ok(()), |base| Server::drop_databases(&maintenance(base), &urls))
    }

    fn wants(&self, case: Case) -> bool {
        self.options.wants(case, self.devices)
    }

    fn place(&self, folder: &TempDir) -> Outcome<Place> {
        let url = match self.engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(testkit::postgres_url().map_err(|e| e.to_string())?),
        };
        Ok(Place { folder: folder.path().to_owned(), url })
    }

    fn measure(&mut self, step: &Step, case: Case, profile: Option<&Path>) -> Outcome<()> {
        let record = profile.map(|folder| {
            folder.join(format!("{}-{}-{case:?}.perf", self.engine.name(), self.devices).to_lowercase())
        });
        let mut figures = spawn(step, record.as_deref())?;
        if figures.rows != self.approved {
            let rows = format!("{} rows instead of {}", figures.rows, self.approved);
            figures.trouble = Some(figures.trouble.map_or(rows.clone(), |t| format!("{t}; {rows}")));
        }
        self.results.add(self.engine, self.devices, case, step.who, figures);
        Ok(())
    }
}

/// The server's own database.
fn maintenance(url: &str) -> String {
    url.rsplit_once('/').map_or(url.to_owned(), |(server, _)| format!("{server}/postgres"))
}

/// Takes a step in a process of its own, recorded by `perf` into a file when asked.
fn spawn(step: &Step, record: Option<&Path>) -> Outcome<Figures> {
    let program = std::env::current_exe()?;
    let mut command = match record {
        None => Command::new(&program),
        Some(file) => {
            std::fs::create_dir_all(file.parent().unwrap_or(file))?;
            let mut perf = Command::new("perf");
            perf.args(["record", "-q", "-e", "cpu-clock", "-F", "997", "--call-graph", "dwarf,16384", "-o"]);
            perf.arg(file).arg("--").arg(&program);
            perf
        }
    };
    let output =
        command.arg(step::WORD).arg(serde_json::to_string(step)?).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{:?} of the {:?}: {}", step.deed, step.who, output.status).into());
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(serde_json::from_str(text.lines().last().ok_or("no figures")?)?)
}
