//! What happened to a company or a location: how it came to be, mappings that began or ended, edits, files, archive, merges.

use crate::{
    Error, Result, Tenant,
    bulk::{self, Kind, Target},
    clock::{new_id, time},
    db::Tx,
    mappings::listing::{self, Parts},
    sql,
    tenant::Access,
};
use domain::{
    company::{Company, CompanyInput},
    company_overview::{CompanyEvent, CompanyEventKind},
    decision::DecisionKind,
    ids::{CompanyId, LocationId},
    page::{ListQuery, Listing, Window},
};
use sea_orm::{FromQueryResult, Value};
use std::str::FromStr;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    detail: String,
    name: Option<String>,
    begins: bool,
    undone: bool,
    user_name: Option<String>,
    at: i64,
    integration_id: Option<Uuid>,
    other_id: Option<Uuid>,
}

/// Decisions whose mapping named the company (`$3` is how that reads), and what is kept of it itself. Of companies that are
/// older than the note of who created them, it is known when.
const FROM: &str = "FROM (
    SELECT 'mapping' AS kind, d.kind AS detail, COALESCE(o.name, r.remote_id) AS name, r.after LIKE $3 AS begins,
        r.undone, d.user_name, d.decided_at AS at, d.integration_id, NULL AS other_id, r.decision_id AS id,
        r.remote_id
    FROM mapping_decision_rows r JOIN mapping_decisions d ON d.id = r.decision_id
    LEFT JOIN organizations o ON o.integration_id = r.integration_id AND o.remote_id = r.remote_id
    WHERE r.tenant_id = $1 AND r.subject = 'organization' AND (r.after LIKE $3) <> (r.before LIKE $3)
    UNION ALL
    SELECT e.kind, e.detail, NULL, FALSE, FALSE, e.user_name, e.at, NULL, e.other_id, e.id, NULL
    FROM company_events e WHERE e.tenant_id = $1 AND e.company_id = $2
    UNION ALL
    SELECT 'created', 'The company was created.', NULL, FALSE, FALSE, NULL, c.created_at, NULL, NULL, c.id, NULL
    FROM companies c WHERE c.tenant_id = $1 AND c.id = $2 AND NOT EXISTS (SELECT 1 FROM company_events e
        WHERE e.company_id = c.id AND e.location_id IS NULL AND e.kind = 'created')) x";

/// The same of a location.
const FROM_LOCATION: &str = "FROM (
    SELECT 'mapping' AS kind, d.kind AS detail, COALESCE(l.name, r.remote_id) AS name, r.after LIKE $3 AS begins,
        r.undone, d.user_name, d.decided_at AS at, d.integration_id, NULL AS other_id, r.decision_id AS id,
        r.remote_id
    FROM mapping_decision_rows r JOIN mapping_decisions d ON d.id = r.decision_id
    LEFT JOIN remote_locations l ON l.integration_id = r.integration_id AND l.remote_id = r.remote_id
    WHERE r.tenant_id = $1 AND r.subject = 'location' AND (r.after LIKE $3) <> (r.before LIKE $3)
    UNION ALL
    SELECT e.kind, e.detail, NULL, FALSE, FALSE, e.user_name, e.at, NULL, NULL AS other_id, e.id, NULL
    FROM company_events e WHERE e.tenant_id = $1 AND e.location_id = $2
    UNION ALL
    SELECT 'created', 'The location ' || l.name || ' was added.', NULL, FALSE, FALSE, NULL, l.created_at, NULL, NULL, l.id, NULL
    FROM locations l WHERE l.tenant_id = $1 AND l.id = $2 AND NOT EXISTS (SELECT 1 FROM company_events e
        WHERE e.location_id = l.id AND e.kind = 'created')) x";

/// Most events of a location that its page shows.
const MOST: u32 = 50;

/// Whom an event is about: the subject of its decision, and what it was mapped to.
type About = (&'static str, &'static str);
const COMPANY: About = ("organization", "company");
const LOCATION: About = ("location", "location");

impl<A: Access> Tenant<A> {
    /// What happened to a location lately, newest first.
    pub(super) async fn location_events(&self, id: LocationId) -> Result<Vec<CompanyEvent>> {
        let filter = match self.is_limited() {
            true => "WHERE x.kind <> 'mapping' OR EXISTS (SELECT 1 FROM location_mappings m
                WHERE m.integration_id = x.integration_id AND m.remote_id = x.remote_id AND m.status = 'mapped'
                AND m.location_id = $2)",
            false => "",
        };
        let rows = self.events(FROM_LOCATION, filter, id.0, Window { page: 1, size: MOST }).await?.0;
        rows.into_iter().map(|row| view(row, LOCATION)).collect()
    }

    async fn events(&self, from: &str, filter: &str, id: Uuid, window: Window) -> Result<(Vec<Row>, i64)> {
        let mapped = format!("{{\"status\":\"mapped\",\"target\":\"{id}\"%");
        let from =
            sql::typed(self.db(), &from.replace("NULL AS other_id", "CAST(NULL AS {uuid}) AS other_id"));
        let parts = Parts {
            columns: "kind, detail, name, begins, undone, user_name, at, integration_id, other_id",
            from: &from,
            filter,
            order: "ORDER BY at DESC, id DESC, name",
        };
        let values = vec![self.id().into(), id.into(), mapped.into()];
        listing::page::<Row>(self.db(), parts, values, window).await
    }

    /// What happened to a company, newest first.
    pub async fn company_history(&self, id: CompanyId, query: ListQuery) -> Result<Listing<CompanyEvent>> {
        let window = query.window()?;
        self.company(id).await?;
        let (rows, total) = self.events(FROM, &self.known_events(), id.0, window).await?;
        let events = rows.into_iter().map(|row| view(row, COMPANY)).collect::<Result<_>>()?;
        Ok(Listing::new(events, total, window))
    }

    /// Who is limited reads of organizations that are mapped to the company now, and of companies that are theirs.
    fn known_events(&self) -> String {
        if !self.is_limited() {
            return String::new();
        }
        let other = self.within("x.other_id");
        format!(
            "WHERE (x.kind <> 'mapping' OR EXISTS (SELECT 1 FROM organization_mappings m
                    WHERE m.integration_id = x.integration_id AND m.remote_id = x.remote_id AND m.status = 'mapped'
                    AND m.company_id = $2))
                AND (x.other_id IS NULL OR TRUE{other})"
        )
    }

    /// Keeps what the acting user did with companies, or with locations of them.
    pub(crate) async fn note_companies(
        &self,
        tx: &Tx,
        events: impl IntoIterator<Item = NewEvent>,
    ) -> Result<()> {
        let (tenant, now, actor) = (self.id(), self.now(), self.actor());
        let (user, user_name) = (actor.map(|a| a.id.0), actor.map(|a| a.name.clone()));
        note(tx, Who { tenant, user, user_name, now }, events).await
    }
}

/// Who did something with companies, and when.
pub(crate) struct Who {
    pub tenant: Uuid,
    pub user: Option<Uuid>,
    pub user_name: Option<String>,
    pub now: i64,
}

/// Keeps what somebody did with companies, or with locations of them.
pub(crate) async fn note(tx: &Tx, who: Who, events: impl IntoIterator<Item = NewEvent>) -> Result<()> {
    let row = |event: NewEvent| -> Vec<Value> {
        vec![
            new_id().into(),
            who.tenant.into(),
            event.company.0.into(),
            event.kind.as_str().into(),
            event.detail.into(),
            event.other.map(|o| o.0).into(),
            who.user.into(),
            who.user_name.clone().into(),
            who.now.into(),
            event.location.map(|l| l.0).into(),
        ]
    };
    bulk::insert(tx, EVENTS, events.into_iter().map(row).collect()).await
}

/// What somebody did with a company, or with one of its locations.
pub(crate) struct NewEvent {
    pub company: CompanyId,
    pub kind: CompanyEventKind,
    pub detail: String,
    /// The other company of a merge.
    pub other: Option<CompanyId>,
    pub location: Option<LocationId>,
}

impl NewEvent {
    pub fn new(company: CompanyId, kind: CompanyEventKind, detail: impl Into<String>) -> Self {
        Self { company, kind, detail: detail.into(), other: None, location: None }
    }
}

const EVENTS: Target<'_> = Target {
    table: "company_events",
    columns: &[
        ("id", Kind::Uuid),
        ("tenant_id", Kind::Uuid),
        ("company_id", Kind::Uuid),
        ("kind", Kind::Text),
        ("detail", Kind::Text),
        ("other_id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("user_name", Kind::Text),
        ("at", Kind::Int),
        ("location_id", Kind::Uuid),
    ],
    after: "",
};

fn view(row: Row, about: About) -> Result<CompanyEvent> {
    let kind = CompanyEventKind::from_str(&row.kind).map_err(Error::internal)?;
    Ok(CompanyEvent {
        kind,
        text: if kind == CompanyEventKind::Mapping { mapping(&row, about)? } else { row.detail },
        by: row.user_name,
        at: time(row.at),
        integration_id: row.integration_id.map(Into::into),
        other: row.other_id.map(Into::into),
    })
}

/// What a decision did about an organization or a location, as what it was mapped to sees it.
fn mapping(row: &Row, (subject, target): About) -> Result<String> {
    let kind = DecisionKind::from_str(&row.detail).map_err(Error::internal)?;
    let name = row.name.as_deref().unwrap_or_default();
    let what = match (row.begins, kind) {
        (true, DecisionKind::QuickMatch) => format!("Quick Match mapped the {subject} {name} to it."),
        (true, _) => format!("The {subject} {name} was mapped to it."),
        (false, DecisionKind::Ignore) => format!("The {subject} {name} was ignored and left it."),
        (false, DecisionKind::Unmap) => format!("The {subject} {name} was unmapped."),
        (false, _) => format!("The {subject} {name} was mapped to another {target}."),
    };
    Ok(if row.undone { format!("{what} Taken back since.") } else { what })
}

/// Archiving and restoring a location, as the history has it.
pub(crate) fn location_archived(name: &str, archived: bool) -> (CompanyEventKind, String) {
    match archived {
        true => (
            CompanyEventKind::Archived,
            format!("The location {name} was archived. Its devices and mappings stayed."),
        ),
        false => (CompanyEventKind::Restored, format!("The location {name} was restored.")),
    }
}

/// A field with its words before and after.
pub(crate) type Field<'a> = (&'static str, Option<&'a str>, Option<&'a str>);

/// What was changed, as the history has it; `None` when nothing was.
pub(crate) fn changed(fields: &[Field<'_>]) -> Option<String> {
    let or_none = |text: &Option<&str>| text.unwrap_or("none").to_owned();
    let changes = fields.iter().filter(|(_, before, after)| before != after);
    let words: Vec<String> = changes
        .map(|(field, before, after)| format!("{field}: {} \u{2192} {}.", or_none(before), or_none(after)))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// An edit of a location.
pub(crate) fn location_changed(
    company: CompanyId,
    (id, name): (LocationId, &str),
    changed: &str,
) -> NewEvent {
    let detail = format!("The location {name} was changed. {changed}");
    NewEvent { location: Some(id), ..NewEvent::new(company, CompanyEventKind::Changed, detail) }
}

/// What a file changed.
pub(crate) fn by_file(changed: &str) -> String {
    format!("By a CSV file. {changed}")
}

/// A field that an empty cell leaves as it is.
pub(crate) fn kept<'a>(
    name: &'static str,
    before: &'a Option<String>,
    cell: &'a Option<String>,
) -> Field<'a> {
    (name, before.as_deref(), cell.as_deref().or(before.as_deref()))
}

/// The fields of a company before and after an edit.
pub(super) fn fields<'a>(before: &'a Company, after: &'a CompanyInput) -> [Field<'a>; 5] {
    [
        ("Name", Some(&before.name), Some(&after.name)),
        ("Domain", before.domain.as_deref(), after.domain.as_deref()),
        ("Phone", before.phone.as_deref(), after.phone.as_deref()),
        ("Address", before.address.as_deref(), after.address.as_deref()),
        ("PSA reference", before.psa_ref.as_deref(), after.psa_ref.as_deref()),
    ]
}

/// Archiving and restoring, as the history has it.
pub(super) fn archived(archived: bool) -> (CompanyEventKind, &'static str) {
    match archived {
        true => (CompanyEventKind::Archived, "The company was archived. Its devices and mappings stayed."),
        false => (CompanyEventKind::Restored, "The company was restored."),
    }
}
