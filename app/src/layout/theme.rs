//! Light, dark, or as the system says. The choice lives in the browser and is applied before the first paint.

use crate::ui::{icon::Icon, menu::Menu};
use leptos::prelude::*;

const KEY: &str = "msportal-theme";

/// Runs in the head, before anything is painted. Outside of what hydrates.
pub const THEME_SCRIPT: &str = r#"try{const t=localStorage.getItem("msportal-theme");if(t==="portal"||t==="portal-dark")document.documentElement.dataset.theme=t}catch{}"#;

/// A theme: its name in the style sheet (empty: follow the system), icon and words.
struct Theme(&'static str, &'static str, &'static str);

const THEMES: [Theme; 3] =
    [Theme("portal", "sun", "Light"), Theme("portal-dark", "moon", "Dark"), Theme("", "monitor", "System")];

/// A menu of the three themes. Nothing is marked as chosen before hydration, when the browser's choice is read.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let chosen = RwSignal::new(None::<String>);
    Effect::new(move |_| chosen.set(Some(stored())));
    let item = move |Theme(name, icon, words): Theme| {
        let is_chosen = move || chosen.read().as_deref() == Some(name);
        let choose = move |_| {
            apply(name);
            chosen.set(Some(name.to_owned()));
        };
        view! {
            <button type="button" class="btn btn-ghost btn-sm btn-block justify-start" aria-pressed=move || is_chosen().to_string() on:click=choose>
                <Icon name=icon />
                <span class="grow text-left">{words}</span>
                <Show when=is_chosen>
                    <Icon name="check" />
                </Show>
            </button>
        }
    };
    view! {
        <Menu label="Theme" button=view! { <Icon name="sun" /> }.into_any()>
            <div role="group" aria-label="Theme">{THEMES.map(item).collect_view()}</div>
        </Menu>
    }
}

fn stored() -> String {
    let storage = window().local_storage().ok().flatten();
    storage.and_then(|s| s.get_item(KEY).ok().flatten()).unwrap_or_default()
}

/// Shows a theme and remembers it. A browser that forbids storage still shows it.
fn apply(name: &str) {
    let Some(root) = document().document_element() else { return };
    let storage = window().local_storage().ok().flatten();
    if name.is_empty() {
        _ = root.remove_attribute("data-theme");
        _ = storage.map(|s| s.remove_item(KEY));
    } else {
        _ = root.set_attribute("data-theme", name);
        _ = storage.map(|s| s.set_item(KEY, name));
    }
}
