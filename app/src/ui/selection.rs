//! Which rows of a list are checked.

use std::collections::BTreeSet;

/// Rows checked one by one, or all that the filters `F` select.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection<F> {
    #[default]
    None,
    Some(BTreeSet<String>),
    /// All under these filters; how many they were when chosen.
    Matching(F, i64),
}

impl<F: Clone + Default> Selection<F> {
    /// How many rows are selected.
    pub fn len(&self) -> i64 {
        match self {
            Self::None => 0,
            Self::Some(ids) => i64::try_from(ids.len()).unwrap_or(i64::MAX),
            Self::Matching(_, total) => *total,
        }
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a row of the list is selected.
    pub fn contains(&self, id: &str) -> bool {
        match self {
            Self::None => false,
            Self::Some(ids) => ids.contains(id),
            Self::Matching(..) => true,
        }
    }

    /// Checks or unchecks rows. From "all matching", what is left are the rows of `page` but those unchecked.
    pub fn set(&mut self, ids: &[String], checked: bool, page: &[String]) {
        let mut now = match std::mem::take(self) {
            Self::None => BTreeSet::new(),
            Self::Some(ids) => ids,
            Self::Matching(..) => page.iter().cloned().collect(),
        };
        for id in ids {
            if checked {
                now.insert(id.clone());
            } else {
                now.remove(id);
            }
        }
        *self = if now.is_empty() { Self::None } else { Self::Some(now) };
    }

    /// What the server is asked about, made of the checked ids or of the filters.
    pub fn request<R>(&self, ids: impl Fn(Vec<String>) -> R, filter: impl Fn(F) -> R) -> Option<R> {
        match self {
            Self::None => None,
            Self::Some(some) => Some(ids(some.iter().cloned().collect())),
            Self::Matching(wanted, _) => Some(filter(wanted.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|s| (*s).to_owned()).collect()
    }

    fn request(selection: &Selection<()>) -> Option<Vec<String>> {
        selection.request(|ids| ids, |()| vec!["all".to_owned()])
    }

    #[test]
    fn unchecking_one_of_all_matching_keeps_the_rest_of_the_page() {
        let mut selection = Selection::Matching((), 900);
        assert_eq!(request(&selection), Some(ids(&["all"])));
        selection.set(&ids(&["2"]), false, &ids(&["1", "2", "3"]));
        assert_eq!(request(&selection), Some(ids(&["1", "3"])));
    }

    #[test]
    fn unchecking_the_last_leaves_nothing() {
        let mut selection = Selection::default();
        selection.set(&ids(&["1"]), true, &[]);
        assert_eq!(selection.len(), 1);
        selection.set(&ids(&["1"]), false, &[]);
        assert_eq!(request(&selection), None);
    }
}
