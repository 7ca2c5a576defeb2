//! Paging: what a list is asked for and how it answers.

use crate::error::UserError;

/// Most rows a page may have.
pub const MAX_PAGE_SIZE: u32 = 200;
/// Rows of a page when nobody says.
pub const DEFAULT_PAGE_SIZE: u32 = 50;
/// Longest accepted search text, in characters.
pub const MAX_SEARCH: usize = 200;

/// What a list is asked for. `page` counts from 1; `sort` is `field` or `-field`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ListQuery {
    pub page: Option<u32>,
    pub page_size: Option<u32>,
    pub search: Option<String>,
    pub sort: Option<String>,
}

impl ListQuery {
    /// Page number from 1 and page size in range, or the field that is wrong.
    pub fn window(&self) -> Result<Window, UserError> {
        let page = self.page.unwrap_or(1);
        let size = self.page_size.unwrap_or(DEFAULT_PAGE_SIZE);
        if page == 0 {
            return Err(UserError::invalid("page", "Pages are counted from 1."));
        }
        if size == 0 || size > MAX_PAGE_SIZE {
            return Err(UserError::invalid("page_size", format!("A page has 1 to {MAX_PAGE_SIZE} rows.")));
        }
        Ok(Window { page, size })
    }

    /// The trimmed search text, `None` when empty.
    pub fn text(&self) -> Result<Option<&str>, UserError> {
        let text = self.search.as_deref().map(str::trim).filter(|s| !s.is_empty());
        match text {
            Some(s) if s.chars().count() > MAX_SEARCH => {
                Err(UserError::invalid("search", format!("Search for at most {MAX_SEARCH} characters.")))
            }
            other => Ok(other),
        }
    }

    /// Field and direction to sort by: one of `allowed`, whose first is the default.
    pub fn order<'a>(&self, allowed: &[&'a str]) -> Result<(&'a str, Direction), UserError> {
        let asked = self.sort.as_deref().map(str::trim).filter(|s| !s.is_empty()).unwrap_or(allowed[0]);
        let (name, direction) = match asked.strip_prefix('-') {
            Some(rest) => (rest, Direction::Descending),
            None => (asked, Direction::Ascending),
        };
        match allowed.iter().find(|f| **f == name) {
            Some(field) => Ok((field, direction)),
            None => Err(UserError::invalid("sort", format!("Sort by one of: {}.", allowed.join(", ")))),
        }
    }
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// A validated page number (from 1) and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub page: u32,
    pub size: u32,
}

impl Window {
    /// Rows to skip.
    pub fn offset(self) -> u64 {
        u64::from(self.page - 1) * u64::from(self.size)
    }
}

/// One page of a list, and how many rows there are in all.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Listing<T> {
    pub items: Vec<T>,
    pub total: i64,
    pub page: u32,
    pub page_size: u32,
}

#[cfg(target_family = "wasm")]
impl<T: serde::de::DeserializeOwned> crate::wire::FromFields for Listing<T> {
    fn from_fields(mut fields: crate::wire::Fields) -> Result<Self, serde_json::Error> {
        Ok(Self {
            items: fields.take("items")?,
            total: fields.take("total")?,
            page: fields.take("page")?,
            page_size: fields.take("page_size")?,
        })
    }
}

#[cfg(target_family = "wasm")]
impl<'de, T: serde::de::DeserializeOwned> serde::Deserialize<'de> for Listing<T> {
    fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        crate::wire::read_fields(json)
    }
}

impl<T> Listing<T> {
    /// A page of `window` with `items` out of `total`.
    pub fn new(items: Vec<T>, total: i64, window: Window) -> Self {
        Self { items, total, page: window.page, page_size: window.size }
    }

    /// How many pages there are; at least one.
    pub fn pages(&self) -> u32 {
        let size = i64::from(self.page_size.max(1));
        u32::try_from((self.total + size - 1) / size).unwrap_or(u32::MAX).max(1)
    }
}
