//! A throw-away PostgreSQL server.
use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{Result, Supervised, debian, find_program, fresh_name, programs};

/// A PostgreSQL server in a temp folder, listening on a free port of 127.0.0.1 for everybody,
/// tuned for tests (nothing is synced to disk). Dropping it stops it and removes the folder.
pub struct Postgres {
    port: u16,
    programs: PathBuf,
    folder: PathBuf,
    // Stops the server when dropped.
    server: Supervised,
}

impl Postgres {
    /// Makes and starts a server; installs PostgreSQL first where it is missing and Debian's
    /// package can be installed.
    pub fn start() -> Result<Self> {
        let programs = programs_or_install()?;
        let user = ServerUser::choose()?;
        // Removed by the supervisor from here on, and by `folder` until it runs.
        let folder = tempfile::Builder::new().prefix("msportal-pg-").tempdir()?;
        user.own(folder.path())?;
        init(&programs, &user, folder.path())?;
        // A free port may be taken by someone else before the server has it: then try another.
        let mut tries = 3;
        loop {
            tries -= 1;
            match Self::launch(&programs, &user, folder.path()) {
                Ok(started) => {
                    let _ = folder.keep();
                    return Ok(started);
                }
                Err(e) if tries == 0 || !e.to_string().contains("Address already in use") => return Err(e),
                Err(_) => init(&programs, &user, folder.path())?,
            }
        }
    }

    fn launch(programs: &Path, user: &ServerUser, folder: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = user.command(&programs.join("postgres"));
        command.arg("-D").arg(folder.join("data")).args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        // SIGINT is PostgreSQL's "fast" stop: open connections are closed.
        let log = folder.join("log");
        let server = Supervised::with("postgres", command.current_dir("/"), &log, "INT", Some(folder))?;
        let mut this = Self { port, programs: programs.to_owned(), folder: folder.to_owned(), server };
        this.wait_until_it_answers()?;
        Ok(this)
    }

    /// The URL of the database `db` on this server.
    pub fn url(&self, db: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{db}", self.port)
    }

    /// Creates an empty database with a fresh name and gives its URL.
    pub fn create_database(&self) -> Result<String> {
        create_with(&self.programs.join("psql"), &self.url("postgres"))
    }

    /// Runs a statement in the maintenance database.
    pub fn execute(&self, sql: &str) -> Result<()> {
        execute_with(&self.programs.join("psql"), &self.url("postgres"), sql)
    }

    /// The temp folder: data and log.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        let started = Instant::now();
        let mut ready = Command::new(self.programs.join("pg_isready"));
        ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        while !ready.status()?.success() {
            if !self.server.is_running() || started.elapsed() > Duration::from_secs(30) {
                return Err(format!("PostgreSQL did not start:\n{}", self.server.log_text()).into());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

/// Creates a fresh database on the server that `base` names and gives its URL.
pub fn create_database_on(base: &str) -> Result<String> {
    let psql = find_program("psql").or_else(|| Some(programs::postgres_folder()?.join("psql")));
    create_with(&psql.ok_or("no psql found: install a PostgreSQL client")?, base)
}

fn create_with(psql: &Path, base: &str) -> Result<String> {
    let name = fresh_name();
    execute_with(psql, base, &format!("CREATE DATABASE {name}"))?;
    let (address, query) = base.split_once('?').unwrap_or((base, ""));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    Ok(if query.is_empty() { format!("{server}/{name}") } else { format!("{server}/{name}?{query}") })
}

fn execute_with(psql: &Path, base: &str, sql: &str) -> Result<()> {
    let mut command = Command::new(psql);
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", base, "-c", sql]).stdin(Stdio::null());
    programs::output_of(&mut command).map(drop)
}

/// Speed over safety, and room for many test processes at once.
const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=256MB",
];

fn programs_or_install() -> Result<PathBuf> {
    if let Some(found) = programs::postgres_folder() {
        return Ok(found);
    }
    let why = match debian::install(&["postgresql"]) {
        Ok(()) => "the package postgresql brought no server programs".to_owned(),
        Err(e) => e.to_string(),
    };
    programs::postgres_folder().ok_or_else(|| {
        let set = crate::TEST_PG;
        format!("no PostgreSQL server programs (initdb, postgres) found, and {why}; or set {set} to a running server").into()
    })
}

fn init(programs: &Path, user: &ServerUser, folder: &Path) -> Result<()> {
    let data = folder.join("data");
    let attempt = |locale: &str| {
        let mut command = user.command(&programs.join("initdb"));
        command.arg("-D").arg(&data).args(["-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]);
        programs::output_of(command.arg(format!("--locale={locale}")).current_dir("/"))
    };
    fs::create_dir_all(folder).and_then(|()| user.own(folder))?;
    // C.UTF-8 knows upper and lower case beyond ASCII, but not every system has it.
    attempt("C.UTF-8").or_else(|_| attempt("C")).map(drop)
}

/// Who runs the server: PostgreSQL refuses to run as root.
enum ServerUser {
    Me,
    Other { name: &'static str, uid: u32 },
}

impl ServerUser {
    fn choose() -> Result<Self> {
        if !programs::is_root() {
            return Ok(Self::Me);
        }
        for name in ["postgres", "nobody"] {
            if let Ok(uid) = programs::output_of(Command::new("id").args(["-u", name])) {
                return Ok(Self::Other { name, uid: uid.parse()? });
            }
        }
        Err("PostgreSQL cannot run as root, and there is no user \"postgres\" or \"nobody\"".into())
    }

    fn own(&self, folder: &Path) -> std::io::Result<()> {
        if let Self::Other { uid, .. } = self {
            chown(folder, Some(*uid), None)?;
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
    }

    /// A command that runs `program` as this user.
    fn command(&self, program: &Path) -> Command {
        let Self::Other { name, uid } = self else { return Command::new(program) };
        let mut command;
        if find_program("setpriv").is_some() {
            command = Command::new("setpriv");
            command.args([format!("--reuid={uid}"), "--clear-groups".into(), "--".into()]);
        } else {
            command = Command::new("runuser");
            command.args(["-u", name, "--"]);
        }
        command.arg(program);
        command
    }
}
