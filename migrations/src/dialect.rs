//! The few words in which the two engines differ.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Runs statements separated by `;`. `{uuid}` and `{bytes}` become the engine's types.
pub async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let (uuid, bytes) = match manager.get_database_backend() {
        DbBackend::Postgres => ("uuid", "bytea"),
        _ => ("blob", "blob"),
    };
    let code: Vec<&str> = sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let sql = code.join("\n").replace("{uuid}", uuid).replace("{bytes}", bytes);
    for statement in sql.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Declares a migration that runs one text up and drops tables down, in that order.
macro_rules! migration {
    ($up:expr, drop: [$($table:literal),* $(,)?]) => {
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Migration {
            async fn up(&self, manager: &sea_orm_migration::prelude::SchemaManager) -> Result<(), sea_orm_migration::prelude::DbErr> {
                crate::dialect::run(manager, $up).await
            }

            async fn down(&self, manager: &sea_orm_migration::prelude::SchemaManager) -> Result<(), sea_orm_migration::prelude::DbErr> {
                crate::dialect::run(manager, concat!($("DROP TABLE ", $table, ";"),*)).await
            }
        }
    };
}
pub(crate) use migration;
