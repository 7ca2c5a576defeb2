//! The state of a list (page, search, sort, filters), which lives in the URL: reload, back and links work.

use super::{
    known::{Known, Odd},
    url::encode,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map, use_url},
    params::ParamsMap,
};

type Navigate = Box<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// What the URL says about a list. Reads are reactive; writes navigate.
#[derive(Clone, Copy)]
pub struct ListState {
    /// Tells the lists of one page apart; empty for the main one.
    name: &'static str,
    query: Memo<ParamsMap>,
    path: Memo<String>,
    navigate: StoredValue<Navigate>,
    /// Page from 1.
    pub page: Memo<u32>,
    /// Search text, empty for none.
    pub search: Memo<String>,
    /// `field` or `-field`.
    pub sort: Memo<Option<String>>,
}

impl ListState {
    /// The state of the list on the present page. Call it in a component under a route.
    pub fn from_url() -> Self {
        Self::named("")
    }

    /// What a part of the list, such as its pages, is called: no two lists of a page share it.
    pub fn called(&self, part: &str) -> String {
        if self.name.is_empty() { part.to_owned() } else { format!("{part}: {}", self.name) }
    }

    /// The state of one more list on the present page: `name` stands before its page, search and sort in the address.
    pub fn named(name: &'static str) -> Self {
        let url = use_url();
        let query = use_query_map();
        let read = move |key: &str| read(query, &own(name, key));
        Self {
            name,
            query,
            path: Memo::new(move |_| url.read().path().to_owned()),
            navigate: StoredValue::new(Box::new(use_navigate())),
            page: Memo::new(move |_| read("page").and_then(|p| p.parse().ok()).unwrap_or(1).max(1)),
            search: Memo::new(move |_| read("search").unwrap_or_default()),
            sort: Memo::new(move |_| read("sort")),
        }
    }

    /// The value of a filter, `None` when it is absent or empty.
    pub fn get(&self, key: &'static str) -> Memo<Option<String>> {
        let query = self.query;
        Memo::new(move |_| read(query, key))
    }

    /// Whether a filter that is on or off is on.
    pub fn is_on(&self, key: &'static str) -> Memo<bool> {
        let value = self.get(key);
        Memo::new(move |_| is_chosen(value.get().as_deref(), Some("1")))
    }

    /// The first of these filters whose value in the address is none that there is.
    pub fn odd(&self, known: &'static [Known]) -> Memo<Option<Odd>> {
        let query = self.query;
        Memo::new(move |_| known.iter().find_map(|filter| filter.odd(read(query, filter.key))))
    }

    /// The search text as server functions take it: `None` when empty.
    pub fn search_text(&self) -> Option<String> {
        Some(self.search.get()).filter(|s| !s.trim().is_empty())
    }

    /// The page as server functions take it.
    pub fn page_number(&self) -> Option<u32> {
        Some(self.page.get())
    }

    /// Sets or removes a value and stays where the reader is: no new history entry, no scrolling, focus kept.
    /// Everything but `page` starts again at the first page.
    pub fn set(&self, key: &str, value: Option<String>) {
        self.set_all(&[(key, value.as_deref())]);
    }

    /// The same with several values at once.
    pub fn set_all(&self, values: &[(&str, Option<&str>)]) {
        let query = self.query.get_untracked();
        let keys: Vec<_> = values.iter().map(|(key, value)| (own(self.name, key), *value)).collect();
        let changes: Vec<_> = keys.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        let target = address(&self.path.get_untracked(), &query, &own(self.name, "page"), &changes);
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        self.navigate.with_value(|navigate| navigate(&target, options));
    }

    /// The address of this list with one value changed, for a plain link.
    pub fn href(&self, key: &str, value: Option<&str>) -> String {
        let path = self.path.try_get().unwrap_or_default();
        self.address(&path, &self.query.try_get().unwrap_or_default(), (key, value))
    }

    /// How `page`, `search` or `sort` of this list is called in the address.
    pub fn key(&self, key: &str) -> String {
        own(self.name, key)
    }

    /// Whether this is one list of several on its page.
    pub fn is_one_of_several(&self) -> bool {
        !self.name.is_empty()
    }

    fn address(&self, path: &str, query: &ParamsMap, (key, value): (&str, Option<&str>)) -> String {
        address(path, query, &own(self.name, "page"), &[(&own(self.name, key), value)])
    }

    /// The address of this list without filters, search and paging.
    pub fn path(&self) -> String {
        self.path.try_get_untracked().unwrap_or_default()
    }

    /// Everything but one key and the page, for the hidden fields of a form that sets that key.
    pub fn kept(&self, but: &str) -> Vec<(String, String)> {
        let page = self.key("page");
        let query = self.query.try_get().unwrap_or_default();
        let kept = query.into_iter().map(|(key, value)| (key.into_owned(), value));
        kept.filter(|(key, value)| key != but && *key != page && !value.is_empty()).collect()
    }

    /// The query of the present address without the page, encoded, for an address of the same rows elsewhere.
    pub fn query(&self) -> String {
        let pairs = self.kept("").into_iter();
        let text = |(key, value): (String, String)| format!("{}={}", encode(&key), encode(&value));
        pairs.map(text).collect::<Vec<_>>().join("&")
    }

    /// Whether a search or one of these filters narrows the list.
    pub fn is_narrowed(&self, filters: &[&str]) -> bool {
        let given = |key: &str| read(self.query, key).is_some();
        given(&self.key("search")) || filters.iter().any(|key| given(key))
    }
}

/// Whether a filter of the address has this value. One that is on or off may say so in words, as in calls of the API.
pub fn is_chosen(present: Option<&str>, value: Option<&str>) -> bool {
    let plain = match present {
        Some("true") => Some("1"),
        Some("false" | "0") => None,
        other => other,
    };
    plain == value
}

/// A value of the address. What is still rendered of a page that is gone reads none.
fn read(query: Memo<ParamsMap>, key: &str) -> Option<String> {
    query.try_with(|query| value(query, key)).flatten()
}

fn value(query: &ParamsMap, key: &str) -> Option<String> {
    query.get(key).filter(|v| !v.trim().is_empty())
}

/// The key of a list's own `page`, `search` or `sort`; filters are the page's and keep their key.
fn own(name: &str, key: &str) -> String {
    let is_own = matches!(key, "page" | "search" | "sort") && !name.is_empty();
    if is_own { format!("{name}_{key}") } else { key.to_owned() }
}

/// `path` with the query after the changes; empty values and the first page are left out.
fn address(path: &str, query: &ParamsMap, page: &str, changes: &[(&str, Option<&str>)]) -> String {
    let changed = |key: &str| changes.iter().any(|(k, _)| *k == key);
    let keeps_page = changes.iter().all(|(key, _)| *key == page);
    let kept = query.latest_values().filter(|(key, _)| !changed(key) && (keeps_page || *key != page));
    let added = changes.iter().filter_map(|(key, value)| value.map(|v| (*key, v)));
    let pairs = kept
        .map(|(key, value)| (key.as_ref(), value))
        .chain(added)
        .filter(|(key, value)| !(value.is_empty() || *key == page && *value == "1"))
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
        .collect::<Vec<_>>();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> ParamsMap {
        [("search", "a b"), ("page", "3"), ("sort", "-name")].into_iter().collect()
    }

    #[test]
    fn a_new_filter_starts_at_the_first_page() {
        assert_eq!(
            address("/x", &query(), "page", &[("status", Some("mapped"))]),
            "/x?search=a%20b&sort=-name&status=mapped"
        );
    }

    #[test]
    fn a_new_page_keeps_everything_else() {
        assert_eq!(
            address("/x", &query(), "page", &[("page", Some("4"))]),
            "/x?search=a%20b&sort=-name&page=4"
        );
        assert_eq!(address("/x", &query(), "page", &[("page", Some("1"))]), "/x?search=a%20b&sort=-name");
    }

    #[test]
    fn lists_of_one_page_do_not_disturb_each_other() {
        let errors = |key| own("errors", key);
        assert_eq!((errors("page"), errors("kind")), ("errors_page".to_owned(), "kind".to_owned()));
        let changed = address("/x", &query(), &errors("page"), &[(&errors("search"), Some("c"))]);
        assert_eq!(changed, "/x?search=a%20b&page=3&sort=-name&errors_search=c");
    }

    #[test]
    fn what_is_on_or_off_may_say_so_in_words() {
        let archived = |present| (is_chosen(present, Some("1")), is_chosen(present, None));
        assert_eq!([Some("1"), Some("true")].map(archived), [(true, false); 2]);
        assert_eq!([None, Some("0"), Some("false")].map(archived), [(false, true); 3]);
        assert!(is_chosen(Some("merged"), Some("merged")) && !is_chosen(Some("merged"), None));
    }

    #[test]
    fn an_empty_query_leaves_the_path() {
        assert_eq!(address("/x", &ParamsMap::new(), "page", &[("search", None)]), "/x");
    }
}
