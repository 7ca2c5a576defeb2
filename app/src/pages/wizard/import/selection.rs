//! Which staged devices are checked.

use domain::import::{ImportSelection, StagedFilter};
use std::collections::BTreeSet;

/// Devices checked one by one, or all that the filters select.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    #[default]
    None,
    Some(BTreeSet<String>),
    /// All under these filters; how many they were when chosen.
    Matching(StagedFilter, i64),
}

impl Selection {
    /// How many devices are selected.
    pub fn len(&self) -> i64 {
        match self {
            Self::None => 0,
            Self::Some(ids) => ids.len() as i64,
            Self::Matching(_, total) => *total,
        }
    }

    pub fn contains(&self, remote_id: &str) -> bool {
        match self {
            Self::None => false,
            Self::Some(ids) => ids.contains(remote_id),
            Self::Matching(..) => true,
        }
    }

    /// Checks or unchecks devices. From "all matching", what is left are the devices of `page` but those unchecked.
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

    /// What the server is asked to import.
    pub fn request(&self) -> Option<ImportSelection> {
        match self {
            Self::None => None,
            Self::Some(ids) => Some(ImportSelection::RemoteIds(ids.iter().cloned().collect())),
            Self::Matching(filter, _) => Some(ImportSelection::Filter(filter.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|s| (*s).to_owned()).collect()
    }

    #[test]
    fn unchecking_one_of_all_matching_keeps_the_rest_of_the_page() {
        let mut selection = Selection::Matching(StagedFilter::default(), 900);
        selection.set(&ids(&["2"]), false, &ids(&["1", "2", "3"]));
        assert_eq!(selection.request(), Some(ImportSelection::RemoteIds(ids(&["1", "3"]))));
    }

    #[test]
    fn unchecking_the_last_leaves_nothing_to_import() {
        let mut selection = Selection::default();
        selection.set(&ids(&["1"]), true, &[]);
        assert_eq!(selection.len(), 1);
        selection.set(&ids(&["1"]), false, &[]);
        assert_eq!(selection.request(), None);
    }
}
