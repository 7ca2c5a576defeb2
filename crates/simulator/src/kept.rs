//! Pages that are kept once they are written, for as long as the fleet stands still: a client can then be measured
//! without the price of making its answers.
//!
//! Only what depends on nothing but the fleet and the request is kept. Cursors, their numbers, faults, tokens and
//! delays are made for each request as ever.

use crate::rows::Page;
use std::collections::HashMap;

/// When this many bytes are kept, keeping begins anew: clients may ask for ever new pages.
const MOST_BYTES: usize = 2 << 30;

/// Written pages with what belongs to them, by what was asked.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    pages: HashMap<String, (Page, T)>,
    bytes: usize,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { pages: HashMap::new(), bytes: 0 }
    }
}

impl<T: Clone> Kept<T> {
    /// What was kept under a key.
    pub fn find(&self, key: &str) -> Option<(Page, T)> {
        self.pages.get(key).cloned()
    }

    /// Keeps a page under a key.
    pub fn keep(&mut self, key: String, page: &Page, with: T) {
        if self.bytes > MOST_BYTES {
            self.clear();
        }
        self.bytes += page.text().len();
        self.pages.insert(key, (page.clone(), with));
    }

    /// Forgets all of them, because the fleet changed.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Rows;

    #[test]
    fn pages_are_kept_until_the_fleet_changes() {
        let mut kept = Kept::default();
        kept.keep("key".into(), &Rows::default().end(), 1);
        assert_eq!(kept.find("key").map(|(page, with)| (page.len(), with)), Some((0, 1)));
        assert!(kept.find("other").is_none());
        kept.clear();
        assert!(kept.find("key").is_none());
    }
}
