//! An event of the audit log is not replaced either: SQLite's `INSERT OR REPLACE` asks no trigger about the row that goes.
//! PostgreSQL has no such statement.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

const UP: &str = "CREATE TRIGGER audit_events_not_replaced BEFORE INSERT ON audit_events
    WHEN EXISTS (SELECT 1 FROM audit_events e WHERE e.tenant_id = new.tenant_id AND e.seq = new.seq OR e.rowid = new.rowid) BEGIN
        SELECT RAISE(ABORT, 'events of the audit log are never changed');
    END";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        crate::dialect::WHOLE
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        only_on_sqlite(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        only_on_sqlite(manager, "DROP TRIGGER audit_events_not_replaced").await
    }
}

async fn only_on_sqlite(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}
