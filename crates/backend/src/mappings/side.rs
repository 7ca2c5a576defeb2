//! The course of a decision, the same for organizations and locations: of one row, of many, of Quick Match.

use super::{
    decide::{self, Finding, checked_threshold},
    decisions::{self, Applied, Change, Plan, Wanted},
    note::{note_made, note_many, note_one, some_names},
    store::{self, LOCATIONS, ORGANIZATIONS, Table, Writer},
};
use crate::{
    Result, Tenant,
    db::{self, Tx},
    tenant::{Access, CanManage},
};
use domain::{
    audit::AuditAction,
    decision::{Decided, DecisionKind, MappingSelection},
    ids::IntegrationId,
    mapping::{
        MappingChoice, MappingRow, MappingStatus, OrganizationRow, QuickMatchPreview, QuickMatchResult,
        RemoteLocationRow, StatusCounts,
    },
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::slice;
use uuid::Uuid;

/// What organizations and locations differ in.
pub(super) trait Side: 'static {
    type Row: MappingRow;
    const TABLE: Table;

    /// One row with its mapping.
    fn row<A: Access>(
        tenant: &Tenant<A>,
        tx: &Tx,
        integration: IntegrationId,
        remote_id: &str,
    ) -> impl Future<Output = Result<Self::Row>> + Send;

    /// The rows that a decision is about.
    fn selected<A: Access>(
        tenant: &Tenant<A>,
        tx: &Tx,
        integration: IntegrationId,
        select: &MappingSelection,
    ) -> impl Future<Output = Result<Vec<Self::Row>>> + Send;

    /// What a choice asks of each row.
    fn plan(
        tx: &Tx,
        writer: &Writer,
        rows: &[Self::Row],
        choice: &Choice<Self>,
    ) -> impl Future<Output = Result<Plan>> + Send;

    /// What Quick Match finds for the rows that nobody has decided on.
    fn findings(
        db: &impl ConnectionTrait,
        writer: &Writer,
    ) -> impl Future<Output = Result<Vec<Finding>>> + Send;

    /// How all rows stand.
    fn counts<A: Access>(
        tenant: &Tenant<A>,
        integration: IntegrationId,
    ) -> impl Future<Output = Result<StatusCounts>> + Send;
}

/// A side with its rows, its table, its module, and the methods of a tenant that read its rows.
macro_rules! side {
    ($(#[$doc:meta])* $name:ident: $row:ty, $table:ident, $module:ident, $one:ident, $selected:ident, $counts:ident($($of:expr),+)) => {
        $(#[$doc])*
        pub(super) struct $name;

        impl Side for $name {
            type Row = $row;
            const TABLE: Table = $table;

            async fn row<A: Access>(
                tenant: &Tenant<A>,
                tx: &Tx,
                integration: IntegrationId,
                remote_id: &str,
            ) -> Result<$row> {
                tenant.$one(tx, integration, remote_id).await
            }

            async fn selected<A: Access>(
                tenant: &Tenant<A>,
                tx: &Tx,
                integration: IntegrationId,
                select: &MappingSelection,
            ) -> Result<Vec<$row>> {
                tenant.$selected(tx, integration, select).await
            }

            async fn plan(tx: &Tx, writer: &Writer, rows: &[$row], choice: &Choice<Self>) -> Result<Plan> {
                super::$module::plan(tx, writer, rows, choice).await
            }

            async fn findings(
                db: &impl ConnectionTrait,
                writer: &Writer,
            ) -> Result<Vec<Finding>> {
                super::$module::findings(db, writer).await
            }

            async fn counts<A: Access>(tenant: &Tenant<A>, integration: IntegrationId) -> Result<StatusCounts> {
                tenant.$counts(integration, $($of),+).await
            }
        }
    };
}

side! {
    /// Organizations, which are mapped to companies.
    Organizations: OrganizationRow, ORGANIZATIONS, organizations,
    organization, selected_organizations, organization_counts(None)
}

side! {
    /// Remote locations, which are mapped to locations.
    Locations: RemoteLocationRow, LOCATIONS, locations,
    remote_location, selected_locations, remote_location_counts(None, None)
}

/// The decisions that a side knows.
pub(super) type Choice<S> = <<S as Side>::Row as MappingRow>::Choice;

/// What a decision did.
pub(super) struct Carried {
    /// The rows that are otherwise than before.
    pub changed: Vec<String>,
    /// What was created for it.
    made: Vec<Uuid>,
    pub done: Applied,
}

impl Carried {
    /// How many rows are otherwise than before.
    pub fn count(&self) -> i64 {
        i64::try_from(self.changed.len()).unwrap_or(i64::MAX)
    }
}

impl<A: CanManage> Tenant<A> {
    /// A transaction in which this integration's mappings stand still, and who writes in it.
    pub(super) async fn deciding(&self, integration: IntegrationId) -> Result<(Writer, Tx)> {
        self.integration_exists(integration).await?;
        let writer = Writer::new(self, integration);
        let tx = db::begin(self.db()).await?;
        store::lock(&tx, writer.integration).await?;
        Ok((writer, tx))
    }

    /// Writes what is wanted; answers what that did.
    pub(super) async fn carry_out<S: Side>(
        &self,
        tx: &Tx,
        writer: &Writer,
        (kind, wanted): (DecisionKind, Vec<Wanted>),
        confirm: bool,
    ) -> Result<Carried> {
        let changes = decisions::changes(tx, S::TABLE, writer, wanted).await?;
        let changed = changes.iter().map(|change| change.remote_id.clone()).collect();
        let made = changes.iter().filter_map(|change| change.created).collect();
        let done = decisions::apply(self, tx, (S::TABLE, writer), kind, changes, confirm).await?;
        Ok(Carried { changed, made, done })
    }

    /// Ends the transaction, and pushes the run that was queued in it.
    pub(super) async fn decided(&self, tx: Tx, done: Applied) -> Result<()> {
        tx.commit().await?;
        self.push_remap(done.run).await;
        Ok(())
    }

    /// Saves one decision and answers the row as it is now, with how to take it back.
    pub(super) async fn save_one<S: Side>(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        choice: &Choice<S>,
        version: Option<i64>,
        confirm: bool,
    ) -> Result<S::Row> {
        let (writer, tx) = self.deciding(integration).await?;
        let row = S::row(self, &tx, integration, remote_id).await?;
        decisions::is_current(S::TABLE, version, row.version())?;
        let wanted = S::plan(&tx, &writer, slice::from_ref(&row), choice).await?.single()?;
        let carried = self.carry_out::<S>(&tx, &writer, (choice.kind(), wanted), confirm).await?;
        let before = row;
        let row = S::row(self, &tx, integration, remote_id).await?;
        if carried.count() > 0 {
            let details = json!({
                "of": S::TABLE.subject.as_str(), "choice": choice.kind().as_str(), "before": before.target(),
                "to": row.target(),
            });
            note_made(self, &tx, S::TABLE, &carried.made).await?;
            note_one(self, &tx, writer.integration, (remote_id, row.name()), details).await?;
        }
        self.decided(tx, carried.done).await?;
        Ok(row.with_undo(carried.done.undo))
    }

    /// Saves one decision about several rows. Those that it cannot be about are left as they are and are named.
    pub(super) async fn save_many<S: Side>(
        &self,
        integration: IntegrationId,
        select: &MappingSelection,
        choice: &Choice<S>,
        confirm: bool,
    ) -> Result<Decided> {
        decisions::checked(select)?;
        let (writer, tx) = self.deciding(integration).await?;
        let rows = S::selected(self, &tx, integration, select).await?;
        let mut plan = S::plan(&tx, &writer, &rows, choice).await?;
        plan.skip_unknown(select, rows.iter().map(MappingRow::remote_id));
        let (wanted, answer) = plan.split();
        let carried = self.carry_out::<S>(&tx, &writer, (choice.kind(), wanted), confirm).await?;
        let (count, done) = (carried.count(), carried.done);
        if count > 0 {
            let names = some_names(&tx, S::TABLE, &writer, &carried.changed).await?;
            let details = json!({
                "of": S::TABLE.subject.as_str(), "choice": choice.kind().as_str(), "rows": count, "names": names,
                "decision": done.undo,
            });
            note_made(self, &tx, S::TABLE, &carried.made).await?;
            note_many(self, &tx, writer.integration, AuditAction::MappingSaved, details).await?;
        }
        self.decided(tx, done).await?;
        Ok(Decided { undo: done.undo, run: done.run, ..answer(count) })
    }

    /// Maps what is certain and proposes what is near; answers how the rows stand then. It moves no devices: a row with
    /// devices elsewhere is only proposed.
    pub(super) async fn quick_match<S: Side>(
        &self,
        integration: IntegrationId,
        threshold: Option<f64>,
    ) -> Result<QuickMatchResult> {
        let threshold = checked_threshold(threshold)?;
        let (writer, tx) = self.deciding(integration).await?;
        let findings = S::findings(&tx, &writer).await?;
        let wanted = findings.iter().map(|f| Wanted::new(f.remote_id.as_str(), f.state(&writer, threshold)));
        let changes = decisions::changes(&tx, S::TABLE, &writer, wanted.collect()).await?;
        let newly_mapped = decisions::mapped(&changes);
        let kind = DecisionKind::QuickMatch;
        let (changed, mapped) = (changes.len(), newly_mapped_ids(&changes));
        let done = decisions::apply(self, &tx, (S::TABLE, &writer), kind, changes, true).await?;
        if changed > 0 {
            let names = some_names(&tx, S::TABLE, &writer, &mapped).await?;
            let details = json!({
                "of": S::TABLE.subject.as_str(), "mapped": newly_mapped, "rows": changed, "threshold": threshold,
                "names": names, "decision": done.undo,
            });
            note_many(self, &tx, writer.integration, AuditAction::QuickMatchUsed, details).await?;
        }
        self.decided(tx, done).await?;
        let StatusCounts { mapped, pending, unmapped, .. } = S::counts(self, integration).await?;
        Ok(QuickMatchResult { mapped, pending, unmapped, newly_mapped, undo: done.undo })
    }
}

/// The rows that are mapped now.
fn newly_mapped_ids(changes: &[Change]) -> Vec<String> {
    let mapped = changes.iter().filter(|change| change.after.status == MappingStatus::Mapped);
    mapped.map(|change| change.remote_id.clone()).collect()
}

impl<A: Access> Tenant<A> {
    /// What Quick Match would do, for each threshold that a user is offered. Nothing is written.
    pub(super) async fn preview<S: Side>(&self, integration: IntegrationId) -> Result<QuickMatchPreview> {
        self.integration_exists(integration).await?;
        Ok(decide::preview(&S::findings(self.db(), &Writer::new(self, integration)).await?))
    }
}
