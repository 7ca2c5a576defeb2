//! `GET /api/v1/audit/export.csv`: the audit log as a file, sent while it is read; and what `msportal audit verify` says.

use crate::csv::{Asked, answer, asked, attachment, given, reader, word};
use axum::{Extension, extract::State, response::Response};
use backend::{Portal, session::Session};
use domain::{
    audit::{AuditCheck, AuditFilter},
    error::UserError,
    page::ListQuery,
};

/// The filters of `audit/list`; an empty one is none.
#[derive(serde::Deserialize)]
pub struct Filters {
    search: Option<String>,
    action: Option<String>,
    user_id: Option<String>,
    subject_kind: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// An attachment with a line for each event.
pub async fn csv(
    State(portal): State<Portal>,
    session: Option<Extension<Session>>,
    filters: Asked<Filters>,
) -> Response {
    answer(open(&portal, session, filters).await)
}

async fn open(
    portal: &Portal,
    session: Option<Extension<Session>>,
    filters: Asked<Filters>,
) -> Result<Response, UserError> {
    let (tenant, asker) = reader(portal, session, domain::permissions::Area::Settings)?;
    let filters = asked(filters)?;
    let query = ListQuery { search: given(filters.search.clone()), ..ListQuery::default() };
    let pieces = tenant.export_audit(query, filters.read()?).await;
    Ok(attachment(asker, "msportal-audit.csv", pieces.map_err(backend::Error::into_user_error)?))
}

impl Filters {
    fn read(self) -> Result<AuditFilter, UserError> {
        Ok(AuditFilter {
            action: word("action", self.action)?,
            user_id: word("user_id", self.user_id)?,
            kind: word("subject_kind", self.subject_kind)?,
            from: given(self.from),
            to: given(self.to),
        })
    }
}

/// What was found, in a sentence for the terminal.
pub fn sentence(check: &AuditCheck) -> String {
    let AuditCheck { events, pruned, last_hash, .. } = check;
    let earlier =
        if *pruned > 0 { format!(" after {pruned} that retention has deleted") } else { String::new() };
    if let (Some(wrong), Some(problem)) = (check.wrong, check.problem.as_deref()) {
        return format!("NOT WHOLE: event {wrong} does not fit. {problem} {events} events{earlier} fit.");
    }
    match (check.from, check.to) {
        (Some(from), Some(to)) => format!(
            "intact: {events} events{earlier}, from {} to {}, the last with the hash {last_hash}",
            from.to_rfc3339(),
            to.to_rfc3339()
        ),
        _ => format!("intact: no events{earlier}"),
    }
}
