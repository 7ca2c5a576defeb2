//! Server functions of devices that look like one machine.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    device_edit::DeviceField,
    duplicates::{DuplicateComparison, DuplicateCounts, DuplicatePair, DuplicateState},
    ids::{CompanyId, DeviceId, DuplicateId},
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `duplicates/list`: pairs of one state (open ones if none is named), surest first.
#[server(prefix = "/api/v1", endpoint = "duplicates/list", input = GetUrl, output = Json)]
pub async fn list_duplicates(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    state: Option<DuplicateState>,
    company: Option<CompanyId>,
) -> Result<Listing<DuplicatePair>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Devices).await?;
    Ok(tenant.duplicates(ListQuery { page, page_size, search, sort }, state, company).await?)
}

/// GET `duplicates/counts`: how many pairs wait, and how many were decided.
#[server(prefix = "/api/v1", endpoint = "duplicates/counts", input = GetUrl, output = Json)]
pub async fn count_duplicates() -> Result<DuplicateCounts, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Devices).await?;
    Ok(tenant.duplicate_counts().await?)
}

/// GET `duplicates/compare`: one pair with all fields of both devices.
#[server(prefix = "/api/v1", endpoint = "duplicates/compare", input = GetUrl, output = Json)]
pub async fn compare_duplicates(duplicate_id: DuplicateId) -> Result<DuplicateComparison, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Devices).await?;
    Ok(tenant.compare_duplicates(duplicate_id).await?)
}

/// POST `duplicates/not_same`: remembers that a pair is two machines, or with `not_same: false` forgets that.
#[server(prefix = "/api/v1", endpoint = "duplicates/not_same", input = JsonArgs, output = Json)]
pub async fn set_not_same(
    duplicate_id: DuplicateId,
    #[server(default)] not_same: Option<bool>,
) -> Result<DuplicatePair, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Devices).await?;
    Ok(tenant.set_not_same(duplicate_id, not_same.unwrap_or(true)).await?)
}

/// POST `duplicates/merge`: hides the other device behind `keep`. Fields of `take` come from the hidden one, fields of `hold`
/// stay whatever the sync says.
#[server(prefix = "/api/v1", endpoint = "duplicates/merge", input = JsonArgs, output = Json)]
pub async fn merge_duplicates(
    duplicate_id: DuplicateId,
    keep: DeviceId,
    #[server(default)] take: Option<Vec<DeviceField>>,
    #[server(default)] hold: Option<Vec<DeviceField>>,
) -> Result<DuplicatePair, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Devices).await?;
    let (take, hold) = (take.unwrap_or_default(), hold.unwrap_or_default());
    Ok(tenant.merge_duplicates(duplicate_id, keep, take, hold).await?)
}

/// POST `duplicates/unmerge`: takes a merge back; a conflict says what stands in the way.
#[server(prefix = "/api/v1", endpoint = "duplicates/unmerge", input = JsonArgs, output = Json)]
pub async fn unmerge_duplicates(duplicate_id: DuplicateId) -> Result<DuplicatePair, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Devices).await?;
    Ok(tenant.unmerge_duplicates(duplicate_id).await?)
}
