//! Reading an entity to its end, one page ahead of the work on it.

use crate::{Error, Result, runs::RunContext};
use domain::run::Evidence;
use futures::future::BoxFuture;
use rmm::{Page, Position, RmmClient, RmmError};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Pages read ahead.
const AHEAD: usize = 2;
/// Pages after which a list is taken for endless: 100 million devices at 1,000 a page.
const MOST_PAGES: i64 = 100_000;
/// Times a report whose cursor was lost starts over.
const MOST_RESTARTS: u32 = 5;

/// Reads one page of an entity.
pub type Fetch<T> = fn(Arc<dyn RmmClient>, Position) -> BoxFuture<'static, Result<Page<T>, RmmError>>;

/// What a pull has seen, to prove that it is complete.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub rows: i64,
    pub pages: i64,
    pub unreadable: i64,
    /// Rows whose id could not even be read: they might be any row that is held.
    pub unnamed: i64,
    pub ended: Option<&'static str>,
}

impl Tally {
    /// The proof, given how many distinct rows there were.
    pub fn evidence(&self, entity: &str, distinct: i64) -> Evidence {
        Evidence {
            entity: entity.to_owned(),
            rows: self.rows,
            distinct,
            pages: self.pages,
            ended: self.ended.unwrap_or("interrupted").to_owned(),
            complete: self.ended.is_some(),
        }
    }

    fn count<T>(&mut self, page: &Page<T>) {
        self.rows += i64::try_from(page.raw).unwrap_or(i64::MAX);
        self.unreadable += i64::try_from(page.unreadable).unwrap_or(i64::MAX);
        self.unnamed += i64::try_from(page.raw.saturating_sub(page.ids.len())).unwrap_or(i64::MAX);
        self.pages += 1;
        self.ended = page.ended;
    }
}

/// Pages of one entity as they arrive.
pub struct Pull<T> {
    pages: mpsc::Receiver<Result<Page<T>, RmmError>>,
    reader: tokio::task::JoinHandle<()>,
    tally: Tally,
}

impl<T: Send + 'static> Pull<T> {
    /// Starts reading at once, in the background.
    pub fn start(client: &Arc<dyn RmmClient>, fetch: Fetch<T>) -> Self {
        let (sender, pages) = mpsc::channel(AHEAD);
        let reader = tokio::spawn(read(client.clone(), fetch, sender));
        Self { pages, reader, tally: Tally::default() }
    }

    /// The next page, or `None` after the last one.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, RmmError> {
        match self.pages.recv().await {
            None => Ok(None),
            Some(Err(error)) => Err(error),
            Some(Ok(page)) => {
                self.tally.count(&page);
                if self.tally.pages > MOST_PAGES {
                    return Err(RmmError::BadBody("the list does not end".into()));
                }
                Ok(Some(page))
            }
        }
    }

    /// What was seen so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
}

impl<T> Drop for Pull<T> {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn read<T>(
    client: Arc<dyn RmmClient>,
    fetch: Fetch<T>,
    pages: mpsc::Sender<Result<Page<T>, RmmError>>,
) {
    let mut at = Some(Position::Start);
    while let Some(position) = at {
        let page = fetch(client.clone(), position).await;
        at = page.as_ref().ok().and_then(|p| p.next.clone());
        if pages.send(page).await.is_err() {
            return;
        }
    }
}

/// Reads a whole report into `rows`, starting over when its cursor is lost. `insert` must bear repetition.
pub async fn report<T: Send + 'static>(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    fetch: Fetch<T>,
    mut insert: impl FnMut(T),
) -> Result<Tally, Error> {
    let mut restarts = 0;
    loop {
        match read_report(ctx, client, fetch, &mut insert).await {
            Err(RmmError::ReportLost) if restarts < MOST_RESTARTS => restarts += 1,
            other => return Ok(other?),
        }
    }
}

async fn read_report<T: Send + 'static>(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    fetch: Fetch<T>,
    insert: &mut impl FnMut(T),
) -> Result<Tally, RmmError> {
    let mut pull = Pull::start(client, fetch);
    while let Some(page) = pull.next().await? {
        page.rows.into_iter().for_each(&mut *insert);
        ctx.progress(pull.tally.rows);
    }
    match pull.tally.ended {
        Some(_) => Ok(pull.tally.clone()),
        None => Err(RmmError::BadBody("the report did not come to its end".into())),
    }
}
