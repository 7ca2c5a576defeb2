//! Tenants whose users all need a second factor.

use crate::dialect;
use sea_orm_migration::prelude::*;

const UP: &str = "ALTER TABLE tenants ADD COLUMN second_factor_required boolean NOT NULL DEFAULT FALSE";
const DOWN: &str = "ALTER TABLE tenants DROP COLUMN second_factor_required";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}
