//! Addresses of runs.

use domain::{
    ids::{IntegrationId, RunId},
    run::Question,
};

/// The address of the list of runs.
pub fn runs_path(integration: IntegrationId) -> String {
    format!("/integrations/{integration}/runs")
}

/// The address of one run.
pub fn run_path(integration: IntegrationId, run: RunId) -> String {
    format!("/integrations/{integration}/runs/{run}")
}

/// Where a question is looked at and decided: on the page of its run, with its rows open.
pub fn question_path(question: &Question) -> String {
    let run = run_path(question.integration_id, question.run_id);
    format!("{run}?question={}#questions", question.id)
}

/// The changes of a run as a CSV file, under the filters of the report.
pub fn csv_path(run: RunId, entity: Option<&str>, change: Option<&str>, search: Option<&str>) -> String {
    let filters = [("entity", entity), ("change", change), ("search", search)];
    let query = filters
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", crate::ui::url::encode(value?))))
        .collect::<Vec<_>>()
        .join("&");
    let path = format!("/api/v1/runs/{run}/changes.csv");
    if query.is_empty() { path } else { format!("{path}?{query}") }
}
