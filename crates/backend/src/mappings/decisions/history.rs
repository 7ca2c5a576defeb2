//! Decisions to read: who did what, and which rows it changed.

use crate::{
    Error, Result, Tenant,
    clock::time,
    mappings::{
        listing::{self, Parts},
        store::State,
    },
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    decision::{DecisionKind, DecisionRow, MappingDecision, MappingSubject},
    error::UserError,
    ids::{DecisionId, IntegrationId},
    page::{ListQuery, Listing},
};
use sea_orm::FromQueryResult;
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    subject: String,
    kind: String,
    row_count: i64,
    user_name: Option<String>,
    decided_at: i64,
    undone_at: Option<i64>,
    undone_by_name: Option<String>,
}

#[derive(FromQueryResult)]
struct Changed {
    subject: String,
    remote_id: String,
    name: String,
    before: String,
    after: String,
    undone: bool,
}

impl<A: Access> Tenant<A> {
    /// Decisions about an integration's mappings, newest first; with `remote_id` those that changed that row.
    pub async fn mapping_decisions(
        &self,
        integration: IntegrationId,
        subject: Option<MappingSubject>,
        remote_id: Option<String>,
        query: ListQuery,
    ) -> Result<Listing<MappingDecision>> {
        let window = query.window()?;
        self.integration_exists(integration).await?;
        let mut p = Params(vec![self.id().into(), integration.0.into()]);
        let mut filter = "WHERE d.tenant_id = $1 AND d.integration_id = $2".to_owned();
        if let Some(subject) = subject {
            filter.push_str(&format!(" AND d.subject = {}", p.push(subject.as_str())));
        }
        if let Some(remote_id) = remote_id {
            filter.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM mapping_decision_rows r WHERE r.decision_id = d.id AND r.subject = d.subject
                    AND r.remote_id = {})",
                p.push(remote_id)
            ));
        }
        let parts = Parts {
            columns: "d.id, d.subject, d.kind, d.row_count, d.user_name, d.decided_at, d.undone_at, d.undone_by_name",
            from: "FROM mapping_decisions d",
            filter: &filter,
            order: "ORDER BY d.decided_at DESC, d.id DESC",
        };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }

    /// The mappings that a decision changed, by name.
    pub async fn decision_rows(&self, id: DecisionId, query: ListQuery) -> Result<Listing<DecisionRow>> {
        let window = query.window()?;
        let owned = "SELECT count(*) AS n FROM mapping_decisions WHERE id = $1 AND tenant_id = $2";
        if sql::count(self.db(), owned, vec![id.0.into(), self.id().into()]).await? == 0 {
            return Err(UserError::not_found("decision").into());
        }
        let parts = Parts {
            columns: "d.subject, d.remote_id, COALESCE(o.name, l.name, d.remote_id) AS name, d.before, d.after, d.undone",
            from: "FROM mapping_decision_rows d
                LEFT JOIN organizations o ON d.subject = 'organization' AND o.integration_id = d.integration_id
                    AND o.remote_id = d.remote_id
                LEFT JOIN remote_locations l ON d.subject = 'location' AND l.integration_id = d.integration_id
                    AND l.remote_id = d.remote_id",
            filter: "WHERE d.decision_id = $1 AND d.tenant_id = $2",
            order: "ORDER BY d.subject DESC, COALESCE(o.name_key, l.name_key, d.remote_id), d.remote_id",
        };
        let values = vec![id.0.into(), self.id().into()];
        let (rows, total) = listing::page::<Changed>(self.db(), parts, values, window).await?;
        Ok(Listing::new(self.changed(rows).await?, total, window))
    }

    async fn changed(&self, rows: Vec<Changed>) -> Result<Vec<DecisionRow>> {
        let mut read = Vec::with_capacity(rows.len());
        for row in rows {
            let before: State = serde_json::from_str(&row.before).map_err(Error::internal)?;
            let after: State = serde_json::from_str(&row.after).map_err(Error::internal)?;
            read.push((row, before, after));
        }
        let mut targets = Vec::new();
        for (_, before, after) in &read {
            targets.extend(before.target.into_iter().chain(after.target));
        }
        let names = self.target_names(targets).await?;
        let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
        read.into_iter()
            .map(|(row, before, after)| {
                Ok(DecisionRow {
                    subject: MappingSubject::from_str(&row.subject).map_err(Error::internal)?,
                    remote_id: row.remote_id,
                    name: row.name,
                    before: before.status,
                    before_target: name(before.target),
                    after: after.status,
                    after_target: name(after.target),
                    confidence: after.confidence,
                    reasons: after.reasons,
                    undone: row.undone,
                })
            })
            .collect()
    }

    /// Names of companies and locations.
    async fn target_names(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
        #[derive(FromQueryResult)]
        struct Named {
            id: Uuid,
            name: String,
        }
        let mut p = Params(vec![self.id().into()]);
        let list = p.list(ids);
        let select = format!(
            "SELECT id, name FROM companies WHERE tenant_id = $1 AND id IN ({list})
             UNION ALL SELECT id, name FROM locations WHERE tenant_id = $1 AND id IN ({list})"
        );
        let rows: Vec<Named> = sql::all(self.db(), &select, p.0).await?;
        Ok(rows.into_iter().map(|r| (r.id, r.name)).collect())
    }
}

fn view(row: Row) -> Result<MappingDecision> {
    Ok(MappingDecision {
        id: row.id.into(),
        subject: MappingSubject::from_str(&row.subject).map_err(Error::internal)?,
        kind: DecisionKind::from_str(&row.kind).map_err(Error::internal)?,
        rows: row.row_count,
        user_name: row.user_name,
        decided_at: time(row.decided_at),
        undone_at: row.undone_at.map(time),
        undone_by: row.undone_by_name,
    })
}
