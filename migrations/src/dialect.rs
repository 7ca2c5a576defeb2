//! The few words in which the two engines differ.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend, TransactionTrait},
};

/// Runs statements separated by `;`. `{uuid}` and `{bytes}` become the engine's types; `{without_rowid}` keeps the rows of
/// a narrow table in its primary key, where the engine can. A primary key of type `{number}` is the row's own number there.
/// Lines that begin with `{postgres}` are for that engine alone. `{new_uuid}` is a random id. `{each_of}(text{json}) v` are the members
/// of a JSON object of texts, `v.key` and `v.value`; `{id_of}` is the id whose 32 digits such a value begins with. Texts that are
/// `{bytewise}` are compared as SQLite compares all of them.
pub async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let (uuid, bytes, number, without_rowid, only, new_uuid) = match manager.get_database_backend() {
        DbBackend::Postgres => ("uuid", "bytea", "bigint", "", "", "gen_random_uuid()"),
        _ => ("blob", "blob", "INTEGER", "WITHOUT ROWID", "--", "randomblob(16)"),
    };
    let sql = sql.replace("{postgres}", only).replace("{new_uuid}", new_uuid);
    let code: Vec<&str> = sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let sql = code.join("\n").replace("{uuid}", uuid).replace("{bytes}", bytes).replace("{number}", number);
    let sql = sql.replace("{without_rowid}", without_rowid);
    let (each_of, json, id_of, bytewise) = match manager.get_database_backend() {
        DbBackend::Postgres => {
            ("json_each_text", "::json", "CAST(substr(v.value, 1, 32) AS uuid)", " COLLATE \"C\"")
        }
        _ => ("json_each", "", "unhex(substr(v.value, 1, 32))", ""),
    };
    let sql = sql.replace("{each_of}", each_of).replace("{json}", json);
    let sql = sql.replace("{id_of}", id_of).replace("{bytewise}", bytewise);
    // One connection for all: another one of the pool may not have seen yet that a table was dropped or renamed.
    let tx = manager.get_connection().begin().await?;
    for statement in sql.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        tx.execute_unprepared(statement).await?;
    }
    tx.commit().await
}

/// Runs the statements of the engine one by one, in one transaction.
pub async fn each(
    manager: &SchemaManager<'_>,
    statements: impl FnOnce(DbBackend) -> Vec<String> + Send,
) -> Result<(), DbErr> {
    let statements = statements(manager.get_database_backend());
    if statements.is_empty() {
        return Ok(());
    }
    let tx = manager.get_connection().begin().await?;
    for statement in statements {
        tx.execute_unprepared(&statement).await?;
    }
    tx.commit().await
}

/// Every migration is one transaction with the note that it has run, on both engines: sea-orm-migration leaves it out on SQLite,
/// where a process that dies between the two would find its own tables in the way for ever.
pub const WHOLE: Option<bool> = Some(true);

/// Declares a migration that runs one text up and another down, or drops tables down, in that order. After `each:` stand functions
/// that answer an engine's statements, which are taken as they are; after `on: Postgres, each:` the statements for that one alone.
macro_rules! migration {
    (@ $run:path, $up:expr, $down:expr) => {
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Migration {
            fn use_transaction(&self) -> Option<bool> {
                crate::dialect::WHOLE
            }

            async fn up(&self, manager: &sea_orm_migration::prelude::SchemaManager) -> Result<(), sea_orm_migration::prelude::DbErr> {
                $run(manager, $up).await
            }

            async fn down(&self, manager: &sea_orm_migration::prelude::SchemaManager) -> Result<(), sea_orm_migration::prelude::DbErr> {
                $run(manager, $down).await
            }
        }
    };
    (on: $engine:ident, each: $up:expr, down: $down:expr) => {
        crate::dialect::migration!(
            each: |engine| if engine == sea_orm_migration::sea_orm::DbBackend::$engine { $up } else { Vec::new() },
            down: |engine| if engine == sea_orm_migration::sea_orm::DbBackend::$engine { $down } else { Vec::new() }
        );
    };
    (each: $up:expr, down: $down:expr) => {
        crate::dialect::migration!(@ crate::dialect::each, $up, $down);
    };
    ($up:expr, drop: [$($table:literal),* $(,)?]) => {
        crate::dialect::migration!($up, down: concat!($("DROP TABLE ", $table, ";"),*));
    };
    ($up:expr, down: $down:expr) => {
        crate::dialect::migration!(@ crate::dialect::run, $up, $down);
    };
}
pub(crate) use migration;
