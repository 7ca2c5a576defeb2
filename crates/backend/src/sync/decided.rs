//! Applying what an earlier run held back, since somebody decided so.

use super::{
    connect, count,
    entity::{DEVICES, Entity},
    held::{self, Which},
    proof, reenrolled,
};
use crate::{
    Error, Result, db, duplicates, imports,
    runs::{QuestionRow, RunContext},
    sql,
};
use domain::{
    error::UserError,
    ids::QuestionId,
    run::{ChangeKind, Phase, QuestionState, RunState},
};
use sea_orm::FromQueryResult;
use std::str::FromStr;

/// Asks NinjaOne once more for what would be marked missing, then applies everything that still stands.
pub(crate) async fn apply_held(ctx: &RunContext, id: QuestionId) -> Result<RunState> {
    let question = ctx.tenant().question_row(id).await?;
    let state = QuestionState::from_str(&question.state).map_err(Error::internal)?;
    let entity = Entity::named(&question.entity)
        .ok_or_else(|| Error::internal(format!("no entity {}", question.entity)))?;
    let found = match state {
        QuestionState::Open => apply(ctx, &question, entity).await?,
        // An attempt that was interrupted after its commit: what comes after it is done once more.
        QuestionState::Applied => 0,
        QuestionState::Discarded | QuestionState::Superseded => return Err(otherwise().into()),
    };
    if entity.beats {
        count::from_staging(ctx).await?;
        duplicates::follow(ctx).await?;
        reenrolled::propose(ctx).await?;
        ctx.phase(Phase::Applying, None);
        imports::refresh(ctx).await?;
    }
    if found > 0 {
        ctx.warn_once(format!("{found} devices are in NinjaOne after all. They were left as they are."));
    }
    Ok(if found > 0 { RunState::CompletedWithErrors } else { RunState::Completed })
}

/// Applies everything that still stands, and closes the question, in one transaction; answers how many devices NinjaOne has
/// after all.
async fn apply(ctx: &RunContext, question: &QuestionRow, entity: Entity) -> Result<i64> {
    let found = match question.change == ChangeKind::Missing.as_str() && entity.beats {
        true => still_there(ctx, question).await?,
        false => 0,
    };
    ctx.phase(Phase::Moving, Some(question.affected));
    let tx = db::begin(ctx.db()).await?;
    let counts = held::apply(ctx, &tx, entity, Which::Of(question.id)).await?;
    ctx.save(&tx, counts, counts.missing + counts.moved).await?;
    let close =
        "UPDATE run_questions SET state = 'applied' WHERE id = $1 AND tenant_id = $2 AND state = 'open'";
    if sql::execute(&tx, close, vec![question.id.into(), ctx.tenant_id().into()]).await? == 0 {
        return Err(otherwise().into());
    }
    tx.commit().await?;
    Ok(found)
}

fn otherwise() -> UserError {
    UserError::conflict(
        "Somebody decided otherwise meanwhile, or a later run has looked at the rows anew. Nothing was applied.",
    )
}

#[derive(FromQueryResult)]
struct Id {
    remote_id: String,
}

/// Takes devices that NinjaOne has after all out of the question, and answers how many.
async fn still_there(ctx: &RunContext, question: &QuestionRow) -> Result<i64> {
    let select =
        "SELECT remote_id FROM held_changes WHERE question_id = $1 AND tenant_id = $2 ORDER BY remote_id";
    let values = vec![question.id.into(), ctx.tenant_id().into()];
    let ids: Vec<Id> = sql::all(ctx.db(), select, values).await?;
    let ids: Vec<String> = ids.into_iter().map(|id| id.remote_id).collect();
    let client = connect(ctx).await?;
    let absent = proof::verify_devices(ctx, &client, &ids).await?;
    let gone: std::collections::HashSet<&String> = absent.gone.iter().chain(&absent.decommissioned).collect();
    let there: Vec<&String> = ids.iter().filter(|id| !gone.contains(id)).collect();
    for chunk in there.chunks(1000) {
        let mut p = sql::Params(vec![question.id.into(), ctx.tenant_id().into(), DEVICES.name.into()]);
        let named = sql::within(ctx.db(), &mut p, chunk.iter().map(|id| id.as_str()));
        let delete = format!(
            "DELETE FROM held_changes WHERE question_id = $1 AND tenant_id = $2 AND entity = $3 AND remote_id {named}"
        );
        db::write(ctx.db(), &delete, p.0).await?;
    }
    Ok(absent.left_out)
}
