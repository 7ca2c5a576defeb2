//! Decisions about mappings, in the audit log.

use super::store::{Table, Writer};
use crate::{
    Result, Tenant,
    audit::{self, MOST_NAMED, Subject},
    db::Tx,
    sql::{self, Params},
    tenant::Access,
};
use domain::{audit::AuditAction, decision::MappingSubject, ids::IntegrationId};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

/// Rows of one statement.
const CHUNK: usize = 500;

/// Something that a mapping made, or that went with it.
#[derive(FromQueryResult)]
pub(super) struct Named {
    pub id: Uuid,
    pub name: String,
}

/// A decision about one mapping, by the vendor's id and name of what is mapped.
pub(super) async fn note_one<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    integration: Uuid,
    (remote_id, name): (&str, &str),
    mut details: Value,
) -> Result<()> {
    let account = audit::name_of(tx, tenant.id(), "integrations", integration).await?;
    details["integration"] = json!(account);
    audit::note(tenant, tx, AuditAction::MappingSaved, Subject::mapping(remote_id, name), details).await
}

/// What was done with many mappings of an integration at once.
pub(super) async fn note_many<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    integration: Uuid,
    action: AuditAction,
    details: Value,
) -> Result<()> {
    let account = audit::name_of(tx, tenant.id(), "integrations", integration).await?;
    let subject = Subject::integration(IntegrationId(integration), &account);
    audit::note(tenant, tx, action, subject, details).await
}

/// The names of the first of these rows, as many as an event has; `None` without rows.
pub(super) async fn some_names(
    tx: &Tx,
    table: Table,
    writer: &Writer,
    ids: &[String],
) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let names = match table.subject {
        MappingSubject::Organization => "organizations",
        MappingSubject::Location => "remote_locations",
    };
    let mut p = writer.owner();
    let select = format!(
        "SELECT name FROM {names} WHERE tenant_id = $1 AND integration_id = $2 AND remote_id {} ORDER BY name, remote_id",
        sql::within(tx, &mut p, ids.iter().take(MOST_NAMED).map(String::as_str))
    );
    let rows: Vec<Row> = sql::all(tx, &select, p.0).await?;
    let names: Vec<String> = rows.into_iter().map(|row| row.name).collect();
    Ok((!names.is_empty()).then(|| names.join(", ")))
}

/// Companies or locations that were created to map to: each is an event, as if it was created by hand.
pub(super) async fn note_made<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    table: Table,
    made: &[Uuid],
) -> Result<()> {
    let mut found: Vec<Named> = Vec::with_capacity(made.len());
    for chunk in made.chunks(CHUNK) {
        let mut p = Params(vec![tenant.id().into()]);
        let select = format!(
            "SELECT id, name FROM {} WHERE tenant_id = $1 AND id IN ({}) ORDER BY name_key, id",
            table.targets,
            p.list(chunk.iter().copied())
        );
        found.extend(sql::all::<Named>(tx, &select, p.0).await?);
    }
    let action = match table.subject {
        MappingSubject::Organization => AuditAction::CompanyCreated,
        MappingSubject::Location => AuditAction::LocationCreated,
    };
    note_named(tenant, tx, (table, action), found, "a mapping").await
}

/// Companies or locations that went when the mapping was taken back that had created them.
pub(super) async fn note_removed<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    table: Table,
    gone: Vec<Named>,
) -> Result<()> {
    let action = match table.subject {
        MappingSubject::Organization => AuditAction::CompanyRemoved,
        MappingSubject::Location => AuditAction::LocationRemoved,
    };
    note_named(tenant, tx, (table, action), gone, "a mapping that was taken back").await
}

async fn note_named<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    (table, action): (Table, AuditAction),
    all: Vec<Named>,
    by: &str,
) -> Result<()> {
    let subject = |Named { id, name }: &Named| match table.subject {
        MappingSubject::Organization => Subject::company((*id).into(), name),
        MappingSubject::Location => Subject::location((*id).into(), name),
    };
    let events = all.iter().map(|named| (action, subject(named), json!({ "by": by }))).collect();
    audit::note_each(tenant, tx, events).await
}
