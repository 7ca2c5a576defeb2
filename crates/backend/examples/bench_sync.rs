//! `cargo xtask bench sync [--devices 20000] [--db sqlite|postgres|both]`
//!
//! First sync, unchanged re-sync and import of a fleet over the simulator, which runs in a process of its own so that
//! its time and memory do not count. Prints requests, rows, wall and CPU seconds, peak memory and bytes written, and
//! each step's ratio to the first sync of the same run; then one JSON line per database.

use backend::{Config, Portal, Tenant, runs, tenant::Admin};
use domain::{
    ids::IntegrationId,
    import::ImportSelection,
    integration::ConnectInput,
    page::ListQuery,
    run::{Run, RunKind},
};
use simulator::{FleetSpec, Simulator};
use std::{
    error::Error,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Instant,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const PASSWORD: &str = "bench-password";

#[tokio::main]
async fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str, default: &str| {
        let at = args.iter().position(|a| a == name);
        at.and_then(|i| args.get(i + 1)).cloned().unwrap_or_else(|| default.to_owned())
    };
    let devices: u32 = flag("--devices", "20000").parse()?;
    if args.first().is_some_and(|a| a == "simulator") {
        return simulate(devices).await;
    }
    _ = rustls::crypto::ring::default_provider().install_default();
    let db = flag("--db", "both");
    for engine in ["sqlite", "postgres"] {
        if db == engine || db == "both" {
            measure(engine, devices).await?;
        }
    }
    Ok(())
}

/// The other process: a simulator until its standard input closes.
async fn simulate(devices: u32) -> Outcome<()> {
    let spec = FleetSpec { devices, organizations: (devices / 200).max(5), ..FleetSpec::default() };
    let simulator = Simulator::start(spec).await;
    println!("{} {} {}", simulator.base_url, simulator.client_id(), simulator.client_secret());
    tokio::task::spawn_blocking(|| std::io::stdin().lines().count()).await?;
    Ok(())
}

struct Fleet {
    process: Child,
    input: ConnectInput,
    host: String,
}

impl Drop for Fleet {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn start_fleet(devices: u32) -> Outcome<Fleet> {
    let mut process = Command::new(std::env::current_exe()?)
        .args(["simulator", "--devices", &devices.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let [base_url, id, secret] = <[String; 3]>::try_from(words).map_err(|_| "the simulator did not start")?;
    let host = base_url.trim_start_matches("http://").to_owned();
    let input = ConnectInput {
        vendor: Some("ninjaone".into()),
        region: Some("custom".into()),
        base_url: Some(base_url),
        client_id: Some(id),
        client_secret: Some(secret),
        ..ConnectInput::default()
    };
    Ok(Fleet { process, input, host })
}

async fn measure(engine: &str, devices: u32) -> Outcome<()> {
    let fleet = start_fleet(devices)?;
    let folder = tempfile::tempdir()?;
    let mut config = Config::new(folder.path());
    if engine == "postgres" {
        let url =
            tokio::task::spawn_blocking(|| testkit::postgres_url().map_err(|e| e.to_string())).await??;
        config.database_url = Some(url);
    }
    config.allow_private_hosts = vec![fleet.host.clone()];
    config.limits.requests_per_second = 1e6;
    let portal = Portal::open(config, None).await?;
    let tenant = sign_in(&portal).await?;
    let integration = tenant.connect(fleet.input.clone()).await?;
    runs::execute(&portal, integration.active_run.ok_or("no first sync")?.id).await?;
    prepare(&tenant, integration.id).await?;

    println!("\n{engine}, {devices} devices");
    println!(
        "{:<22}{:>9}{:>9}{:>9}{:>9}{:>10}{:>12}{:>8}",
        "", "requests", "rows", "wall s", "cpu s", "peak MB", "written MB", "ratio"
    );
    let first = step("first sync", &portal, sync(&tenant, integration.id).await?, None).await?;
    step("unchanged re-sync", &portal, sync(&tenant, integration.id).await?, Some(&first)).await?;
    let import = tenant.start_import(integration.id, ImportSelection::All).await?;
    step("import", &portal, import, Some(&first)).await?;
    step("re-sync after import", &portal, sync(&tenant, integration.id).await?, Some(&first)).await?;
    Ok(())
}

async fn sign_in(portal: &Portal) -> Outcome<Tenant<Admin>> {
    let email = "bench@example.com";
    let signed_in = portal.create_portal("Bench", "Bench", email, PASSWORD).await?;
    let token = signed_in.cookie.split(['=', ';']).nth(1).ok_or("no token")?.to_owned();
    let session = portal.authenticate(&token).await?.ok_or("no session")?;
    Ok(portal.tenant(&session)?)
}

/// Maps every organization, so that the import has all devices to do.
async fn prepare(tenant: &Tenant<Admin>, integration: IntegrationId) -> Outcome<()> {
    let mut page = 1;
    loop {
        let query = ListQuery { page: Some(page), page_size: Some(200), ..ListQuery::default() };
        let listed = tenant.organizations(integration, query, None).await?;
        for row in &listed.items {
            let choice = domain::mapping::OrganizationChoice::Create;
            if tenant.save_organization(integration, &row.remote_id, choice, None).await.is_err() {
                eprintln!("organization {} has a name that is taken and stays unmapped", row.name);
            }
        }
        if page >= listed.pages() {
            return Ok(());
        }
        page += 1;
    }
}

async fn sync(tenant: &Tenant<Admin>, integration: IntegrationId) -> Outcome<Run> {
    let run = tenant.start_run(integration, RunKind::Devices).await?;
    tenant.quick_create_node_classes(integration).await?;
    Ok(run)
}

struct Figures {
    wall: f64,
    cpu: f64,
}

async fn step(name: &str, portal: &Portal, run: Run, first: Option<&Figures>) -> Outcome<Figures> {
    reset_peak();
    let (cpu, written, start) = (cpu_seconds(), bytes_written(), Instant::now());
    runs::execute(portal, run.id).await?;
    let figures = Figures { wall: start.elapsed().as_secs_f64(), cpu: cpu_seconds() - cpu };
    let written = (bytes_written() - written) as f64 / 1e6;
    let ended = ended(portal, run).await?;
    let rows = ended.counts.added + ended.counts.changed + ended.counts.unchanged;
    let ratio = first.map_or(1.0, |f| figures.cpu / f.cpu.max(0.001));
    println!(
        "{name:<22}{:>9}{rows:>9}{:>9.2}{:>9.2}{:>10.0}{written:>12.1}{ratio:>8.2}   {}",
        ended.requests,
        figures.wall,
        figures.cpu,
        peak_mb(),
        ended.state
    );
    println!(
        "{{\"step\":\"{name}\",\"requests\":{},\"rows\":{rows},\"wall_s\":{:.3},\"cpu_s\":{:.3},\"peak_mb\":{:.0},\"written_mb\":{written:.2},\"state\":\"{}\"}}",
        ended.requests,
        figures.wall,
        figures.cpu,
        peak_mb(),
        ended.state
    );
    Ok(figures)
}

async fn ended(portal: &Portal, run: Run) -> Outcome<Run> {
    let signed_in = portal.sign_in("bench@example.com", PASSWORD).await?;
    let token = signed_in.cookie.split(['=', ';']).nth(1).ok_or("no token")?.to_owned();
    let session = portal.authenticate(&token).await?.ok_or("no session")?;
    Ok(portal.tenant::<backend::tenant::Read>(&session)?.run(run.id).await?)
}

/// CPU seconds of this process and of all PostgreSQL processes of the machine.
fn cpu_seconds() -> f64 {
    let mut ticks = 0;
    let me = std::process::id().to_string();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let Some((head, tail)) = stat.rsplit_once(')') else { continue };
        let postgres = head.ends_with("(postgres");
        if name == me || postgres {
            let fields: Vec<&str> = tail.split_whitespace().collect();
            let last = if postgres { 15 } else { 13 };
            ticks +=
                fields[11..last.min(fields.len())].iter().filter_map(|f| f.parse::<u64>().ok()).sum::<u64>();
        }
    }
    ticks as f64 / 100.0
}

fn bytes_written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|l| l.strip_prefix("write_bytes: "));
    line.and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn reset_peak() {
    _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
