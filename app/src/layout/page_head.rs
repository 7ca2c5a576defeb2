use leptos::{html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_url;

/// The page that was shown last; `None` before the first one.
#[derive(Clone, Copy)]
struct PageFocus(StoredValue<Option<String>>);

/// Lets [`PageHead`] move the focus to the heading of each further page.
pub fn provide_page_focus() {
    provide_context(PageFocus(StoredValue::new(None)));
}

/// The heading of a page (also the window's title), a line below it, and its buttons at the right.
#[component]
pub fn PageHead(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] text: MaybeProp<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let node = NodeRef::<html::H1>::new();
    let path = use_url().with_untracked(|url| url.path().to_owned());
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) {
            return true;
        }
        // The heading may be made after the effect has run first, and put into the document after that.
        let Some(heading) = node.get() else { return false };
        let Some(PageFocus(shown)) = use_context::<PageFocus>() else { return true };
        let last = shown.get_value();
        if last.as_ref().is_some_and(|last| *last != path) {
            request_animation_frame(move || _ = heading.focus());
        }
        shown.set_value(Some(path.clone()));
        true
    });
    // The head is written after the body: by then, a heading inside of a `Suspense` may have been made anew, and the
    // signal of the one before is gone.
    let first = title.get_untracked();
    let text_of_title = move || for_head(title.try_get().unwrap_or_else(|| first.clone()));
    view! {
        <Title text=text_of_title />
        <div class="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
            <div class="min-w-0">
                <h1 node_ref=node tabindex="-1" class="text-2xl font-bold break-words outline-none">{move || title.get()}</h1>
                {move || text.get().map(|text| view! { <p class="mt-1 max-w-prose text-sm text-muted">{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="flex flex-wrap gap-2">{children()}</div> })}
        </div>
    }
}

/// The server writes a title into the head as it is given, as HTML; the browser takes it as text. (`is_server` would not do: the
/// head is written outside of any owner.)
fn for_head(title: String) -> String {
    let in_browser = cfg!(target_family = "wasm");
    if in_browser { title } else { title.replace('&', "&amp;").replace('<', "&lt;") }
}
