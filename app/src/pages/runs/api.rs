//! Server functions of runs: starting and steering them, and what they did.
#![allow(clippy::too_many_arguments, reason = "each filter of a list is a field of its query")]

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    ids::{IntegrationId, QuestionId, RunId},
    page::Listing,
    run::{
        Change, ChangeCount, ChangeKind, Decision, Question, QuestionState, Run, RunError, RunKind, RunState,
    },
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// POST `runs/start`: starts a sync, or answers the one that runs.
#[server(prefix = "/api/v1", endpoint = "runs/start", input = JsonArgs, output = Json)]
pub async fn start_run(integration_id: IntegrationId, kind: RunKind) -> Result<Run, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.start_run(integration_id, kind).await?)
}

/// GET `runs/list`: runs of an integration, newest first.
#[server(prefix = "/api/v1", endpoint = "runs/list", input = GetUrl, output = Json)]
pub async fn list_runs(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    integration_id: IntegrationId,
    kind: Option<RunKind>,
    state: Option<RunState>,
) -> Result<Listing<Run>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.runs(integration_id, ListQuery { page, page_size, search, sort }, kind, state).await?)
}

/// GET `runs/get`: one run.
#[server(prefix = "/api/v1", endpoint = "runs/get", input = GetUrl, output = Json)]
pub async fn get_run(run_id: RunId) -> Result<Run, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.run(run_id).await?)
}

/// POST `runs/cancel`: asks a run to stop after the page it is at.
#[server(prefix = "/api/v1", endpoint = "runs/cancel", input = JsonArgs, output = Json)]
pub async fn cancel_run(run_id: RunId) -> Result<Run, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.cancel_run(run_id).await?)
}

/// POST `runs/pause`: asks a run to wait after the page it is at.
#[server(prefix = "/api/v1", endpoint = "runs/pause", input = JsonArgs, output = Json)]
pub async fn pause_run(run_id: RunId) -> Result<Run, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.pause_run(run_id).await?)
}

/// POST `runs/resume`: lets a paused run go on where it stopped.
#[server(prefix = "/api/v1", endpoint = "runs/resume", input = JsonArgs, output = Json)]
pub async fn resume_run(run_id: RunId) -> Result<Run, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.resume_run(run_id).await?)
}

/// POST `runs/retry_failed`: a new run for what failed: the failed devices of an import, the whole of a sync.
#[server(prefix = "/api/v1", endpoint = "runs/retry_failed", input = JsonArgs, output = Json)]
pub async fn retry_failed(run_id: RunId) -> Result<Run, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.retry_failed(run_id).await?)
}

/// POST `runs/decide`: applies or discards what a run held back.
#[server(prefix = "/api/v1", endpoint = "runs/decide", input = JsonArgs, output = Json)]
pub async fn decide(question_id: QuestionId, decision: Decision) -> Result<Question, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.decide(question_id, decision).await?)
}

/// GET `runs/changes`: what a run changed.
#[server(prefix = "/api/v1", endpoint = "runs/changes", input = GetUrl, output = Json)]
pub async fn list_changes(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    run_id: RunId,
    entity: Option<String>,
    change: Option<ChangeKind>,
) -> Result<Listing<Change>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.changes(run_id, ListQuery { page, page_size, search, sort }, entity, change).await?)
}

/// GET `runs/change_counts`: how many changes of each kind a run made.
#[server(prefix = "/api/v1", endpoint = "runs/change_counts", input = GetUrl, output = Json)]
pub async fn count_changes(run_id: RunId) -> Result<Vec<ChangeCount>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.change_counts(run_id).await?)
}

/// GET `runs/errors`: rows that a run could not read or apply, each with its reason.
#[server(prefix = "/api/v1", endpoint = "runs/errors", input = GetUrl, output = Json)]
pub async fn list_run_errors(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    run_id: RunId,
) -> Result<Listing<RunError>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.run_errors(run_id, ListQuery { page, page_size, search, sort }).await?)
}

/// GET `runs/questions`: what runs held back, open ones first, then the newest.
#[server(prefix = "/api/v1", endpoint = "runs/questions", input = GetUrl, output = Json)]
pub async fn list_questions(
    integration_id: IntegrationId,
    run_id: Option<RunId>,
    state: Option<QuestionState>,
) -> Result<Vec<Question>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.questions(integration_id, run_id, state).await?)
}

/// GET `runs/held`: the rows of one part that was held back.
#[server(prefix = "/api/v1", endpoint = "runs/held", input = GetUrl, output = Json)]
pub async fn list_held(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    question_id: QuestionId,
) -> Result<Listing<Change>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.held(question_id, ListQuery { page, page_size, search, sort }).await?)
}
