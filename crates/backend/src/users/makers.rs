//! Whether who made a link for somebody else might still make it: rights that were taken away, or a link whose worth has grown
//! since, count when it is used, and when somebody looks at it.

use super::link;
use crate::{
    Result,
    roles::{HeldRow, JOIN, OF_USER},
    sql,
};
use domain::permissions::{Area, Level, Permissions};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Maker {
    #[sea_orm(nested)]
    role: HeldRow,
    restricted: bool,
}

/// Refuses a link, as one that is dead, whose maker is shut out, may not manage users any more, is limited to some companies, or
/// may less than it gives. `maker`: none for an operator, and for who has asked for it themselves.
pub(super) async fn stands_behind(
    db: &impl ConnectionTrait,
    (tenant, maker): (Uuid, Option<Uuid>),
    gives: &Permissions,
) -> Result<()> {
    let Some(maker) = maker else { return Ok(()) };
    let select = format!(
        "SELECT {OF_USER}, u.restricted FROM users u {JOIN} WHERE u.id = $1 AND u.tenant_id = $2 AND u.active"
    );
    let found: Option<Maker> = sql::one(db, &select, vec![maker.into(), tenant.into()]).await?;
    let may = match found.filter(|maker| !maker.restricted) {
        Some(maker) => maker.role.held()?.permissions,
        None => Permissions::NONE,
    };
    match may.allow(Area::Users, Level::Manage) && may.include(gives) {
        true => Ok(()),
        false => Err(link::dead().into()),
    }
}
