//! What custom fields of organizations tell about whose they are.

use crate::dialect;
use sea_orm_migration::prelude::*;

const UP: &str = "
-- Domains, phone numbers, addresses and references of the PSA, a line each.
ALTER TABLE organizations ADD COLUMN clues text
";

const DOWN: &str = "
ALTER TABLE organizations DROP COLUMN clues
";

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
