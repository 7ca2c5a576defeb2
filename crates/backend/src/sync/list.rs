//! A list ordered by id, whose end is believed only when it is told twice: an empty page may also be a server's trouble.

use super::pull::Fetch;
use futures::future::{BoxFuture, join};
use rmm::{Page, Position, RmmClient, RmmError};
use std::sync::Arc;

/// How a list ended that goes on as far as another answer tells.
pub const CONTRADICTED: &str = "contradicted end";

/// Says whether the vendor has rows behind a place.
pub type More = fn(Arc<dyn RmmClient>, Position) -> BoxFuture<'static, Result<bool, RmmError>>;

/// How a list is asked for.
pub struct List<T> {
    pub client: Arc<dyn RmmClient>,
    pub fetch: Fetch<T>,
    pub id: fn(&T) -> &str,
    /// Another list of the same rows, which is asked whether the end is one; without it the list itself.
    pub more: Option<More>,
    /// Rows of a full page, unless the vendor gives fewer.
    pub page_size: usize,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), ..*self }
    }
}

impl<T: Send + 'static> List<T> {
    /// One page.
    pub async fn page(&self, at: Position) -> Result<Page<T>, RmmError> {
        (self.fetch)(self.client.clone(), at).await
    }

    /// A page that may be the end, and then is asked about; `likely`: both are asked for at the same time. An end that is
    /// contradicted twice is marked as such.
    pub async fn last_page(&self, at: Position, likely: bool) -> Result<Page<T>, RmmError> {
        let (page, more) = if likely {
            let (page, more) = join(self.page(at.clone()), self.more(at.clone())).await;
            (page?, Some(more))
        } else {
            (self.page(at.clone()).await?, None)
        };
        if page.ended.is_none() {
            return Ok(page);
        }
        let more = match more {
            Some(more) => more?,
            None => self.more(at.clone()).await?,
        };
        if !more {
            return Ok(page);
        }
        let again = self.page(at).await?;
        let ended = again.ended.map(|_| CONTRADICTED);
        Ok(Page { ended, ..again })
    }

    /// Where the other list cannot be read, the same answer twice has to do.
    async fn more(&self, at: Position) -> Result<bool, RmmError> {
        let other = match self.more {
            Some(more) => more(self.client.clone(), at.clone()).await,
            None => return self.page(at).await.map(|page| page.ended.is_none()),
        };
        match other {
            Err(error) if !error.is_credentials() => self.page(at).await.map(|page| page.ended.is_none()),
            told => told,
        }
    }
}

/// Tells by the lengths of pages whether the next one will be the end.
pub struct Lengths {
    full: usize,
    longest: usize,
    pages: usize,
}

impl Lengths {
    /// `full`: rows of a full page, unless the vendor gives fewer.
    pub fn new(full: usize) -> Self {
        Self { full, longest: 0, pages: 0 }
    }

    /// Notes a page of so many rows; says whether the next one is likely to be empty.
    pub fn note(&mut self, rows: usize) -> bool {
        let shorter = rows < self.longest || self.pages == 0;
        self.longest = self.longest.max(rows);
        self.pages += 1;
        rows < self.full && shorter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_page_announces_the_end() {
        let mut lengths = Lengths::new(100);
        assert!(!lengths.note(100));
        assert!(!lengths.note(100));
        assert!(lengths.note(7));
        assert!(Lengths::new(100).note(7), "a list of one page");
        let mut clamped = Lengths::new(100);
        assert!(clamped.note(30), "not known yet");
        assert!(!clamped.note(30));
        assert!(!clamped.note(30));
        assert!(clamped.note(2));
    }
}
