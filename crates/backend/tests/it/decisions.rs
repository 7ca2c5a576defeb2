//! Decisions about mappings: many at once, taken back, remembered, and what they do to what is imported.

mod bulk;
mod mapper;
mod quick;
mod remap;
mod undo;

use crate::staged::Staged;
use domain::decision::{MappingFilter, MappingSelection};
use domain::ids::CompanyId;
use domain::mapping::{MappingStatus, OrganizationRow};
use domain::page::ListQuery;

async fn rows(fleet: &Staged<'_>) -> Vec<OrganizationRow> {
    fleet.admin().organizations(fleet.id, ListQuery::default(), None).await.unwrap().items
}

async fn row(fleet: &Staged<'_>, id: &str) -> OrganizationRow {
    rows(fleet).await.into_iter().find(|r| r.remote_id == id).unwrap()
}

async fn state(fleet: &Staged<'_>, id: &str) -> (MappingStatus, Option<CompanyId>) {
    let row = row(fleet, id).await;
    (row.status, row.company.map(|c| c.id))
}

fn named(ids: &[&str]) -> MappingSelection {
    MappingSelection::RemoteIds(ids.iter().map(|id| (*id).to_owned()).collect())
}

fn all_of(status: MappingStatus) -> MappingSelection {
    MappingSelection::Filter(MappingFilter { status: Some(status), ..MappingFilter::default() })
}
