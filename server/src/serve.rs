//! Starting and stopping.

use crate::{
    cli::{Cli, Command, Role, ServeArgs, StorageArgs, UserCommand},
    demo,
    router::{AppState, router},
};
use backend::{Config, Portal, jobs::worker};
use secrecy::SecretString;
use std::{future::Future, time::Duration};
use tokio::net::TcpListener;

/// Says a line on standard output. Nobody has to listen: `println!` would end the program when the reader has gone.
macro_rules! print_line {
    ($($what:tt)*) => {
        _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($what)*)))
    };
}

/// Open event streams would hold a graceful stop for ever: it is bounded.
const PATIENCE: Duration = Duration::from_secs(5);

/// Carries out the command; an error is a sentence for the terminal.
pub async fn run(cli: Cli) -> Result<(), String> {
    match cli.command {
        Command::Serve(args) => serve(args).await,
        Command::Worker(storage) => work(storage).await,
        Command::Migrate(storage) => migrate(storage).await,
        Command::User(UserCommand::Add(args)) => add_user(args).await,
    }
}

fn config(storage: &StorageArgs) -> Config {
    let mut config = Config::new(&storage.data_dir);
    config.database_url = storage.database_url.clone();
    config.allow_private_hosts = storage.allow_private_hosts.clone();
    config.limits.requests_per_second = storage.requests_per_second;
    config.lease_seconds = storage.lease_seconds;
    config.keep_changes_days = storage.keep_changes_days;
    config.keep_figures_days = storage.keep_figures_days;
    config
}

async fn open(config: Config, storage: &StorageArgs) -> Result<Portal, String> {
    let key = storage.master_key.clone().map(SecretString::from);
    Portal::open(config, key).await.map_err(|e| say("the portal could not be opened", &e))
}

fn say(what: &str, error: &(dyn std::error::Error + 'static)) -> String {
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
        return work(args.storage).await;
    }
    let mut config = config(&args.storage);
    config.behind_tls = args.behind_tls;
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
    let app = router(AppState::new(portal)).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let graceful = stop.clone();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move { graceful.cancelled().await });
    bounded(async { server.await.map_err(|e| e.to_string()) }, stop).await?;
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
async fn bounded(
    server: impl Future<Output = Result<(), String>>,
    stop: tokio_util::sync::CancellationToken,
) -> Result<(), String> {
    tokio::select! {
        result = server => result,
        () = async { stop.cancelled().await; tokio::time::sleep(PATIENCE).await } => Ok(()),
    }
}

async fn work(storage: StorageArgs) -> Result<(), String> {
    let portal = open(config(&storage), &storage).await?;
    tokio::spawn(stop_on_signal(portal.clone()));
    print_line!("worker ready");
    worker::run(portal).await;
    Ok(())
}

async fn migrate(storage: StorageArgs) -> Result<(), String> {
    open(config(&storage), &storage).await?;
    print_line!("the database schema is up to date");
    Ok(())
}

async fn add_user(args: crate::cli::UserAddArgs) -> Result<(), String> {
    let portal = open(config(&args.storage), &args.storage).await?;
    let password =
        std::env::var("MSPORTAL_PASSWORD").map_err(|_| "set MSPORTAL_PASSWORD to the user's password")?;
    let role = args.role.parse().map_err(|_| "--role is one of read, manage, admin")?;
    let added = portal.add_user(&args.name, &args.email, &password, role).await;
    added.map_err(|e| e.into_user_error().message)?;
    print_line!("added {} with role {role}", args.email);
    Ok(())
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
