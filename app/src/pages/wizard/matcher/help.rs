use crate::{layout::may_manage, ui::dialog::Dialog};
use domain::permissions::Area;
use leptos::prelude::*;

/// Keys, and what they do.
const KEYS: &[(&str, &str)] = &[
    ("↑ ↓", "Go to the row above or below"),
    ("Type", "Search for a match; Enter takes the marked one and goes to the next open row"),
    ("Enter", "Accept what is proposed and go to the next open row; without a proposal open the list"),
    ("Alt ↓", "Open the list"),
    ("Esc", "Close the list, nothing is changed"),
    ("Alt C", "Create one of that name"),
    ("Alt I", "Ignore the row"),
    ("Alt U", "Unmap the row, or reject what is proposed"),
    ("Ctrl Z", "Take the last decision back"),
    ("?", "Show these keys"),
];

/// The keys that work in the table, as a dialog, and the button that shows it. For others than those who may decide, no key
/// works there.
#[component]
pub fn KeyHelp(open: RwSignal<bool>) -> impl IntoView {
    may_manage(Area::Mappings).then(|| {
        view! {
            <button type="button" class="btn btn-sm btn-ghost max-md:hidden" on:click=move |_| open.set(true)>
                "Keys " <kbd class="kbd kbd-xs" aria-hidden="true">"?"</kbd>
            </button>
            <Dialog open title="Keys">
                <dl class="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2 text-sm">
                    {KEYS.iter().map(|(key, what)| view! {
                        <dt><kbd class="kbd kbd-sm whitespace-nowrap">{*key}</kbd></dt>
                        <dd>{*what}</dd>
                    }).collect_view()}
                </dl>
            </Dialog>
        }
    })
}
