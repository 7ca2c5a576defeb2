//! How the database's schema stands to this program's.

use crate::{Error, Result};
use domain::error::UserError;
use migrations::{MigrationStatus, Migrator, MigratorTrait};
use sea_orm::{DatabaseConnection, DbErr};

/// Whose schema a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// This program's.
    Current,
    /// An older one, or none: `migrate` brings it up to date.
    Older,
    /// That of a newer program, which this one must not touch.
    Newer,
}

/// Looks; changes nothing.
pub async fn schema(db: &DatabaseConnection) -> Result<Schema, DbErr> {
    match Migrator::get_migration_with_status_read_only(db).await {
        Ok(all) if all.iter().all(|m| m.status() == MigrationStatus::Applied) => Ok(Schema::Current),
        Ok(_) => Ok(Schema::Older),
        // sea-orm-migration has no kind of its own for it.
        Err(DbErr::Custom(text)) if text.contains("its file is missing") => Ok(Schema::Newer),
        Err(error) => Err(error),
    }
}

/// Applies the migrations that are missing. The schema of a newer program is refused and stays as it is.
pub async fn migrate(db: &DatabaseConnection) -> Result<()> {
    if schema(db).await? == Schema::Newer {
        return Err(newer());
    }
    Migrator::up(db, None).await.map_err(Error::internal)
}

/// Refuses every schema but this program's.
pub(super) async fn demand_current(db: &DatabaseConnection) -> Result<()> {
    match schema(db).await? {
        Schema::Current => Ok(()),
        Schema::Newer => Err(newer()),
        Schema::Older => {
            let message =
                "The database has an older schema than this program: run \"msportal migrate\" first.";
            Err(UserError::conflict(message).into())
        }
    }
}

fn newer() -> Error {
    UserError::conflict(format!(
        "The database has the schema of a newer msportal than this one ({}). Start the newer program, or restore a backup \
         from before the update; nothing was changed.",
        env!("CARGO_PKG_VERSION")
    ))
    .into()
}
