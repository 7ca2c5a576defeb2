//! The end of a pull: the breaker looks at what was planned, the plausible is applied, the rest becomes a question.

use super::{
    entity::Entity,
    held::{self, Which},
    proof,
};
use crate::{
    Error, Result,
    clock::new_id,
    db,
    runs::RunContext,
    sql::{self, Params},
};
use domain::{
    breaker::{Share, Tripped, judge},
    run::{ChangeKind, Phase, Question, QuestionState},
    vendor::Problem,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

/// Rows that belong together: a company's, or an organization's that is not mapped.
#[derive(Clone, Debug, FromQueryResult)]
struct Group {
    change: String,
    company: Option<Uuid>,
    organization: Option<String>,
    n: i64,
}

impl Group {
    fn key(&self) -> String {
        match (&self.company, &self.organization) {
            (Some(company), _) => format!("company {company}"),
            (None, organization) => format!("organization {}", organization.as_deref().unwrap_or_default()),
        }
    }
}

/// Applies what is plausible and asks about the rest, in one transaction.
pub async fn settle(ctx: &RunContext, entity: Entity) -> Result<()> {
    let groups = planned(ctx, entity).await?;
    if groups.is_empty() {
        return Ok(());
    }
    ctx.phase(Phase::Moving, None);
    let totals = totals(ctx, entity).await?;
    let settings = ctx.tenant().integration_row(ctx.integration()).await?.breaker();
    let shares: Vec<Share> = groups.iter().map(|g| share(g, &totals)).collect::<Result<_>>()?;
    let judged: Vec<Share> = shares.into_iter().filter(|s| s.change != ChangeKind::Decommissioned).collect();
    let held = judge(settings, totals.values().sum(), &judged);
    let tx = db::begin(ctx.db()).await?;
    for tripped in &held {
        ask(ctx, &tx, entity, tripped, &groups).await?;
    }
    let counts = held::apply(ctx, &tx, entity, Which::Free).await?;
    ctx.save(&tx, counts, ctx.done()).await?;
    tx.commit().await?;
    Ok(())
}

fn share(group: &Group, totals: &HashMap<String, i64>) -> Result<Share> {
    Ok(Share {
        change: ChangeKind::from_str(&group.change).map_err(Error::internal)?,
        company: group.key(),
        affected: group.n,
        of: totals.get(&group.key()).copied().unwrap_or(0),
    })
}

/// How a row of staging `r` is grouped: devices by company, everything else as one.
fn grouping(entity: Entity) -> (&'static str, &'static str) {
    match entity.beats {
        true => (
            "om.company_id AS company, CASE WHEN om.company_id IS NULL THEN r.organization_id END AS organization",
            "LEFT JOIN organization_mappings om ON om.integration_id = r.integration_id
                AND om.remote_id = r.organization_id AND om.status = 'mapped'",
        ),
        false => ("CAST(NULL AS {uuid}) AS company, '' AS organization", ""),
    }
}

async fn planned(ctx: &RunContext, entity: Entity) -> Result<Vec<Group>> {
    let (columns, join) = grouping(entity);
    let select = format!(
        "SELECT h.change AS change, {columns}, count(*) AS n FROM held_changes h
         JOIN {} r ON r.integration_id = h.integration_id AND r.remote_id = h.remote_id {join}
         WHERE h.run_id = $1 AND h.tenant_id = $2 AND h.entity = $3 AND h.question_id IS NULL GROUP BY 1, 2, 3",
        entity.table
    );
    let values = vec![ctx.run_id().into(), ctx.tenant_id().into(), entity.name.into()];
    Ok(sql::all(ctx.db(), &sql::typed(ctx.db(), &select), values).await?)
}

async fn totals(ctx: &RunContext, entity: Entity) -> Result<HashMap<String, i64>> {
    let (columns, join) = grouping(entity);
    let select = format!(
        "SELECT '' AS change, {columns}, count(*) AS n FROM {} r {join}
         WHERE r.integration_id = $1 AND r.tenant_id = $2 AND r.missing_since IS NULL GROUP BY 1, 2, 3",
        entity.table
    );
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let groups: Vec<Group> = sql::all(ctx.db(), &sql::typed(ctx.db(), &select), values).await?;
    Ok(groups.into_iter().map(|g| (g.key(), g.n)).collect())
}

/// Writes a question and puts its rows under it.
async fn ask(
    ctx: &RunContext,
    tx: &impl ConnectionTrait,
    entity: Entity,
    tripped: &Tripped,
    groups: &[Group],
) -> Result<()> {
    let id = new_id();
    let group = tripped.company.as_ref().and_then(|key| groups.iter().find(|g| g.key() == *key));
    let name = match group {
        Some(group) => name_of(ctx, tx, group).await?,
        None => None,
    };
    let insert =
        "INSERT INTO run_questions (id, tenant_id, integration_id, run_id, entity, change, scope, scope_key,
            scope_name, affected, of_rows, state, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12)";
    let values = vec![
        id.into(),
        ctx.tenant_id().into(),
        ctx.integration_id().into(),
        ctx.run_id().into(),
        entity.name.into(),
        tripped.change.as_str().into(),
        tripped.scope.as_str().into(),
        tripped.company.clone().into(),
        name.into(),
        tripped.affected.into(),
        tripped.of.into(),
        ctx.now().into(),
    ];
    sql::execute(tx, insert, values).await?;
    put_under(ctx, tx, entity, tripped, group, id).await
}

async fn put_under(
    ctx: &RunContext,
    tx: &impl ConnectionTrait,
    entity: Entity,
    tripped: &Tripped,
    group: Option<&Group>,
    question: Uuid,
) -> Result<()> {
    let mut p = Params(vec![
        question.into(),
        ctx.run_id().into(),
        ctx.tenant_id().into(),
        entity.name.into(),
        tripped.change.as_str().into(),
    ]);
    let whose = match group {
        Some(Group { company: Some(company), .. }) => format!(
            " AND remote_id IN (SELECT r.remote_id FROM remote_devices r JOIN organization_mappings om
                ON om.integration_id = r.integration_id AND om.remote_id = r.organization_id AND om.status = 'mapped'
                WHERE r.integration_id = held_changes.integration_id AND om.company_id = {})",
            p.push(*company)
        ),
        Some(group) => format!(
            " AND remote_id IN (SELECT r.remote_id FROM remote_devices r
                WHERE r.integration_id = held_changes.integration_id AND r.organization_id = {})",
            p.push(group.organization.clone().unwrap_or_default())
        ),
        None => String::new(),
    };
    let update = format!(
        "UPDATE held_changes SET question_id = $1 WHERE run_id = $2 AND tenant_id = $3 AND entity = $4 AND change = $5
            AND question_id IS NULL{whose}"
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}

async fn name_of(ctx: &RunContext, tx: &impl ConnectionTrait, group: &Group) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Named {
        name: String,
    }
    let named: Option<Named> = match (&group.company, &group.organization) {
        (Some(company), _) => {
            let select = "SELECT name FROM companies WHERE id = $1 AND tenant_id = $2";
            sql::one(tx, select, vec![(*company).into(), ctx.tenant_id().into()]).await?
        }
        (None, Some(organization)) => {
            let select = "SELECT name FROM organizations WHERE remote_id = $1 AND integration_id = $2";
            sql::one(tx, select, vec![organization.clone().into(), ctx.integration_id().into()]).await?
        }
        (None, None) => None,
    };
    Ok(named.map(|n| n.name))
}

/// What this run held back and nobody has decided yet: loud as an unproven pull when rows would be missing, else a warning.
pub async fn demand_decisions(ctx: &RunContext) -> Result<()> {
    let asked = ctx
        .tenant()
        .questions(ctx.integration(), Some(ctx.run_id().into()), Some(QuestionState::Open))
        .await?;
    let (missing, others): (Vec<_>, Vec<_>) =
        asked.into_iter().partition(|q| q.change == ChangeKind::Missing);
    for question in others {
        ctx.warn_once(format!("{} They stay as they are until you decide.", question.sentence()));
    }
    if missing.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = missing.iter().map(Question::sentence).collect();
    let message = format!("{} That is implausible, so none of them was marked missing.", words.join(" "));
    let hints = vec![
        "Check that the API application may still see every organization.".into(),
        "Look at what would happen on the run's page, and apply it there if it is right.".into(),
    ];
    Err(proof::unproven(Problem::IMPLAUSIBLE, message, hints))
}
