//! Writes whose answer was lost: nobody knows whether they were done.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{
        self,
        postgres::{PgDatabaseError, PgSeverity},
    },
};
use std::{io, sync::Arc};

/// What a connection said when it was lost under a write.
#[derive(Debug, thiserror::Error)]
#[error("a write was sent and not answered: {0}")]
struct Unanswered(Arc<sqlx::Error>);

/// The error of a COMMIT, or of a statement outside of a transaction, on PostgreSQL. What the server does not refuse in so many
/// words it may have done.
pub(super) fn perhaps_done(error: DbErr) -> DbErr {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))
            if is_lost(&cause) =>
        {
            let cause = io::Error::other(Unanswered(cause));
            DbErr::Exec(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Io(cause))))
        }
        other => other,
    }
}

/// Whether the connection went before there was an answer. One of the severity ERROR is an answer: it is not done.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(said) => said
            .try_downcast_ref::<PgDatabaseError>()
            .is_some_and(|said| said.severity() != PgSeverity::Error),
        _ => false,
    }
}

/// Whether a write may have been done all the same.
pub(crate) fn is_unanswered(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return false;
    };
    match &**cause {
        sqlx::Error::Io(cause) => cause.get_ref().is_some_and(|cause| cause.is::<Unanswered>()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn commit(error: sqlx::Error) -> Error {
        perhaps_done(DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))).into()
    }

    #[test]
    fn a_lost_answer_is_no_refusal() {
        let lost = commit(sqlx::Error::Io(io::ErrorKind::UnexpectedEof.into()));
        assert!(matches!(lost, Error::Unanswered(_)), "{lost:?}");
        let told = lost.into_user_error();
        assert_eq!(told.kind.status(), 500);
        assert_eq!(told.retry_after, None, "nobody tries again by himself");
        assert_eq!(told.message, "It is not known whether this was saved. Look before you try again.");
        assert!(told.id.is_some());

        let refused = commit(sqlx::Error::PoolTimedOut);
        assert!(!matches!(refused, Error::Unanswered(_)), "{refused:?}");
        let read = DbErr::Query(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Io(
            io::ErrorKind::UnexpectedEof.into(),
        ))));
        assert!(matches!(Error::from(read), Error::Busy(_)), "within a transaction nothing is done");
    }
}
