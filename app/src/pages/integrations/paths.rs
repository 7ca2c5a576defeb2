//! Addresses of runs.

use domain::ids::{IntegrationId, RunId};

/// The address of the list of runs.
pub fn runs_path(integration: IntegrationId) -> String {
    format!("/integrations/{integration}/runs")
}

/// The address of one run.
pub fn run_path(integration: IntegrationId, run: RunId) -> String {
    format!("/integrations/{integration}/runs/{run}")
}
