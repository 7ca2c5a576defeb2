//! A portal with devices, filled the way it is filled in use.

use crate::{Engine, Outcome};
use backend::{Config, Portal, Tenant, runs, session::Visitor, tenant::Admin};
use domain::{
    ids::IntegrationId,
    import::ImportSelection,
    integration::ConnectInput,
    mapping::OrganizationChoice,
    page::ListQuery,
    permissions::Area,
    run::{RunKind, RunState},
};
use simulator::{FleetSpec, Simulator};
use tempfile::TempDir;

/// Where the portal keeps its data.
pub struct Place {
    folder: TempDir,
    /// Of a PostgreSQL database.
    pub url: Option<String>,
}

impl Place {
    pub fn new(engine: Engine) -> Outcome<Self> {
        let url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(testkit::postgres_url().map_err(|e| e.to_string())?),
        };
        Ok(Self { folder: tempfile::tempdir()?, url })
    }
}

/// A portal that is full.
pub struct Seeded {
    pub portal: Portal,
    pub tenant: Tenant<Admin>,
    /// The session's cookie.
    pub cookie: String,
}

/// Syncs and imports so many devices.
pub async fn seed(place: &Place, devices: u32) -> Outcome<Seeded> {
    _ = rustls::crypto::ring::default_provider().install_default();
    let organizations = (devices / 200).max(5);
    let simulator = Simulator::start(FleetSpec { devices, organizations, ..FleetSpec::default() }).await;
    let mut config = Config::new(place.folder.path());
    config.database_url.clone_from(&place.url);
    config.allow_private_hosts = vec![simulator.host_port()];
    config.limits.requests_per_second = 1e6;
    let portal = Portal::open(config, None).await?;
    let signed_in = portal
        .create_portal(&Visitor::default(), "Bench", "Bench", "bench@example.com", "bench-password")
        .await?;
    let cookie = signed_in.cookie.split(';').next().unwrap_or_default().to_owned();
    let token = cookie.split_once('=').ok_or("no token")?.1;
    let session = portal.authenticate(token).await?.ok_or("no session")?;
    let tenant: Tenant<Admin> = portal.tenant(&session, Area::Integrations)?;
    let input = ConnectInput {
        vendor: Some("ninjaone".into()),
        region: Some("custom".into()),
        base_url: Some(simulator.base_url.clone()),
        client_id: Some(simulator.client_id().into()),
        client_secret: Some(simulator.client_secret().into()),
        ..ConnectInput::default()
    };
    let integration = tenant.connect(input).await?;
    runs::execute(&portal, integration.active_run.ok_or("no first sync")?.id).await?;
    let sync = tenant.start_run(integration.id, RunKind::Devices).await?;
    ended(&portal, &tenant, sync.id).await?;
    map(&tenant, integration.id).await?;
    let import = tenant.start_import(integration.id, ImportSelection::All).await?;
    ended(&portal, &tenant, import.id).await?;
    simulator.shutdown().await;
    mix(place).await?;
    Ok(Seeded { portal, tenant, cookie })
}

async fn ended(portal: &Portal, tenant: &Tenant<Admin>, run: domain::ids::RunId) -> Outcome<()> {
    runs::execute(portal, run).await?;
    let run = tenant.run(run).await?;
    let good = matches!(run.state, RunState::Completed | RunState::CompletedWithErrors);
    if good { Ok(()) } else { Err(format!("the {} run ended {}", run.kind, run.state).into()) }
}

/// A company for every organization, a type for every node class.
async fn map(tenant: &Tenant<Admin>, integration: IntegrationId) -> Outcome<()> {
    for page in 1.. {
        let query = ListQuery { page: Some(page), page_size: Some(200), ..ListQuery::default() };
        let listed = tenant.organizations(integration, query, None).await?;
        for row in &listed.items {
            // A name that is used twice stays unmapped.
            let choice = OrganizationChoice::Create;
            _ = tenant.save_organization(integration, &row.remote_id, choice, None, true).await;
        }
        if page >= listed.pages() {
            break;
        }
    }
    tenant.quick_create_node_classes(integration).await?;
    Ok(())
}

/// What people do with devices and what becomes of them, for a few in a hundred each.
const MIX: [&str; 5] = [
    "UPDATE devices SET archived_at = 1 WHERE remote_id LIKE '%77'",
    "UPDATE devices SET asset_tag = 'A-' || remote_id, version = version + 1 WHERE remote_id LIKE '%3'",
    "UPDATE devices SET serial = 'To be filled by O.E.M.', bios_serial = NULL WHERE remote_id LIKE '%55'",
    "UPDATE remote_devices SET missing_since = 1 WHERE remote_id LIKE '%41'",
    "UPDATE devices SET integration_id = NULL, last_contact = 1700000000000000 WHERE remote_id LIKE '%99'",
];

async fn mix(place: &Place) -> Outcome<()> {
    let file = place.folder.path().join("msportal.db");
    let url = place.url.clone();
    tokio::task::spawn_blocking(move || -> Result<(), String> {
        let statements = MIX.join(";");
        match url {
            None => {
                let db = rusqlite::Connection::open(file).map_err(|e| e.to_string())?;
                db.execute_batch(&format!("{statements}; ANALYZE")).map_err(|e| e.to_string())
            }
            Some(url) => {
                let db = postgres::Client::connect(&url, postgres::NoTls);
                let mut db = db.map_err(|e| e.to_string())?;
                db.batch_execute(&format!("{statements}; ANALYZE")).map_err(|e| e.to_string())
            }
        }
    })
    .await??;
    Ok(())
}
