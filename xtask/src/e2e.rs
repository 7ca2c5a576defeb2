//! The browser tests: a fresh server, a simulated NinjaOne, and Playwright.
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use testkit::{Postgres, Supervised};

use crate::{
    browser, build, npm,
    tools::{Profile, Result, call, site, target},
};

#[derive(clap::Args)]
pub struct Args {
    /// On PostgreSQL instead of SQLite
    #[arg(long)]
    postgres: bool,
    /// Only tests whose title matches
    #[arg(long)]
    grep: Option<String>,
    /// With the optimised, self-contained server
    #[arg(long)]
    release: bool,
    /// Instead of the tests: pictures of the inventory's pages with so many devices, such as 0,1,50,100000
    #[arg(long, value_delimiter = ',')]
    devices: Vec<u32>,
}

pub fn run(args: &Args) -> Result<()> {
    let profile = Profile { release: args.release };
    build::assets(profile)?;
    build::server(profile, build::WITH_SIMULATOR)?;
    if !args.devices.is_empty() {
        return args.devices.iter().try_for_each(|devices| sized(profile, *devices));
    }
    let specs = Specs { grep: args.grep.as_deref(), looks: Looks::Pictures };
    if !args.postgres {
        return sqlite(profile, &specs);
    }
    match std::env::var(testkit::TEST_PG) {
        Ok(base) => postgres(profile, &specs, &|| testkit::create_database_on(&base)),
        Err(_) => {
            let server = Postgres::start()?;
            postgres(profile, &specs, &|| server.create_database())
        }
    }
}

/// The address of an empty PostgreSQL database, and the server that ends with it unless it is the developer's own.
pub fn new_postgres() -> Result<(Option<String>, Option<Postgres>)> {
    if let Ok(base) = std::env::var(testkit::TEST_PG) {
        return Ok((Some(testkit::create_database_on(&base)?), None));
    }
    let server = Postgres::start()?;
    Ok((Some(server.create_database()?), Some(server)))
}

/// Pictures of the inventory's pages at a portal with that many devices, on SQLite.
fn sized(profile: Profile, devices: u32) -> Result<()> {
    let _turn = my_turn()?;
    let (number, organizations) = (devices.to_string(), (devices / 200).clamp(3, 500).to_string());
    let fleet = ["--devices", &number, "--organizations", &organizations];
    let simulators = [Simulator::start(profile, "sizes", "SIM", &fleet)?];
    let server = Portal::start(profile, "sizes", None, &simulators)?;
    let mut tests = playwright(&server, &simulators)?;
    tests.args(["--config", "sizes.config.ts"]).env("DEVICES", &number);
    let tested = call(&mut tests);
    server.stop()?;
    tested
}

/// Which browser tests, and how closely they look at the pages they come to.
pub struct Specs<'a> {
    /// Only those whose title matches.
    pub grep: Option<&'a str>,
    pub looks: Looks,
}

/// `LOOKS` of the specs: a page looks the same on every database, and its pictures are for people.
#[derive(Clone, Copy)]
pub enum Looks {
    /// Neither barriers nor pictures.
    Nothing,
    /// What shuts somebody out, and whether a small screen holds it.
    Barriers,
    /// That, and pictures of each page in both themes and widths.
    Pictures,
}

impl Looks {
    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Barriers => "barriers",
            Self::Pictures => "pictures",
        }
    }
}

/// Makes an empty database and answers its address; `None` for a SQLite file in the data folder.
type NewDatabase<'a> = Option<&'a dyn Fn() -> Result<String>>;

/// Browser tests on a new SQLite file.
pub fn sqlite(profile: Profile, specs: &Specs) -> Result<()> {
    all(profile, specs, "sqlite", None)
}

/// Browser tests on an empty PostgreSQL database.
pub fn postgres(profile: Profile, specs: &Specs, new: &dyn Fn() -> Result<String>) -> Result<()> {
    all(profile, specs, "postgres", Some(new))
}

/// Fresh servers on which a test may fail before it counts as failed. The specs share one server and wait for what a
/// loaded machine may be late with; each arranges what it needs, so that it can be tried alone.
const ATTEMPTS: u32 = 3;

fn all(profile: Profile, specs: &Specs, db: &str, new: NewDatabase) -> Result<()> {
    let _turn = my_turn()?;
    let mut attempt = 1;
    loop {
        let url = new.map(|new| new()).transpose()?;
        match session(profile, specs, db, url.as_deref(), attempt > 1)? {
            Ok(()) => return Ok(()),
            Err(failed) if attempt == ATTEMPTS => return Err(failed),
            Err(failed) => eprintln!("{failed}; what failed is tried again on a fresh server"),
        }
        attempt += 1;
    }
}

/// One server and the tests on it: the outer error is the server's (a panic, no clean stop), the inner one the tests'.
fn session(
    profile: Profile,
    specs: &Specs,
    db: &str,
    url: Option<&str>,
    only_failed: bool,
) -> Result<Result<()>> {
    let simulators =
        [Simulator::start(profile, db, "SIM", &["--demo"])?, Simulator::start(profile, db, "SIM2", SECOND)?];
    let server = Portal::start(profile, db, url, &simulators)?;
    let mut tests = playwright(&server, &simulators)?;
    tests.env("LOOKS", specs.looks.name());
    if let Some(grep) = specs.grep {
        tests.args(["--grep", grep]);
    }
    if only_failed {
        tests.arg("--last-failed");
    }
    let tested = call(&mut tests);
    server.stop()?;
    Ok(tested)
}

/// Another account of the same MSP.
const SECOND: &[&str] = &["--seed", "9", "--organizations", "6", "--devices", "40"];

/// The specs against these, with `SIM_URL` and so on for each of the simulators.
pub fn playwright(server: &Portal, simulators: &[Simulator]) -> Result<Command> {
    let end2end = npm::install("end2end")?;
    let browser = browser::ensure(&end2end)?;
    let mut tests = Command::new("npx");
    tests.args(["playwright", "test"]).current_dir(end2end).stdin(Stdio::null());
    addresses(&mut tests, server, simulators);
    tests.env("MAIL_HOST", &server.mail);
    match browser {
        Some(path) => tests.env("CHROMIUM", path),
        None => tests.env_remove("CHROMIUM"),
    };
    Ok(tests)
}

/// Where these are: `BASE_URL`, and `SIM_URL` and so on for each of the simulators.
pub fn addresses(command: &mut Command, server: &Portal, simulators: &[Simulator]) {
    command.env("BASE_URL", server.url());
    for Simulator { name, host, client_id, client_secret, .. } in simulators {
        command.env(format!("{name}_URL"), format!("http://{host}"));
        command.env(format!("{name}_CLIENT_ID"), client_id);
        command.env(format!("{name}_CLIENT_SECRET"), client_secret);
    }
}

/// Two runs at once would share log and data folder: the second waits. Freed when dropped.
pub fn my_turn() -> Result<fs::File> {
    let lock = fs::File::create(target().join("e2e.lock"))?;
    if lock.try_lock().is_err() {
        eprintln!("waiting for the browser tests that run already");
        lock.lock()?;
    }
    Ok(lock)
}

/// The running portal.
pub struct Portal {
    host: String,
    /// Where it sends mails: a spec may listen there.
    mail: String,
    log: PathBuf,
    process: Supervised,
}

impl Portal {
    /// On a database of this kind (`url` unless it is a new SQLite file), allowed to reach the simulators.
    pub fn start(profile: Profile, db: &str, url: Option<&str>, simulators: &[Simulator]) -> Result<Self> {
        Self::start_with(profile, db, url, simulators, &[])
    }

    /// The same with flags of its own.
    pub fn start_with(
        profile: Profile,
        db: &str,
        url: Option<&str>,
        simulators: &[Simulator],
        flags: &[&str],
    ) -> Result<Self> {
        let data = target().join(format!("e2e-{db}-data"));
        remove(&data)?;
        let mut serve = Command::new(profile.server());
        forget_settings(&mut serve);
        let hosts: Vec<&str> = simulators.iter().map(|s| s.host.as_str()).collect();
        let (listen, mail) = (free_address()?, free_address()?);
        serve.args(["serve", "--listen", &listen, "--allow-private-hosts", &hosts.join(",")]);
        serve.args(["--smtp-url", &format!("smtp://{mail}"), "--mail-from", "MSPortal <portal@msp.example>"]);
        serve.args(["--public-url", &format!("http://{listen}"), "--sign-up"]);
        serve.arg("--data-dir").arg(data).args(flags);
        if let Some(url) = url {
            serve.args(["--database-url", url]);
        }
        if !profile.release {
            serve.env("MSPORTAL_SITE", site());
        }
        // A panic is a failure, and says how it came about.
        serve.env("RUST_BACKTRACE", "1");
        let log = target().join(format!("e2e-{db}.log"));
        let mut process = Supervised::start("msportal", &serve, &log)?;
        let host = process.wait_for("listening on http://", Duration::from_secs(60))?;
        eprintln!("msportal on {host}, log {}", log.display());
        Ok(Self { host, mail, log, process })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.host)
    }

    /// Asks it to stop; fails if it did not do so in peace, or panicked before.
    pub fn stop(self) -> Result<()> {
        let Self { log, process, .. } = self;
        let status = process.stop()?;
        let text = fs::read_to_string(&log)?;
        if let Some(line) = panicked(&text) {
            return Err(format!("the server panicked, see {}: {line}", log.display()).into());
        }
        if status.success() {
            return Ok(());
        }
        Err(format!("the server did not stop on SIGTERM as it should ({status}), see {}", log.display())
            .into())
    }
}

/// A running simulated NinjaOne.
pub struct Simulator {
    /// What the specs call it.
    name: &'static str,
    host: String,
    client_id: String,
    client_secret: String,
    // Ends with this value.
    _process: Supervised,
}

impl Simulator {
    /// With the fleet that `args` ask for.
    pub fn start(profile: Profile, db: &str, name: &'static str, args: &[&str]) -> Result<Self> {
        let mut simulator = Command::new(profile.folder().join("simulator"));
        simulator.args(["--listen", "127.0.0.1:0"]).args(args);
        let log = target().join(format!("e2e-{db}-{}.log", name.to_lowercase()));
        let mut process = Supervised::start("simulator", &simulator, &log)?;
        let line = process.wait_for("simulator on http://", Duration::from_secs(30))?;
        let (host, words) = line.split_once(' ').unwrap_or((&line, ""));
        let value = |key: &str| {
            let found = words.split_whitespace().find_map(|word| word.strip_prefix(key));
            found.map(str::to_owned).ok_or_else(|| format!("the simulator did not print {key}"))
        };
        let (client_id, client_secret) = (value("client_id=")?, value("client_secret=")?);
        Ok(Self { name, host: host.to_owned(), client_id, client_secret, _process: process })
    }
}

/// The developer's own settings must not change the tests.
fn forget_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text == "DATABASE_URL" || text.starts_with("MSPORTAL_") {
            command.env_remove(&name);
        }
    }
}

fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

/// The line of a log that tells of a panic.
fn panicked(log: &str) -> Option<&str> {
    log.lines().find(|line| line.contains("panicked"))
}

#[cfg(test)]
mod tests {
    use super::panicked;

    #[test]
    fn a_panic_is_found() {
        let line = "2026-01-01T00:00:00Z ERROR server::panics: panicked place=\"a.rs:1:2\" trace=   0: log";
        let log = format!("2026-01-01T00:00:00Z  INFO all is well\n{line}\n   1: app::pages::page\n");
        assert_eq!(panicked(&log), Some(line));
        assert_eq!(panicked("2026-01-01T00:00:01Z  INFO all is well"), None);
    }
}
