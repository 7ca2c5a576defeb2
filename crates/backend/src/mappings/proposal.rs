//! The columns that all mappings have, as they are read.

use crate::{Error, Result, clock::time};
use domain::{
    Time,
    mapping::{MappedBy, MappingStatus},
};
use std::str::FromStr;

/// The status of a row's mapping.
pub(super) fn status(word: &str) -> Result<MappingStatus> {
    MappingStatus::from_str(word).map_err(Error::internal)
}

/// Who made a mapping and when.
pub(super) fn made(by: Option<&str>, at: Option<i64>) -> Result<(Option<MappedBy>, Option<Time>)> {
    let by = by.map(MappedBy::from_str).transpose().map_err(Error::internal)?;
    Ok((by, at.map(time)))
}

/// Reasons as they are kept.
pub(super) fn reasons(json: Option<&str>) -> Result<Vec<String>> {
    Ok(json.map(serde_json::from_str).transpose().map_err(Error::internal)?.unwrap_or_default())
}

/// Reasons as they are to be kept.
pub(super) fn reasons_json(reasons: &[String]) -> Result<String> {
    serde_json::to_string(reasons).map_err(Error::internal)
}
