//! Test harness: fresh databases for every test, on both engines, with no set-up.
//!
//! ```no_run
//! # fn main() -> testkit::Result<()> {
//! let url = testkit::postgres_url()?; // a new, empty PostgreSQL database
//! let folder = tempfile::tempdir()?;
//! let url = testkit::sqlite_url(folder.path()); // a new SQLite file
//! # Ok(())
//! # }
//! ```
//!
//! The first call of [`postgres_url`] starts one server for the whole test process, in a temp
//! folder on a free port, unless [`TEST_PG`] names one that already runs (`cargo xtask test` starts
//! a single one for all test binaries). Nothing is left behind, even when the process is killed:
//! see [`Supervised`].

mod authenticator;
pub mod debian;
mod dice;
mod mailbox;
mod postgres;
mod programs;
mod supervised;

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    path::Path,
    sync::OnceLock,
};

pub use authenticator::authenticator_code;
pub use dice::{Dice, env_number};
pub use mailbox::{Mail, Mailbox};
pub use postgres::{Postgres, create_database_on};
pub use programs::{find_program, postgres_program};
pub use supervised::Supervised;

/// What went wrong, as a sentence that says what to do.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Environment variable with the URL of a running server's maintenance database, such as
/// `postgres://postgres@127.0.0.1:5433/postgres`; its user must be allowed to create databases.
pub const TEST_PG: &str = "MSPORTAL_TEST_PG";

/// The URL of a fresh, empty PostgreSQL database.
pub fn postgres_url() -> Result<String> {
    static SHARED: OnceLock<std::result::Result<Postgres, String>> = OnceLock::new();
    if let Ok(base) = std::env::var(TEST_PG) {
        return create_database_on(&base);
    }
    match SHARED.get_or_init(|| Postgres::start().map_err(|e| e.to_string())) {
        Ok(server) => server.create_database(),
        Err(e) => Err(e.clone().into()),
    }
}

/// The URL of a SQLite file in `folder` that does not exist yet; opening it creates it.
pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}?mode=rwc", folder.join(format!("{}.db", fresh_name())).display())
}

/// A name that no other test uses: safe as a file name and as an SQL identifier.
fn fresh_name() -> String {
    // The standard library seeds each RandomState anew: enough to be different, not a secret.
    format!("test_{:016x}", RandomState::new().build_hasher().finish())
}
