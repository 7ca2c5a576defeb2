//! When each source of an integration was last read whole, and why not since: what is held may be stale.

use crate::{
    Result,
    bulk::{self, Kind, Target},
    db::{self, Tx},
    runs::RunContext,
    sql,
};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// Notes in the database which sources were read to their end since that was last done.
pub async fn note_read(ctx: &RunContext, tx: &Tx) -> Result<()> {
    let row = |(source, at): (String, i64)| {
        vec![ctx.tenant_id().into(), ctx.integration_id().into(), source.into(), at.into()]
    };
    let target = Target {
        table: "source_states",
        columns: &[
            ("tenant_id", Kind::Uuid),
            ("integration_id", Kind::Uuid),
            ("source", Kind::Text),
            ("read_at", Kind::Int),
        ],
        after: "ON CONFLICT (integration_id, source)
            DO UPDATE SET read_at = excluded.read_at, failed_at = NULL, problem = NULL",
    };
    bulk::insert(tx, target, ctx.take_read().into_iter().map(row).collect()).await
}

/// Notes that `source` could not be read; what it told before stays, and is stale.
pub async fn failed(ctx: &RunContext, source: &str, problem: &str) -> Result<()> {
    let upsert = "INSERT INTO source_states (tenant_id, integration_id, source, failed_at, problem)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (integration_id, source) DO UPDATE SET failed_at = excluded.failed_at, problem = excluded.problem";
    let values = vec![
        ctx.tenant_id().into(),
        ctx.integration_id().into(),
        source.into(),
        ctx.now().into(),
        problem.into(),
    ];
    let tx = db::begin(ctx.db()).await?;
    // What was read of it all the same comes first.
    note_read(ctx, &tx).await?;
    sql::execute(&tx, upsert, values).await?;
    Ok(tx.commit().await?)
}

/// Whether `source` was ever read to its end.
pub async fn was_read(ctx: &RunContext, source: &str) -> Result<bool> {
    let count = "SELECT count(*) AS n FROM source_states
        WHERE tenant_id = $1 AND integration_id = $2 AND source = $3 AND read_at IS NOT NULL";
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into(), source.into()];
    Ok(sql::count(ctx.db(), count, values).await? > 0)
}

/// Sources with the hash of what they name; `None` for one that was not read.
pub type Named<'a> = [(&'a str, Option<i64>)];

/// The hash of what `source` named when that was last noted.
pub async fn named(ctx: &RunContext, source: &str) -> Result<Option<i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        named_hash: Option<i64>,
    }
    let select =
        "SELECT named_hash FROM source_states WHERE tenant_id = $1 AND integration_id = $2 AND source = $3";
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into(), source.into()];
    Ok(sql::one::<Row>(ctx.db(), select, values).await?.and_then(|row| row.named_hash))
}

/// Whether all of these sources name what they named when they were last beyond doubt.
pub async fn are_named(ctx: &RunContext, named: &Named<'_>) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Row {
        source: String,
        named_hash: i64,
    }
    let select = "SELECT source, named_hash FROM source_states
        WHERE tenant_id = $1 AND integration_id = $2 AND named_hash IS NOT NULL";
    let rows: Vec<Row> =
        sql::all(ctx.db(), select, vec![ctx.tenant_id().into(), ctx.integration_id().into()]).await?;
    let same = |source: &str, hash: i64| rows.iter().any(|r| r.source == source && r.named_hash == hash);
    Ok(named.iter().all(|(source, hash)| hash.is_some_and(|hash| same(source, hash))))
}

/// Notes what sources name, since nothing that they named before is missed.
pub async fn note_named(ctx: &RunContext, db: &impl ConnectionTrait, named: &Named<'_>) -> Result<()> {
    for (source, hash) in named {
        let upsert = "INSERT INTO source_states (tenant_id, integration_id, source, named_hash) VALUES ($1, $2, $3, $4)
            ON CONFLICT (integration_id, source) DO UPDATE SET named_hash = excluded.named_hash";
        let values =
            vec![ctx.tenant_id().into(), ctx.integration_id().into(), (*source).into(), (*hash).into()];
        sql::execute(db, upsert, values).await?;
    }
    Ok(())
}
