//! Flags, environment and configuration file of `msportal`.
//!
//! A flag beats the environment, the environment beats the file, the file beats the default.

mod file;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, error::ErrorKind};
use domain::ids::TenantId;
use secrecy::SecretString;
use std::{
    convert::Infallible,
    ffi::OsString,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

/// MSPortal: NinjaOne organizations, locations and devices, mapped to your companies.
#[derive(Debug, Parser)]
#[command(
    name = "msportal",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "`msportal serve --help` lists every flag with its environment variable and its default."
)]
pub struct Cli {
    /// Configuration file (TOML); its keys are the long names of the flags, such as `data-dir = "/srv/msportal"`
    #[arg(long, global = true, env = "MSPORTAL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to log, such as `info` or `backend=debug,info`
    #[arg(
        long,
        global = true,
        env = "MSPORTAL_LOG",
        default_value = "info,sqlx=warn,sea_orm_migration=warn,apalis=warn",
        value_name = "FILTER"
    )]
    pub log: String,
    /// Log one JSON object per line
    #[arg(long, global = true, env = "MSPORTAL_LOG_JSON")]
    pub log_json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve pages and API, and execute runs
    Serve(ServeArgs),
    /// Only execute runs (the same as `serve --role worker`)
    Worker(WorkerArgs),
    /// Bring the database schema up to date and stop
    Migrate(StorageArgs),
    /// Add a user, or help one who is shut out
    #[command(subcommand)]
    User(UserCommand),
    /// The tenants of this installation
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Look after the sealed credentials and their master key
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Copy the SQLite database to a new file, while servers work
    Backup(BackupArgs),
    /// Put a copy of the SQLite database back; every server must be stopped
    Restore(RestoreArgs),
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Walk the chain of each tenant's log and say whether it is whole; fails if one is not
    Verify(StorageArgs),
}

#[derive(Debug, Subcommand)]
pub enum VaultCommand {
    /// Try to open every sealed secret; the exit code is 1 when one cannot be opened
    Check(StorageArgs),
    /// Make a new master key and seal everything with it, while servers work; run it again if it was interrupted
    ///
    /// The keyring's file gets the new key first. Keys of the environment are changed there: set MSPORTAL_MASTER_KEY to
    /// the new key and MSPORTAL_PREVIOUS_MASTER_KEYS to the old ones, restart the servers, then run this.
    Rotate(StorageArgs),
    /// Give up the credentials that cannot be opened, after their key was lost for good
    ///
    /// Lists them and changes nothing; with --confirm and their number it gives them up. Their integrations are shown as
    /// disconnected and wait for new credentials; mappings and devices stay. Second factors are switched to their recovery codes
    /// alone. There is no way back, also when the key is found later.
    ForgetLost(ForgetLostArgs),
}

#[derive(Debug, Args)]
pub struct ForgetLostArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// Give them up, if there are as many as that
    #[arg(long, value_name = "N")]
    pub confirm: Option<usize>,
    /// Do so although there is no keyring: everything that is sealed is given up
    #[arg(long)]
    pub without_keyring: bool,
}

#[derive(Debug, Args)]
pub struct BackupArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// The new file; one that exists is not overwritten
    pub file: PathBuf,
    /// Also copy the keyring to FILE.keyring.json. Whoever has both can read every stored credential: keep them apart
    /// unless the place is as safe as the server itself
    #[arg(long)]
    pub with_keyring: bool,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// A file that `msportal backup` made
    pub file: PathBuf,
    /// Also put FILE.keyring.json back
    #[arg(long)]
    pub with_keyring: bool,
    /// Replace what is there; it is kept beside the restored file
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user; the password is read from the environment variable MSPORTAL_PASSWORD
    Add(UserAddArgs),
    /// Switch off the second factor of a user who has lost the authenticator app and the recovery codes
    ///
    /// The user's sessions end; the password stays. Make sure that it is the user who asks.
    ResetSecondFactor(ResetSecondFactorArgs),
    /// Make a link with which a user chooses a new password, within 24 hours and once
    ///
    /// For the owner of a portal, whose password nobody else resets. Until the link is used, nothing changes.
    ResetPassword(ResetPasswordArgs),
}

#[derive(Debug, Args)]
pub struct ResetPasswordArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// The user's e-mail address
    #[arg(long)]
    pub email: String,
}

#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Create a tenant and print the invitation link of its first administrator, who will own it
    Create(TenantCreateArgs),
    /// List the tenants with their ids
    List(StorageArgs),
    /// Print a link that invites an administrator into a tenant, where nobody in it can
    Invite(TenantInviteArgs),
}

#[derive(Debug, Args)]
pub struct TenantCreateArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// What the tenant is called; usually the company's name
    #[arg(long)]
    pub name: String,
    /// The e-mail address of its first administrator
    #[arg(long)]
    pub admin_email: String,
}

#[derive(Debug, Args)]
pub struct TenantInviteArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// The tenant's id, as `msportal tenant list` shows it
    #[arg(long, value_name = "ID")]
    pub tenant: TenantId,
    /// The e-mail address of the administrator
    #[arg(long)]
    pub admin_email: String,
}

#[derive(Debug, Args)]
pub struct ResetSecondFactorArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// The user's e-mail address
    #[arg(long)]
    pub email: String,
}

#[derive(Debug, Args)]
pub struct UserAddArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    /// The tenant's id, as `msportal tenant list` shows it; without it, the first one
    #[arg(long, value_name = "ID")]
    pub tenant: Option<TenantId>,
    /// The user's full name
    #[arg(long)]
    pub name: String,
    /// The user's e-mail address
    #[arg(long)]
    pub email: String,
    /// read, manage or admin
    #[arg(long, default_value = "read")]
    pub role: String,
    #[arg(skip)]
    pub password: String,
}

#[derive(Clone, Debug, Args)]
pub struct StorageArgs {
    /// Folder of the SQLite file and the keyring
    #[arg(long, env = "MSPORTAL_DATA_DIR", default_value = "./msportal-data", value_name = "FOLDER")]
    pub data_dir: PathBuf,
    /// `sqlite:…` or `postgres://…`; without it, a SQLite file in the data folder
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true, value_parser = secret)]
    pub database_url: Option<SecretString>,
    /// A file that holds the URL of the database, in place of the URL itself
    #[arg(long, env = "DATABASE_URL_FILE", value_name = "FILE")]
    pub database_url_file: Option<PathBuf>,
    /// Comma list of `host:port` that a custom base URL may reach although it is private, also over http (tests, demo)
    #[arg(long, env = "MSPORTAL_ALLOW_PRIVATE_HOSTS", value_delimiter = ',', value_name = "HOST:PORT")]
    pub allow_private_hosts: Vec<String>,
    /// Most requests a second to one vendor account
    #[arg(long, env = "MSPORTAL_REQUESTS_PER_SECOND", default_value = "20", value_name = "N")]
    pub requests_per_second: f64,
    /// Seconds after which the run of a silent worker is taken over
    #[arg(long, env = "MSPORTAL_LEASE_SECONDS", default_value = "20", value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub lease_seconds: u32,
    /// Days that the changes and results of runs are kept, and what merges of companies moved
    #[arg(long, env = "MSPORTAL_KEEP_CHANGES_DAYS", default_value = "180", value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub keep_changes_days: u32,
    /// Days that the daily figures of companies, which trends are drawn from, are kept
    #[arg(long, env = "MSPORTAL_KEEP_FIGURES_DAYS", default_value = "400", value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub keep_figures_days: u32,
    /// Days that events of the audit log are kept
    #[arg(long, env = "MSPORTAL_KEEP_AUDIT_DAYS", default_value = "730", value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub keep_audit_days: u32,
    /// Base64 of a 32-byte master key, in place of the keyring file
    #[arg(long, env = "MSPORTAL_MASTER_KEY", hide_env_values = true, value_name = "KEY", value_parser = secret)]
    pub master_key: Option<SecretString>,
    /// A file that holds the master key, in place of the key itself
    #[arg(long, env = "MSPORTAL_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// Comma list of earlier master keys, each as KEY or ID:KEY: they open what they sealed until it is sealed anew
    #[arg(long, env = "MSPORTAL_PREVIOUS_MASTER_KEYS", hide_env_values = true, value_delimiter = ',',
        value_name = "KEYS", value_parser = secret)]
    pub previous_master_keys: Vec<SecretString>,
}

/// A text that no log and no message shows.
fn secret(text: &str) -> Result<SecretString, Infallible> {
    Ok(text.to_owned().into())
}

#[derive(Debug, Args)]
pub struct WorkerArgs {
    #[command(flatten)]
    pub storage: StorageArgs,
    #[command(flatten)]
    pub watch: WatchArgs,
    #[command(flatten)]
    pub mail: MailArgs,
}

/// How mails are sent. The process that executes runs sends them, the one that serves pages says so: both need the same.
#[derive(Clone, Debug, Args)]
pub struct MailArgs {
    /// The mail server that invitations and links for new passwords go through, such as
    /// smtps://user:password@mail.example:465; without it, administrators hand links over themselves
    #[arg(long, env = "MSPORTAL_SMTP_URL", hide_env_values = true, value_name = "URL", value_parser = secret)]
    pub smtp_url: Option<SecretString>,
    /// A file that holds the URL of the mail server, in place of the URL itself
    #[arg(long, env = "MSPORTAL_SMTP_URL_FILE", value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// The sender of mails, such as "MSPortal <portal@msp.example>"; needed with --smtp-url
    #[arg(long, env = "MSPORTAL_MAIL_FROM", value_name = "SENDER")]
    pub mail_from: Option<String>,
    /// The address of this portal as browsers know it, such as https://portal.example: links in mails begin with it;
    /// needed with --smtp-url
    #[arg(long, env = "MSPORTAL_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

/// For those who watch a process.
#[derive(Clone, Debug, Args)]
pub struct WatchArgs {
    /// Address of /metrics for Prometheus, with /healthz and /readyz; not for the public. Without it there is none
    #[arg(long, env = "MSPORTAL_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address of pages and API
    #[arg(long, env = "MSPORTAL_LISTEN", default_value = "127.0.0.1:3000", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub storage: StorageArgs,
    #[command(flatten)]
    pub watch: WatchArgs,
    #[command(flatten)]
    pub mail: MailArgs,
    /// A seeded portal, with a simulated NinjaOne beside it
    #[arg(long, env = "MSPORTAL_DEMO")]
    pub demo: bool,
    /// What this process does
    #[arg(long, env = "MSPORTAL_ROLE", value_enum, default_value_t = Role::All)]
    pub role: Role,
    /// Set when pages are reached over https, through a proxy: cookies are then marked Secure
    #[arg(long, env = "MSPORTAL_BEHIND_TLS")]
    pub behind_tls: bool,
    /// With --behind-tls: browsers reach every host below this one over https alone, too, for a year
    #[arg(long, env = "MSPORTAL_HSTS_SUBDOMAINS", requires = "behind_tls")]
    pub hsts_subdomains: bool,
    /// Refuse writes, also signing in, that say where they come from neither by `Origin` nor by `Sec-Fetch-Site`; requests
    /// with an API token are not concerned
    #[arg(long, env = "MSPORTAL_DEMAND_ORIGIN")]
    pub demand_origin: bool,
    /// Let visitors create tenants of their own at /sign-up
    #[arg(long, env = "MSPORTAL_SIGN_UP")]
    pub sign_up: bool,
    /// Comma list of addresses of proxies whose `X-Forwarded-For` says where a request comes from
    #[arg(long, env = "MSPORTAL_TRUSTED_PROXIES", value_delimiter = ',', value_name = "ADDRESS")]
    pub trusted_proxies: Vec<IpAddr>,
    /// Most requests a minute that one API token may send to this server; a tenth of them may come at once
    #[arg(long, env = "MSPORTAL_API_RATE", default_value = "600", value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub api_rate: u32,
    /// Comma list of origins, such as https://tools.example, whose pages may call the API with an API token; * for all
    #[arg(long, env = "MSPORTAL_CORS_ORIGINS", value_delimiter = ',', value_name = "ORIGIN",
        value_parser = crate::cors::origin)]
    pub cors_origins: Vec<String>,
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    All,
    Web,
    Worker,
}

/// Parses the arguments, with the configuration file's values as defaults.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    let first = Cli::command().ignore_errors(true).try_get_matches_from(&args)?;
    let mut command = Cli::command();
    if let Some(path) = first.get_one::<PathBuf>("config") {
        let values = file::read(path).map_err(|e| Cli::command().error(ErrorKind::Io, e))?;
        command = file::with_defaults(command, &values)?;
    }
    Cli::from_arg_matches(&command.try_get_matches_from(&args)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(list: &[&str]) -> Vec<OsString> {
        list.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_flag_beats_the_file_and_the_file_beats_the_default() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("msportal.toml");
        std::fs::write(
            &file,
            "listen = \"127.0.0.1:4000\"\ndemo = true\nallow-private-hosts = [\"a:1\", \"b:2\"]\n",
        )
        .unwrap();
        let file = file.to_str().unwrap();
        let Command::Serve(serve) = parse(args(&["msportal", "serve", "--config", file])).unwrap().command
        else {
            panic!()
        };
        assert_eq!((serve.listen.port(), serve.demo), (4000, true));
        assert_eq!(serve.storage.allow_private_hosts, ["a:1", "b:2"]);
        let given = args(&["msportal", "serve", "--config", file, "--listen", "127.0.0.1:5000"]);
        let Command::Serve(serve) = parse(given).unwrap().command else { panic!() };
        assert_eq!(serve.listen.port(), 5000);
    }

    #[test]
    fn a_master_key_is_not_shown() {
        let given = args(&[
            "msportal",
            "serve",
            "--master-key",
            "k3y-canary",
            "--previous-master-keys",
            "old-canary,b",
        ]);
        let cli = parse(given).unwrap();
        let Command::Serve(serve) = &cli.command else { panic!() };
        assert_eq!(serve.storage.previous_master_keys.len(), 2);
        assert!(!format!("{cli:?}").contains("canary"));
    }

    #[test]
    fn the_password_of_the_database_is_not_shown() {
        let given = args(&[
            "msportal",
            "vault",
            "check",
            "--database-url",
            "postgres://portal:d4ta-canary@db.example/portal",
        ]);
        let cli = parse(given).unwrap();
        assert!(format!("{cli:?}").contains("database_url") && !format!("{cli:?}").contains("canary"));
    }

    #[test]
    fn the_password_of_the_mail_server_is_not_shown() {
        let given = args(&["msportal", "worker", "--smtp-url", "smtps://portal:m41l-canary@mail.example"]);
        let cli = parse(given).unwrap();
        let Command::Worker(worker) = &cli.command else { panic!() };
        assert!(worker.mail.smtp_url.is_some());
        assert!(!format!("{cli:?}").contains("canary"));
    }

    #[test]
    fn an_unknown_key_of_the_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("msportal.toml");
        std::fs::write(&file, "liste = \"x\"\n").unwrap();
        let error = parse(args(&["msportal", "serve", "--config", file.to_str().unwrap()])).unwrap_err();
        assert!(error.to_string().contains("\"liste\""), "{error}");
    }
}
