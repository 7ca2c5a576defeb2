//! The stream of a run's states: the row as it is, then every change, then the end.

use crate::{Result, Tenant, tenant::Read};
use domain::{ids::RunId, run::Run};
use futures::{Stream, StreamExt};
use std::time::Duration;

/// The row is read at least this often, for runs that another process executes.
const POLL: Duration = Duration::from_secs(1);

/// Every distinct state of a run, from now on; ends after the final one.
pub async fn watch(tenant: Tenant<Read>, id: RunId) -> Result<impl Stream<Item = Run> + Send + 'static> {
    let first = tenant.run(id).await?;
    let changed = tenant.portal().hub().watch(id);
    let start = State { tenant, id, changed, last: None, next: Some(first) };
    // `fuse`: body wrappers poll once more after the end.
    Ok(futures::stream::unfold(start, step).fuse())
}

struct State {
    tenant: Tenant<Read>,
    id: RunId,
    changed: tokio::sync::watch::Receiver<u64>,
    last: Option<Run>,
    next: Option<Run>,
}

async fn step(mut state: State) -> Option<(Run, State)> {
    if let Some(run) = state.next.take() {
        state.last = Some(run.clone());
        return Some((run, state));
    }
    if state.last.as_ref().is_some_and(|run| !run.state.is_active()) {
        return None;
    }
    loop {
        let stop = state.tenant.portal().stopping().clone();
        tokio::select! {
            _ = state.changed.changed() => {}
            () = tokio::time::sleep(POLL) => {}
            () = stop.cancelled() => return None,
        }
        let run = state.tenant.run(state.id).await.ok()?;
        if state.last.as_ref() != Some(&run) {
            state.last = Some(run.clone());
            return Some((run, state));
        }
    }
}
