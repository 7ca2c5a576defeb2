//! Filters of an address that name what there is not.

use super::{list::ListState, state::EmptyState};
use leptos::prelude::*;
use std::str::FromStr;

/// A filter of a list whose values are known.
#[derive(Clone, Copy)]
pub struct Known {
    /// How it is called in the address.
    pub key: &'static str,
    /// What its value is, such as "a status".
    what: &'static str,
    reads: fn(&str) -> bool,
}

impl Known {
    /// One whose value is a `T`.
    pub const fn of<T: FromStr>(key: &'static str, what: &'static str) -> Self {
        Self { key, what, reads: reads::<T> }
    }

    /// One whose value is what `reads` accepts.
    pub const fn by(key: &'static str, what: &'static str, reads: fn(&str) -> bool) -> Self {
        Self { key, what, reads }
    }

    /// One that is on or off.
    pub const fn switch(key: &'static str) -> Self {
        Self { key, what: "a choice", reads: is_switch }
    }

    /// Its value in the address, where that cannot be.
    pub fn odd(self, value: Option<String>) -> Option<Odd> {
        let value = value.filter(|value| !(self.reads)(value))?;
        Some(Odd { key: self.key, what: self.what, value })
    }
}

fn reads<T: FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

fn is_switch(text: &str) -> bool {
    matches!(text, "1" | "true" | "0" | "false")
}

/// A filter whose value in the address is none that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    key: &'static str,
    what: &'static str,
    value: String,
}

impl Odd {
    /// What is wrong, in a sentence.
    fn words(&self) -> String {
        format!("The address asks for {} that does not exist: {}.", self.what, self.value)
    }
}

/// A list, unless the address asks for what there is not: shown without that filter, it would pass for the answer.
#[component]
pub fn IfKnown(list: ListState, known: &'static [Known], children: ChildrenFn) -> impl IntoView {
    let odd = list.odd(known);
    move || match odd.try_get().flatten() {
        Some(odd) => view! { <NotKnown list odd /> }.into_any(),
        None => children().into_any(),
    }
}

#[component]
fn NotKnown(list: ListState, odd: Odd) -> impl IntoView {
    let (text, key) = (odd.words(), odd.key);
    let title = format!("The filter {key} is not understood");
    view! {
        <EmptyState title text icon="search">
            <a class="btn btn-sm" href=move || list.href(key, None)>"Show the list without it"</a>
        </EmptyState>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::device::DeviceStatus;

    #[test]
    fn a_value_that_cannot_be_is_named() {
        let status = Known::of::<DeviceStatus>("status", "a status");
        let odd = |filter: Known, value: &str| filter.odd(Some(value.to_owned()));
        assert_eq!((status.odd(None), odd(status, "online")), (None, None));
        let words = odd(status, "nonsense").map(|odd| odd.words());
        assert_eq!(words.as_deref(), Some("The address asks for a status that does not exist: nonsense."));
        let archived = Known::switch("archived");
        assert!(["1", "true", "0", "false"].into_iter().all(|word| odd(archived, word).is_none()));
        assert_eq!(odd(archived, "maybe").map(|odd| odd.key), Some("archived"));
    }
}
