//! The portal's own run.

use crate::{
    Outcome,
    gauge::{Figures, Gauge},
    http::Address,
    inventory::Inventory,
    sqlite_file,
    step::{Case, Deed, Step},
};
use backend::{Config, Portal, Tenant, runs, session::Visitor, tenant::Admin};
use domain::{
    ids::IntegrationId,
    import::ImportSelection,
    integration::ConnectInput,
    mapping::OrganizationChoice,
    page::ListQuery,
    run::{Run, RunKind, RunState},
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use tokio::runtime::Runtime;

/// What one step leaves for the next.
#[derive(Serialize, Deserialize)]
struct Kept {
    token: String,
    integration: IntegrationId,
}

impl Kept {
    const FILE: &str = "bench.json";

    fn read(folder: &Path) -> Outcome<Self> {
        Ok(serde_json::from_slice(&std::fs::read(folder.join(Self::FILE))?)?)
    }

    fn write(&self, folder: &Path) -> Outcome<()> {
        Ok(std::fs::write(folder.join(Self::FILE), serde_json::to_vec(self)?)?)
    }
}

/// Takes a step.
pub fn run(step: &Step) -> Outcome<Figures> {
    backend::use_small_pages();
    _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = Runtime::new()?;
    sqlite_file::settle(&step.place.folder)?;
    let portal = runtime.block_on(Portal::open(config(step), None))?;
    match step.deed {
        Deed::Prepare => runtime.block_on(prepare(&portal, step))?,
        Deed::Map => runtime.block_on(map(&portal, step))?,
        Deed::Measure(case) => return measure(&runtime, &portal, step, case),
    }
    Ok(Figures::default())
}

fn config(step: &Step) -> Config {
    let mut config = Config::new(&step.place.folder);
    config.database_url.clone_from(&step.place.url);
    config.allow_private_hosts = vec![step.fleet.host.clone()];
    // The server's limit is not what is measured here.
    config.limits.requests_per_second = 1e6;
    config
}

/// A portal with its first user, connected, and with the organizations that connecting reads.
async fn prepare(portal: &Portal, step: &Step) -> Outcome<()> {
    let signed_in = portal
        .create_portal(&Visitor::default(), "Bench", "Bench", "bench@example.com", "bench-password")
        .await?;
    let token = signed_in.cookie.split(['=', ';']).nth(1).ok_or("no token")?.to_owned();
    let tenant = tenant(portal, &token).await?;
    let integration = tenant.connect(input(&step.fleet)).await?;
    runs::execute(portal, integration.active_run.ok_or("no first sync")?.id).await?;
    Kept { token, integration: integration.id }.write(&step.place.folder)
}

fn input(fleet: &Address) -> ConnectInput {
    ConnectInput {
        vendor: Some("ninjaone".into()),
        region: Some("custom".into()),
        base_url: Some(format!("http://{}", fleet.host)),
        client_id: Some(fleet.client_id.clone()),
        client_secret: Some(fleet.client_secret.clone()),
        ..ConnectInput::default()
    }
}

async fn tenant(portal: &Portal, token: &str) -> Outcome<Tenant<Admin>> {
    let session = portal.authenticate(token).await?.ok_or("no session")?;
    Ok(portal.tenant(&session, domain::permissions::Area::Mappings)?)
}

/// Maps every organization and every node class, so that an import has all devices to do.
async fn map(portal: &Portal, step: &Step) -> Outcome<()> {
    let kept = Kept::read(&step.place.folder)?;
    let tenant = tenant(portal, &kept.token).await?;
    let mut page = 1;
    loop {
        let query = ListQuery { page: Some(page), page_size: Some(200), ..ListQuery::default() };
        let listed = tenant.organizations(kept.integration, query, None).await?;
        for row in &listed.items {
            // A name that is used twice stays unmapped: its devices fail, each with the reason.
            let choice = OrganizationChoice::Create;
            _ = tenant.save_organization(kept.integration, &row.remote_id, choice, None, true).await;
        }
        if page >= listed.pages() {
            break;
        }
        page += 1;
    }
    tenant.quick_create_node_classes(kept.integration).await?;
    Ok(())
}

fn measure(runtime: &Runtime, portal: &Portal, step: &Step, case: Case) -> Outcome<Figures> {
    let kept = Kept::read(&step.place.folder)?;
    let tenant = runtime.block_on(tenant(portal, &kept.token))?;
    let run = runtime.block_on(start(&tenant, kept.integration, case))?;
    let rows = Inventory::open(&step.place)?;
    let gauge = Gauge::start(&step.place)?;
    runtime.block_on(runs::execute(portal, run.id))?;
    let figures = gauge.stop()?;
    let ended = runtime.block_on(tenant.run(run.id))?;
    let (counts, inventory_rows) = (ended.counts, rows.written()?);
    Ok(Figures {
        requests: ended.requests,
        rows: counts.added + counts.changed + counts.unchanged + counts.failed,
        inventory_rows,
        trouble: trouble(&ended, case),
        ..figures
    })
}

async fn start(tenant: &Tenant<Admin>, integration: IntegrationId, case: Case) -> Outcome<Run> {
    Ok(match case {
        Case::Import => tenant.start_import(integration, ImportSelection::All).await?,
        _ => tenant.start_run(integration, RunKind::Devices).await?,
    })
}

/// Only a run that did its work well can be compared. An import may fail rows of an organization that stayed unmapped.
fn trouble(run: &Run, case: Case) -> Option<String> {
    let good = match case {
        Case::Import => matches!(run.state, RunState::Completed | RunState::CompletedWithErrors),
        _ => run.state == RunState::Completed,
    };
    let why = || run.problem.as_ref().map(|p| p.message.clone()).or_else(|| run.warnings.first().cloned());
    (!good).then(|| format!("{}: {}", run.state, why().unwrap_or_default()))
}
