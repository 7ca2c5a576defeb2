//! Reading an entity to its end, some pages ahead of the work on it.

use super::list::{Lengths, List};
use crate::{
    Error, Result,
    runs::{Place, RunContext},
    task::Task,
};
use domain::sync::Key;
use futures::{StreamExt, future::BoxFuture, stream};
use rmm::{Page, Position, RmmClient, RmmError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};

/// Pages read ahead.
const AHEAD: usize = 8;
/// Those of known devices, which are read fast and wait for the backup report.
const FAR_AHEAD: usize = 24;
/// Pages after which a list is taken for endless: 100 million devices at 1,000 a page.
const MOST_PAGES: i64 = 100_000;
/// Times a report whose cursor was lost starts over.
const MOST_RESTARTS: u32 = 5;

/// Reads one page of an entity.
pub type Fetch<T> = fn(Arc<dyn RmmClient>, Position) -> BoxFuture<'static, Result<Page<T>, RmmError>>;

/// What a pull has seen, to prove that it is complete.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub rows: i64,
    pub pages: i64,
    pub unreadable: i64,
    /// Rows whose id could not even be read: they might be any row that is held.
    pub unnamed: i64,
    /// Pages whose rows did not come in the order of their ids: the next page may pass rows over.
    #[serde(default)]
    pub unsorted: i64,
    pub ended: Option<String>,
}

impl Tally {
    fn count<T>(&mut self, page: &Page<T>) {
        self.rows += count(page.raw);
        self.unreadable += count(page.lost.len());
        self.unnamed += count(page.raw.saturating_sub(page.ids.len()));
        self.unsorted += i64::from(!page.ordered);
        self.pages += 1;
        self.ended = page.ended.map(str::to_owned);
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A part of a list ordered by id: behind `after`, up to `until` or the end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    after: Option<Key>,
    until: Option<Key>,
}

impl Span {
    fn start(&self) -> Position {
        self.after.as_ref().map_or(Position::Start, |key| Position::After(key.to_string()))
    }
}

/// The spans between `places`, behind `after`.
fn spans(after: Option<Key>, places: Vec<Key>) -> Vec<Span> {
    let starts = std::iter::once(after).chain(places.iter().cloned().map(Some));
    let ends = places.iter().cloned().map(Some).chain(std::iter::once(None));
    starts.zip(ends).map(|(after, until)| Span { after, until }).collect()
}

/// Pages of one entity as they arrive, in order.
pub struct Pull<T> {
    pages: mpsc::Receiver<Result<Page<T>, RmmError>>,
    reader: tokio::task::JoinHandle<()>,
    tally: Tally,
}

impl<T: Send + 'static> Pull<T> {
    /// Starts reading at once, page after page, in the background.
    pub fn start(client: &Arc<dyn RmmClient>, fetch: Fetch<T>) -> Self {
        let (sender, pages) = mpsc::channel(AHEAD);
        let reader = tokio::spawn(read(client.clone(), fetch, sender));
        Self { pages, reader, tally: Tally::default() }
    }

    /// Starts reading a list ordered by id, `in_flight` pages at a time, each from one of the `places` that are known; what
    /// lies between two places is read to its end, however long it has become. As many of them are asked for as there is `room`,
    /// which may become more.
    pub fn ranged(
        list: List<T>,
        after: Option<Key>,
        places: Vec<Key>,
        in_flight: usize,
        room: Arc<Semaphore>,
    ) -> Self {
        let (sender, pages) = mpsc::channel(if places.is_empty() { AHEAD } else { FAR_AHEAD });
        let spans = spans(after, places);
        let reader = tokio::spawn(read_spans(list, spans, (in_flight.max(1), room), sender));
        Self { pages, reader, tally: Tally::default() }
    }

    /// Reads a list ordered by id, page after page, from where an interrupted pull of it was.
    pub fn from(list: List<T>, place: Option<Place>) -> Self {
        let after = place.as_ref().map(|p| Key::from(p.after.as_str()));
        let mut pull = Self::ranged(list, after, Vec::new(), 1, Arc::new(Semaphore::new(1)));
        if let Some(place) = place {
            pull.resume(place.tally);
        }
        pull
    }

    /// Goes on with the tally of an interrupted pull.
    pub fn resume(&mut self, tally: Tally) {
        self.tally = Tally { ended: None, ..tally };
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

    /// So many rows of the pages so far turned out to be unreadable.
    pub fn lose(&mut self, rows: i64) {
        self.tally.unreadable += rows;
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

type Sender<T> = mpsc::Sender<Result<Page<T>, RmmError>>;

async fn read<T>(client: Arc<dyn RmmClient>, fetch: Fetch<T>, pages: Sender<T>) {
    let mut at = Some(Position::Start);
    while let Some(position) = at {
        let page = fetch(client.clone(), position).await;
        at = page.as_ref().ok().and_then(|p| p.next.clone());
        if pages.send(page).await.is_err() {
            return;
        }
    }
}

async fn read_spans<T: Send + 'static>(
    list: List<T>,
    spans: Vec<Span>,
    (in_flight, room): (usize, Arc<Semaphore>),
    pages: Sender<T>,
) {
    // Behind known devices hardly any are new.
    let again = spans.len() > 1;
    let mut lengths = Lengths::new(list.page_size);
    // Each in a task of its own: a read that stands still while nobody takes its pages might hold what others wait for,
    // such as the turn to renew the token.
    let known = stream::iter(spans).map(|span| {
        let (list, room) = (list.clone(), room.clone());
        Task::spawn(async move {
            let _one = room.acquire().await;
            read_span(list, span, again).await
        })
    });
    let mut known = known.buffered(in_flight);
    let (mut at, mut likely) = (None, false);
    while let Some(read) = known.next().await {
        let read = match read {
            Ok(Ok(read)) => read,
            Ok(Err(error)) => return drop(pages.send(Err(error)).await),
            Err(lost) => {
                let error = RmmError::BadBody(format!("the reader stopped: {lost}"));
                return drop(pages.send(Err(error)).await);
            }
        };
        for page in read {
            (at, likely) = (page.next.clone(), lengths.note(page.raw));
            if pages.send(Ok(page)).await.is_err() {
                return;
            }
        }
    }
    // Behind the last known id everything is new: one page after the other.
    while let Some(position) = at {
        let page = list.last_page(position, likely || again).await;
        at = page.as_ref().ok().and_then(|p| p.next.clone());
        likely = page.as_ref().is_ok_and(|p| lengths.note(p.raw));
        if pages.send(page).await.is_err() {
            return;
        }
    }
}

/// The pages of a span that has an end, rows behind it left to the next span; of the span without an end the first page, which
/// is asked about `again` at the same time where it is likely the end.
async fn read_span<T: Send + 'static>(
    list: List<T>,
    span: Span,
    again: bool,
) -> Result<Vec<Page<T>>, RmmError> {
    let mut read = Vec::with_capacity(1);
    let mut at = Some(span.start());
    while let Some(position) = at {
        let (page, done) = match &span.until {
            Some(until) => {
                let mut page = list.last_page(position, false).await?;
                // Only the last span proves the end of the list.
                page.ended = None;
                let done = cut(&mut page, list.id, until);
                (page, done)
            }
            None => (list.last_page(position, again).await?, true),
        };
        at = if done { None } else { page.next.clone() };
        read.push(page);
    }
    Ok(read)
}

/// Cuts off what lies behind `until`, and says whether the page reached it.
fn cut<T>(page: &mut Page<T>, id: fn(&T) -> &str, until: &Key) -> bool {
    let Some(last) = page.ids.iter().map(|id| Key::from(id.as_str())).max() else { return false };
    if last > *until {
        let all = page.ids.len();
        page.ids.retain(|id| Key::from(id.as_str()) <= *until);
        page.raw -= all - page.ids.len();
        page.rows.retain(|row| Key::from(id(row)) <= *until);
        page.lost.retain(|lost| lost.id.as_deref().is_none_or(|id| Key::from(id) <= *until));
    }
    last >= *until
}

/// Reads a whole report into `insert`, starting over when its cursor is lost. `insert` must bear repetition.
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
        ctx.advance(count(page.raw));
        page.rows.into_iter().for_each(&mut *insert);
    }
    match pull.tally.ended {
        Some(_) => Ok(pull.tally.clone()),
        None => Err(RmmError::BadBody("the report did not come to its end".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_meet_at_their_places() {
        let key = |n| Key::Number(n);
        let cut = spans(None, vec![key(10), key(20)]);
        let pair = |after, until| Span { after, until };
        assert_eq!(
            cut,
            [pair(None, Some(key(10))), pair(Some(key(10)), Some(key(20))), pair(Some(key(20)), None)]
        );
        assert_eq!(spans(Some(key(5)), vec![]), [pair(Some(key(5)), None)]);
    }

    #[test]
    fn a_page_is_cut_at_the_next_place() {
        let page = || Page {
            rows: vec!["8".to_owned(), "9".to_owned(), "11".to_owned()],
            raw: 4,
            ids: ["8", "9", "10", "11"].map(str::to_owned).to_vec(),
            ordered: true,
            lost: vec![rmm::Lost { id: Some("10".into()), reason: String::new() }],
            next: None,
            ended: None,
        };
        let mut whole = page();
        assert!(!cut(&mut whole, String::as_str, &Key::Number(12)));
        assert_eq!(whole.raw, 4);
        let mut part = page();
        assert!(cut(&mut part, String::as_str, &Key::Number(9)));
        assert_eq!((part.raw, part.rows.len(), part.lost.len()), (2, 2, 0));
    }
}
