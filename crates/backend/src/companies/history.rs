//! What happened to a company or a location: mappings that began or ended, archive, merges.

use crate::{
    Error, Result, Tenant,
    clock::{new_id, time},
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
use sea_orm::{ConnectionTrait, FromQueryResult};
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

/// Decisions whose mapping named the company (`$3` is how that reads), and what is kept of it itself.
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
    FROM companies c WHERE c.tenant_id = $1 AND c.id = $2) x";

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
    FROM company_events e WHERE e.tenant_id = $1 AND e.location_id = $2) x";

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

    /// Keeps what the acting user did with a company, or with one of its locations.
    pub(crate) async fn note_company(
        &self,
        db: &impl ConnectionTrait,
        company: CompanyId,
        kind: CompanyEventKind,
        detail: &str,
        other: Option<CompanyId>,
        location: Option<LocationId>,
    ) -> Result<()> {
        let actor = self.actor();
        let insert = "INSERT INTO company_events (id, tenant_id, company_id, kind, detail, other_id, user_id, user_name, at,
                location_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = vec![
            new_id().into(),
            self.id().into(),
            company.0.into(),
            kind.as_str().into(),
            detail.into(),
            other.map(|o| o.0).into(),
            actor.map(|a| a.id.0).into(),
            actor.map(|a| a.name.clone()).into(),
            self.now().into(),
            location.map(|l| l.0).into(),
        ];
        sql::execute(db, insert, values).await?;
        Ok(())
    }
}

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

/// What an edit changed, as the history has it; `None` when it changed nothing.
pub(super) fn changed(before: &Company, after: &CompanyInput) -> Option<String> {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let fields = [
        ("Name", before.name.clone(), after.name.clone()),
        ("Domain", or_none(&before.domain), or_none(&after.domain)),
        ("Phone", or_none(&before.phone), or_none(&after.phone)),
        ("Address", or_none(&before.address), or_none(&after.address)),
        ("PSA reference", or_none(&before.psa_ref), or_none(&after.psa_ref)),
    ];
    let changes = fields.iter().filter(|(_, before, after)| before != after);
    let words: Vec<String> =
        changes.map(|(field, before, after)| format!("{field}: {before} \u{2192} {after}.")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Archiving and restoring, as the history has it.
pub(super) fn archived(archived: bool) -> (CompanyEventKind, &'static str) {
    match archived {
        true => (CompanyEventKind::Archived, "The company was archived. Its devices and mappings stayed."),
        false => (CompanyEventKind::Restored, "The company was restored."),
    }
}
