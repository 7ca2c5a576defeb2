//! The keyboard on a table of rows that are mapped: moving between rows, deciding, help.

use super::state::{Matcher, Wish};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// What a key asks of the row that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowAct {
    /// Accept what is proposed.
    Accept,
    Create,
    Ignore,
    Unmap,
}

/// What the keys do while the list of a row's field is closed. `act` says whether the row could do it.
pub fn row_keys(
    matcher: Matcher,
    help: RwSignal<bool>,
    act: Callback<RowAct, bool>,
) -> Callback<ev::KeyboardEvent, bool> {
    Callback::new(move |event: ev::KeyboardEvent| {
        let Some(row) = row_of(&event) else { return false };
        if event.alt_key() {
            return match letter(&event).and_then(|act_of| act.try_run(act_of)) {
                Some(true) => {
                    go_on(matcher, &row);
                    true
                }
                Some(false) => true,
                None => false,
            };
        }
        if event.ctrl_key() || event.meta_key() {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" => focus_from(&row, Element::next_element_sibling),
            "ArrowUp" => focus_from(&row, Element::previous_element_sibling),
            "Enter" if act.try_run(RowAct::Accept) == Some(true) => go_on(matcher, &row),
            "?" => help.set(true),
            _ => return false,
        }
        true
    })
}

fn letter(event: &ev::KeyboardEvent) -> Option<RowAct> {
    Some(match event.code().as_str() {
        "KeyI" => RowAct::Ignore,
        "KeyC" => RowAct::Create,
        "KeyU" => RowAct::Unmap,
        _ => return None,
    })
}

/// Whether a key takes the last decision back: not while text is typed.
pub fn is_undo(event: &ev::KeyboardEvent) -> bool {
    let is_it =
        (event.ctrl_key() || event.meta_key()) && !event.shift_key() && event.key().eq_ignore_ascii_case("z");
    is_it && !is_typing(event)
}

fn is_typing(event: &ev::KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return false };
    match target.tag_name().as_str() {
        "TEXTAREA" => true,
        "INPUT" => match target.get_attribute("role").as_deref() {
            Some("combobox") => target.get_attribute("aria-expanded").as_deref() == Some("true"),
            _ => target.get_attribute("type").is_none_or(|t| t != "checkbox" && t != "radio"),
        },
        _ => false,
    }
}

/// From a row that is decided on to the next one that is open; behind the last, on to the next page.
pub fn go_on(matcher: Matcher, row: &Element) {
    let mut next = row.next_element_sibling();
    while let Some(other) = next {
        if is_open(&other) && focus(&other) {
            return;
        }
        next = other.next_element_sibling();
    }
    matcher.turn_when_saved.set(true);
}

/// From the field that a choice was made in to the next open row.
pub fn go_on_from_focus(matcher: Matcher) {
    if let Some(row) =
        document().active_element().and_then(|e| e.closest("tr[data-remote-id]").ok().flatten())
    {
        go_on(matcher, &row);
    }
}

/// The row that has the focus.
pub fn focused_row() -> Option<String> {
    document().active_element()?.closest("tr[data-remote-id]").ok()??.get_attribute("data-remote-id")
}

/// Focuses the row that was wished for, once the rows are there.
pub fn focus_wish(wish: RwSignal<Option<Wish>>) {
    Effect::new(move || {
        let Some(wanted) = wish.get() else { return };
        request_animation_frame(move || {
            if fulfil(&wanted) {
                wish.try_set(None);
            }
        });
    });
}

fn fulfil(wanted: &Wish) -> bool {
    let Ok(Some(first)) = document().query_selector("tr[data-remote-id]") else { return false };
    let mut row = Some(first);
    while let Some(tr) = row {
        let is_it = match wanted {
            Wish::Row(id) => tr.get_attribute("data-remote-id").as_deref() == Some(id),
            Wish::FirstOpen => is_open(&tr),
        };
        if is_it && focus(&tr) {
            return true;
        }
        row = tr.next_element_sibling();
    }
    false
}

fn row_of(event: &ev::KeyboardEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("tr[data-remote-id]").ok()?
}

fn is_open(row: &Element) -> bool {
    matches!(row.get_attribute("data-status").as_deref(), Some("pending" | "unmapped"))
}

/// Focuses the nearest row in a direction that has a field.
fn focus_from(row: &Element, step: fn(&Element) -> Option<Element>) {
    let mut next = step(row);
    while let Some(other) = next {
        if focus(&other) {
            return;
        }
        next = step(&other);
    }
}

/// Focuses a row's field and selects its text; whether there is one.
fn focus(row: &Element) -> bool {
    let Ok(Some(field)) = row.query_selector("input[role=combobox]:not([disabled])") else { return false };
    if let Some(field) = field.dyn_ref::<HtmlElement>() {
        _ = field.focus();
    }
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
    true
}
