//! Starting and stopping.

use crate::{
    audit, backup,
    cli::{
        AuditCommand, Cli, Command, MailArgs, ResetPasswordArgs, Role, ServeArgs, StorageArgs, UserCommand,
        WorkerArgs,
    },
    demo, doors, metrics,
    router::{AppState, router},
    tenants, vault,
};
use backend::{Config, Portal, jobs::worker, mail::MailSettings};
use secrecy::{ExposeSecret, SecretString};
use std::{future::Future, path::Path, time::Duration};
use tokio::net::TcpListener;

/// Open event streams would hold a graceful stop for ever: it is bounded.
const PATIENCE: Duration = Duration::from_secs(5);

/// Carries out the command; an error is a sentence for the terminal.
pub async fn run(cli: Cli) -> Result<(), String> {
    match cli.command {
        Command::Serve(args) => serve(args).await,
        Command::Worker(args) => work(args).await,
        Command::Migrate(storage) => migrate(storage).await,
        Command::User(UserCommand::Add(args)) => add_user(args).await,
        Command::User(UserCommand::ResetSecondFactor(args)) => reset_second_factor(args).await,
        Command::User(UserCommand::ResetPassword(args)) => password_link(args).await,
        Command::Tenant(command) => tenants::run(command).await,
        Command::Vault(command) => vault::run(command).await,
        Command::Backup(args) => backup::backup(&args).await,
        Command::Restore(args) => backup::restore(&args).await,
        Command::Audit(AuditCommand::Verify(storage)) => verify_audit(storage).await,
    }
}

/// The settings that every command has.
pub(crate) fn config(storage: &StorageArgs) -> Result<Config, String> {
    let mut config = Config::new(&storage.data_dir);
    config.database_url = match (&storage.database_url, &storage.database_url_file) {
        (None, Some(file)) => Some(line_of(file)?),
        (url, _) => url.as_ref().map(|url| url.expose_secret().to_owned()),
    };
    config.allow_private_hosts = storage.allow_private_hosts.clone();
    config.limits.requests_per_second = storage.requests_per_second;
    config.lease_seconds = storage.lease_seconds;
    config.keep_changes_days = storage.keep_changes_days;
    config.keep_figures_days = storage.keep_figures_days;
    config.keep_audit_days = storage.keep_audit_days;
    config.previous_master_keys = storage.previous_master_keys.clone();
    Ok(config)
}

/// The master key of the environment, if it is not in the keyring's file.
pub(crate) fn master_key(storage: &StorageArgs) -> Result<Option<SecretString>, String> {
    match (&storage.master_key, &storage.master_key_file) {
        (None, Some(file)) => Ok(Some(line_of(file)?.into())),
        (key, _) => Ok(key.clone()),
    }
}

/// How mails are sent, if they are.
fn mail(args: &MailArgs) -> Result<Option<MailSettings>, String> {
    let url = match (&args.smtp_url, &args.smtp_url_file) {
        (None, Some(file)) => Some(SecretString::from(line_of(file)?)),
        (url, _) => url.clone(),
    };
    let settings = |url| MailSettings::new(&url, args.mail_from.as_deref(), args.public_url.as_deref());
    url.map(settings).transpose()
}

fn line_of(file: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    Ok(text.trim().to_owned())
}

pub(crate) async fn open(config: Config, storage: &StorageArgs) -> Result<Portal, String> {
    let key = master_key(storage)?;
    Portal::open(config, key).await.map_err(|e| say("the portal could not be opened", &e))
}

/// The same for a command about what is there already: it does not begin an empty portal where a path is mistyped.
pub(crate) async fn open_existing(storage: &StorageArgs) -> Result<Portal, String> {
    let config = config(storage)?;
    if let Some(file) = config.missing_database() {
        return Err(format!(
            "there is no database at {}; check --data-dir and --database-url, or start a server or `msportal migrate` first",
            file.display()
        ));
    }
    open(config, storage).await
}

pub(crate) fn say(what: &str, error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{what}: {error}");
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}

async fn serve(args: ServeArgs) -> Result<(), String> {
    if args.role == Role::Worker {
        return work(WorkerArgs { storage: args.storage, watch: args.watch, mail: args.mail }).await;
    }
    let mut config = config(&args.storage)?;
    config.behind_tls = args.behind_tls;
    config.hsts_subdomains = args.hsts_subdomains;
    config.demand_origin = args.demand_origin;
    config.sign_up = args.sign_up;
    config.mail = mail(&args.mail)?;
    config.trusted_proxies = args.trusted_proxies.iter().map(|proxy| proxy.to_canonical()).collect();
    config.api_rate = args.api_rate;
    config.cors_origins = args.cors_origins.clone();
    // Connections are files: with the usual limit of 1,024, as many slow visitors would shut everybody else out.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    // Held until the end: dropping it stops the simulator.
    let mut simulator = None;
    if args.demo {
        let (running, demo) = demo::start(&args.storage.data_dir).await?;
        config.allow_private_hosts.push(running.host_port());
        config.demo = Some(demo);
        simulator = Some(running);
    }
    let demo = config.demo.clone();
    let portal = open(config, &args.storage).await?;
    if args.demo {
        demo::seed(&portal).await?;
    }
    metrics::listen(&args.watch, &portal).await?;
    let listener =
        TcpListener::bind(args.listen).await.map_err(|e| format!("cannot listen on {}: {e}", args.listen))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    print_line!("listening on http://{address}");
    if let Some(demo) = demo {
        announce(&demo);
    }
    let workers = (args.role == Role::All).then(|| tokio::spawn(worker::run(portal.clone())));
    let stop = portal.stopping().clone();
    tokio::spawn(stop_on_signal(portal.clone()));
    let server = doors::serve(listener, router(AppState::new(portal)), stop.clone(), doors::Limits::USUAL);
    bounded(server, stop).await;
    if let Some(workers) = workers {
        _ = tokio::time::timeout(PATIENCE, workers).await;
    }
    drop(simulator);
    Ok(())
}

fn announce(demo: &backend::Demo) {
    let (account, ninja) = (&demo.account, &demo.integration);
    print_line!("demo portal: sign in as {} with password {}", account.email, account.password);
    print_line!("demo NinjaOne: region Custom, base URL {}", ninja.base_url);
    print_line!("demo NinjaOne: access key id {} secret {}", ninja.client_id, ninja.client_secret);
}

/// The future, or shortly after the stop, whichever comes first.
async fn bounded(server: impl Future<Output = ()>, stop: tokio_util::sync::CancellationToken) {
    tokio::select! {
        () = server => {}
        () = async { stop.cancelled().await; tokio::time::sleep(PATIENCE).await } => {}
    }
}

async fn work(args: WorkerArgs) -> Result<(), String> {
    let mut config = config(&args.storage)?;
    config.mail = mail(&args.mail)?;
    let portal = open(config, &args.storage).await?;
    metrics::listen(&args.watch, &portal).await?;
    tokio::spawn(stop_on_signal(portal.clone()));
    print_line!("worker ready");
    worker::run(portal).await;
    Ok(())
}

async fn migrate(storage: StorageArgs) -> Result<(), String> {
    open(config(&storage)?, &storage).await?;
    print_line!("the database schema is up to date");
    Ok(())
}

async fn add_user(args: crate::cli::UserAddArgs) -> Result<(), String> {
    let portal = open_existing(&args.storage).await?;
    let password =
        std::env::var("MSPORTAL_PASSWORD").map_err(|_| "set MSPORTAL_PASSWORD to the user's password")?;
    let role = args.role.parse().map_err(|_| "--role is one of read, manage, admin")?;
    let added = match args.tenant {
        Some(tenant) => portal.add_user_to(tenant, &args.name, &args.email, &password, role).await,
        None => portal.add_user(&args.name, &args.email, &password, role).await,
    };
    added.map_err(|e| e.into_user_error().message)?;
    print_line!("added {} with role {role}", args.email);
    Ok(())
}

async fn reset_second_factor(args: crate::cli::ResetSecondFactorArgs) -> Result<(), String> {
    let portal = open_existing(&args.storage).await?;
    portal.reset_second_factor(&args.email).await.map_err(|e| e.into_user_error().message)?;
    print_line!("{} signs in with the password alone now", args.email);
    Ok(())
}

async fn password_link(args: ResetPasswordArgs) -> Result<(), String> {
    let portal = open_existing(&args.storage).await?;
    let link = portal.password_link(&args.email).await.map_err(|e| e.into_user_error().message)?;
    print_line!("{}", tenants::handed(&link));
    Ok(())
}

async fn verify_audit(storage: StorageArgs) -> Result<(), String> {
    let portal = open_existing(&storage).await?;
    let checks =
        backend::verify_audit_logs(&portal).await.map_err(|e| say("the log could not be read", &e))?;
    for (tenant, check) in &checks {
        print_line!("{tenant}: {}", audit::sentence(check));
    }
    match checks.iter().all(|(_, check)| check.intact) {
        true => Ok(()),
        false => Err("the audit log is not whole".into()),
    }
}

#[cfg(unix)]
async fn stop_on_signal(portal: Portal) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut term) => tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = term.recv() => {} },
        Err(_) => _ = tokio::signal::ctrl_c().await,
    }
    portal.stopping().cancel();
}

#[cfg(not(unix))]
async fn stop_on_signal(portal: Portal) {
    _ = tokio::signal::ctrl_c().await;
    portal.stopping().cancel();
}
