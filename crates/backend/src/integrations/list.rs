//! Integrations as the settings page shows them.

use super::IntegrationRow;
use crate::{
    Error, Result, Tenant,
    clock::time,
    runs::{RunRow, SELECT},
    sql, staging,
    tenant::Access,
};
use domain::{
    ids::IntegrationId,
    integration::{Integration, IntegrationCounts, IntegrationStatus},
    page::Listing,
    run::{QuestionState, Run, RunKind, RunState},
    schedule,
    vendor::{Problem, VendorInfo},
};

/// The runs that a card shows.
#[derive(Default)]
struct Runs {
    active: Option<Run>,
    organizations: Option<Run>,
    devices: Option<Run>,
    import: Option<Run>,
}

impl<A: Access> Tenant<A> {
    /// Vendors that can be connected.
    pub async fn vendors(&self) -> Result<Vec<VendorInfo>> {
        Ok(rmm::vendors().iter().map(|v| v.info()).collect())
    }

    /// All connected accounts, oldest first, as one page.
    pub async fn integrations(&self) -> Result<Listing<Integration>> {
        let mut items = Vec::new();
        for row in self.integration_rows().await? {
            items.push(self.integration_view(row).await?);
        }
        let size = u32::try_from(items.len()).unwrap_or(u32::MAX);
        Ok(Listing { items, total: i64::from(size), page: 1, page_size: size.max(1) })
    }

    /// One connected account.
    pub async fn integration(&self, id: IntegrationId) -> Result<Integration> {
        let row = self.integration_row(id).await?;
        self.integration_view(row).await
    }

    async fn integration_view(&self, row: IntegrationRow) -> Result<Integration> {
        let id = IntegrationId(row.id);
        let runs = self.card_runs(id).await?;
        let counts = staging::counts(self.db(), self.id(), row.id).await?;
        let mut integration = view(row, runs, counts, self.portal().now())?;
        integration.sources = self.sources(id).await?;
        integration.questions = self.questions(id, None, Some(QuestionState::Open)).await?;
        Ok(integration)
    }

    /// The newest active run, and the newest ended one of each kind.
    async fn card_runs(&self, id: IntegrationId) -> Result<Runs> {
        let newest = format!(
            "{SELECT} WHERE integration_id = $1 AND tenant_id = $2 AND id IN (
                SELECT id FROM (
                    SELECT id, row_number() OVER (
                        PARTITION BY kind, (state IN ('queued', 'running', 'paused')) ORDER BY created_at DESC, id DESC
                    ) AS place FROM runs WHERE integration_id = $1 AND tenant_id = $2
                ) AS ranked WHERE place = 1)
             ORDER BY created_at DESC, id DESC"
        );
        let rows: Vec<RunRow> = sql::all(self.db(), &newest, vec![id.0.into(), self.id().into()]).await?;
        let mut runs = Runs::default();
        for row in rows {
            let run = row.view()?;
            if run.state.is_active() {
                runs.active.get_or_insert(run);
                continue;
            }
            match run.kind {
                RunKind::Organizations => keep_first(&mut runs.organizations, run),
                RunKind::Devices => keep_first(&mut runs.devices, run),
                RunKind::Import => keep_first(&mut runs.import, run),
                RunKind::All => {
                    keep_first(&mut runs.organizations, run.clone());
                    keep_first(&mut runs.devices, run);
                }
                // They read nothing: the card tells how the last reading went.
                RunKind::Apply | RunKind::Remap => {}
            }
        }
        Ok(runs)
    }
}

fn keep_first(place: &mut Option<Run>, run: Run) {
    place.get_or_insert(run);
}

fn view(
    row: IntegrationRow,
    runs: Runs,
    counts: IntegrationCounts,
    now: domain::Time,
) -> Result<Integration> {
    let problem: Option<Problem> =
        row.problem.as_deref().map(|p| serde_json::from_str(p).map_err(Error::internal)).transpose()?;
    let last = [&runs.organizations, &runs.devices].into_iter().flatten().max_by_key(|r| r.created_at);
    // A part that was held back waits for a decision, as the questions tell: nothing is broken.
    let broken =
        last.is_some_and(|r| matches!(r.state, RunState::Failed | RunState::Incomplete) && !r.is_held_back());
    let status = match () {
        () if row.refused => IntegrationStatus::Disconnected,
        () if runs.active.is_some() => IntegrationStatus::Syncing,
        () if broken => IntegrationStatus::Error,
        () => IntegrationStatus::Connected,
    };
    let problem = match status {
        IntegrationStatus::Disconnected => problem,
        IntegrationStatus::Error => last.and_then(|r| r.problem.clone()),
        _ => None,
    };
    let breaker = row.breaker();
    let credentials_set_at = row.has_credentials().then(|| time(row.connected_at));
    Ok(Integration {
        version: row.version,
        id: row.id.into(),
        vendor: row.vendor,
        name: row.name,
        region: row.region,
        base_url: row.base_url,
        client_id_hint: row.client_id_hint,
        status,
        problem,
        connected_at: time(row.connected_at),
        credentials_set_at,
        active_run: runs.active,
        last_organization_sync: runs.organizations,
        last_device_sync: runs.devices,
        last_import: runs.import,
        next_organization_sync: schedule::next_run(RunKind::Organizations, now),
        next_device_sync: schedule::next_run(RunKind::Devices, now),
        counts,
        breaker,
        sources: Vec::new(),
        questions: Vec::new(),
    })
}
