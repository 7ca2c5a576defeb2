//! Whose turn it is to write on SQLite, and how long somebody waits for it.
//!
//! SQLite lets one write at a time, and gives the lock to whoever happens to ask when it is free: a user would wait for the end of
//! an import, which asks for it again at once after each of its transactions. Here it goes round in the order of asking.
//!
//! When another program holds the lock, nothing moves: whoever looks at a page is told so soon.

use super::PATIENCE;
use sea_orm::{ConnAcquireErr, DbErr, sqlx::SqlitePool};
use std::{
    collections::HashMap,
    path::PathBuf,
    pin::pin,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::OwnedMutexGuard,
    task::JoinHandle,
    task_local,
    time::{error::Elapsed, timeout},
};

/// Whoever has the turn and waits longer for the lock waits for another program.
const SOON: Duration = Duration::from_secs(1);
/// Longest wait of a user for such a program: an answer that says that the database is busy comes within two seconds.
const OF_A_USER: Duration = Duration::from_millis(1_200);
/// How often one looks whether it is so.
const LOOK: Duration = Duration::from_millis(100);

task_local! {
    /// Whether something was saved since somebody waits; `None` for who only reads.
    static HURRIED: Option<AtomicBool>;
}

/// Does work that a user waits for: what it writes is refused as [`crate::Error::Busy`] while another program holds the database,
/// and once something is saved, no error says that nothing was changed.
pub async fn hurried<R>(work: impl Future<Output = R>) -> R {
    HURRIED.scope(Some(AtomicBool::new(false)), work).await
}

/// The same for somebody who reads: what is kept at hand for that meanwhile is nothing that they saved.
pub async fn hurried_read<R>(work: impl Future<Output = R>) -> R {
    HURRIED.scope(None, work).await
}

/// Bookkeeping of a request: what it saves is nothing that the user asked for.
pub(crate) async fn aside<R>(work: impl Future<Output = R>) -> R {
    match HURRIED.try_with(|_| ()) {
        Ok(()) => HURRIED.scope(None, work).await,
        Err(_) => work.await,
    }
}

/// Something of what a user waits for is saved.
pub(super) fn note_saved() {
    _ = HURRIED.try_with(|saved| {
        if let Some(saved) = saved {
            saved.store(true, Ordering::Relaxed);
        }
    });
}

/// Whether something of what a user waits for is saved by now.
pub(crate) fn is_saved() -> bool {
    let saved =
        |saved: &Option<AtomicBool>| saved.as_ref().is_some_and(|saved| saved.load(Ordering::Relaxed));
    HURRIED.try_with(saved).unwrap_or(false)
}

/// Those who want to write into a file, one after the other.
#[derive(Default)]
pub(super) struct Line {
    turns: Arc<tokio::sync::Mutex<()>>,
    /// Whether the first of them waits for another program.
    stands: AtomicBool,
}

/// Somebody's turn, which ends when it is dropped.
pub(super) type Turn = OwnedMutexGuard<()>;

impl Line {
    /// The line before the file of a pool.
    pub(super) fn of(pool: &SqlitePool) -> Arc<Self> {
        static FILES: LazyLock<Mutex<HashMap<PathBuf, Arc<Line>>>> = LazyLock::new(Mutex::default);
        let file = pool.connect_options().get_filename().to_owned();
        FILES.lock().unwrap_or_else(PoisonError::into_inner).entry(file).or_default().clone()
    }

    /// Waits for one's turn.
    pub(super) async fn turn(&self) -> Result<Turn, DbErr> {
        timeout(PATIENCE, self.turns.clone().lock_owned()).await.map_err(too_late)
    }

    /// Waits for the lock, with the turn to take it and a connection.
    pub(super) async fn lock<R>(&self, lock: impl Future<Output = R>) -> R {
        let mut lock = pin!(lock);
        if let Ok(locked) = timeout(SOON, lock.as_mut()).await {
            return locked;
        }
        self.stands.store(true, Ordering::Relaxed);
        let locked = lock.await;
        self.stands.store(false, Ordering::Relaxed);
        locked
    }

    /// Waits for the beginning of a transaction, unless the line stands and somebody is in a hurry. It goes on all the same: see
    /// [`super::begin`].
    pub(super) async fn begun<R>(&self, mut beginning: JoinHandle<R>) -> Result<R, DbErr> {
        let since = Instant::now();
        while HURRIED.try_with(|_| ()).is_ok() {
            if let Ok(begun) = timeout(LOOK, &mut beginning).await {
                return begun.map_err(lost);
            }
            if since.elapsed() >= OF_A_USER && self.stands.load(Ordering::Relaxed) {
                return Err(busy());
            }
        }
        beginning.await.map_err(lost)
    }
}

fn too_late(_: Elapsed) -> DbErr {
    busy()
}

fn busy() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
}

pub(super) fn lost(error: tokio::task::JoinError) -> DbErr {
    DbErr::Custom(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::{begin, connect, in_passing};
    use crate::{Result, clock::new_id, error::Error};
    use sea_orm::{ConnectionTrait, DatabaseConnection};
    use std::{
        sync::{
            Arc,
            atomic::{AtomicU32, Ordering},
        },
        time::Duration,
    };

    const CONNECTIONS: u32 = 4;

    async fn a_file() -> (std::path::PathBuf, DatabaseConnection) {
        let file = std::env::temp_dir().join(format!("msportal-turns-{}.db", new_id()));
        let db = connect(&format!("sqlite:{}?mode=rwc", file.display()), CONNECTIONS).await.unwrap();
        (file, db)
    }

    /// Begins for somebody who waits at a page.
    async fn hurried(db: &DatabaseConnection) -> Result<()> {
        super::hurried(async { Ok(begin(db).await.map(drop)?) }).await
    }

    /// An import asks for the lock again at once: somebody else has it in between all the same.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_lock_goes_round_in_the_order_of_asking() {
        let (file, db) = a_file().await;
        let (taken, import) = (Arc::new(AtomicU32::new(0)), db.clone());
        let count = taken.clone();
        let import = tokio::spawn(async move {
            loop {
                let tx = begin(&import).await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(30)).await;
                tx.commit().await.unwrap();
            }
        });
        while taken.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        for _ in 0..10 {
            let before = taken.load(Ordering::SeqCst);
            let tx = begin(&db).await.unwrap();
            let between = taken.load(Ordering::SeqCst) - before;
            tx.commit().await.unwrap();
            assert!(between <= 3, "{between} transactions came first");
        }
        import.abort();
        _ = import.await;
        db.close().await.unwrap();
        std::fs::remove_file(file).unwrap();
    }

    /// What follows a commit may fail, too: then it is not so that nothing was changed.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_saved_is_not_called_unchanged() {
        let (file, db) = a_file().await;
        let busy_after = async |statement: &str| {
            super::hurried(async {
                let tx = begin(&db).await.unwrap();
                tx.execute_unprepared(statement).await.unwrap();
                match statement {
                    "SELECT 1" => drop(tx),
                    _ => tx.commit().await.unwrap(),
                }
                Error::from(super::busy()).into_user_error()
            })
            .await
        };
        let told = busy_after("SELECT 1").await;
        assert_eq!(told.retry_after, Some(2), "{}", told.message);
        let told = busy_after("CREATE TABLE made (id integer)").await;
        assert_eq!(told.retry_after, None, "{}", told.message);
        assert!(told.message.contains("not known whether"), "{}", told.message);
        let read = super::hurried_read(async {
            begin(&db).await.unwrap().commit().await.unwrap();
            Error::from(super::busy()).into_user_error()
        });
        assert_eq!(read.await.retry_after, Some(2), "a read saves nothing of its reader's");
        // A note in passing is none of the user's.
        let told = super::hurried(async {
            in_passing(&db, "INSERT INTO made (id) VALUES ($1)", vec![1_i64.into()]).await.unwrap();
            Error::from(super::busy()).into_user_error()
        });
        assert_eq!(told.await.retry_after, Some(2));
        db.close().await.unwrap();
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_is_in_a_hurry_waits_for_us_and_not_for_another_program() {
        let (file, db) = a_file().await;
        let ours = begin(&db).await.unwrap();
        let commit = async {
            tokio::time::sleep(super::OF_A_USER * 2).await;
            ours.commit().await.unwrap();
        };
        let (waited, ()) = tokio::join!(hurried(&db), commit);
        waited.unwrap();

        let other = connect(&format!("sqlite:{}", file.display()), 1).await.unwrap();
        other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
        for _ in 0..2 {
            let refused = hurried(&db).await;
            assert!(matches!(refused, Err(Error::Busy(_))), "{refused:?}");
        }
        other.execute_unprepared("ROLLBACK").await.unwrap();
        begin(&db).await.unwrap().commit().await.unwrap();
        hurried(&db).await.unwrap();
        other.close().await.unwrap();
        db.close().await.unwrap();
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn connections_that_are_all_in_use_are_no_locked_file() {
        let (file, db) = a_file().await;
        let mut all = Vec::new();
        for _ in 0..CONNECTIONS {
            all.push(db.get_sqlite_connection_pool().acquire().await.unwrap());
        }
        let give_back = async move {
            tokio::time::sleep(super::OF_A_USER * 2).await;
            drop(all);
        };
        let (waited, ()) = tokio::join!(hurried(&db), give_back);
        waited.unwrap();
        db.close().await.unwrap();
        std::fs::remove_file(file).unwrap();
    }
}
