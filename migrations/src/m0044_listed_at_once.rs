//! SQLite lists a device that an import inserts, with all that is computed of it, in one statement instead of three: each of the
//! others opened the table and its nine indexes to change nothing, and the row was read once more.

use crate::{
    dialect::each,
    m0014_device_list::{listed_at_once, listed_in_one},
};
use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        crate::dialect::WHOLE
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DbBackend::Sqlite => each(manager, listed_at_once()).await,
            _ => Ok(()),
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DbBackend::Sqlite => each(manager, listed_in_one()).await,
            _ => Ok(()),
        }
    }
}
