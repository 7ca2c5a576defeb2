use super::{
    Views,
    dialog::ViewDialog,
    state::{ViewTools, address, may_change},
};
use crate::ui::{dialog::ConfirmDialog, icon::Icon, list::ListState, menu::Menu};
use domain::view::SavedView;
use leptos::prelude::*;

/// The saved views, and what can be done with the open one.
#[component]
pub fn ViewsMenu(list: ListState, views: Views) -> impl IntoView {
    let tools = ViewTools::new(list, views);
    let title = move || {
        let name = tools.edited.read().as_ref().map(|v| v.name.clone()).unwrap_or_default();
        format!("Delete the view {name}?")
    };
    let text = move || {
        let shared = tools.edited.read().as_ref().is_some_and(|v| v.shared);
        let who = if shared { "Nobody will see it any more. " } else { "" };
        format!("{who}The devices stay as they are.")
    };
    let button = view! {
        <Icon name="file" />
        <Transition>
            {move || Suspend::new(async move {
                let all = views.await.unwrap_or_default();
                view! { <OpenName tools all /> }
            })}
        </Transition>
    };
    view! {
        <Menu
            label="Views"
            button=button.into_any()
            class="btn btn-sm"
            place="dropdown sm:dropdown-end"
            width="w-64"
            once=true
        >
            <Transition>
                {move || Suspend::new(async move {
                    let all = views.await.unwrap_or_default();
                    view! { <Content tools all /> }
                })}
            </Transition>
        </Menu>
        <ViewDialog tools />
        <ConfirmDialog
            open=tools.confirm
            title=Signal::derive(title)
            text=Signal::derive(text)
            confirm="Delete"
            class="btn btn-error"
            on_confirm=Callback::new(move |()| tools.delete())
        />
    }
}

/// What the menu is called by: the open view, if one is.
#[component]
fn OpenName(tools: ViewTools, all: Vec<SavedView>) -> impl IntoView {
    let name = move || tools.current(&all).map_or_else(|| "Views".to_owned(), |v| v.name);
    view! { <bdi class="max-w-40 truncate">{name}</bdi> }
}

#[component]
fn Content(tools: ViewTools, all: Vec<SavedView>) -> impl IntoView {
    let of_all = all.clone();
    let current = Memo::new(move |_| tools.current(&of_all));
    let (mine, shared): (Vec<_>, Vec<_>) = all.into_iter().partition(|v| !v.shared);
    let group = move |title: &'static str, views: Vec<SavedView>| {
        (!views.is_empty()).then(|| {
            let links = views.into_iter().map(|view| view! { <ViewLink view current /> }).collect_view();
            view! {
                <li class="menu-title">{title}</li>
                {links}
            }
        })
    };
    view! {
        <ul class="menu menu-sm max-h-96 w-full flex-nowrap overflow-y-auto p-0">
            <li>
                <a href="/devices">"All devices"</a>
            </li>
            {group("My views", mine)}
            {group("Shared views", shared)}
        </ul>
        <div class="mt-1 flex flex-col gap-1 border-t border-base-300 pt-2">
            {move || current.try_get().flatten().map(|view| view! { <Tools tools view /> })}
            <button type="button" class="btn btn-ghost btn-sm justify-start" on:click=move |_| tools.edit(None)>
                <Icon name="plus" />
                "Save as a new view…"
            </button>
        </div>
    }
}

#[component]
fn ViewLink(view: SavedView, current: Memo<Option<SavedView>>) -> impl IntoView {
    let (id, href) = (view.id, address(&view));
    let here = move || current.try_get().flatten().is_some_and(|v| v.id == id);
    let owner = (!view.mine).then(|| view.owner.clone());
    view! {
        <li>
            <a href=href aria-current=move || here().then_some("true") class="aria-[current=true]:font-bold">
                <bdi class="wrap-anywhere">{view.name}</bdi>
                {owner.map(|owner| view! { <span class="text-xs text-muted">{format!("by {owner}")}</span> })}
            </a>
        </li>
    }
}

/// What can be done with the open view.
#[component]
fn Tools(tools: ViewTools, view: SavedView) -> impl IntoView {
    let (kept, renamed, deleted) = (view.clone(), view.clone(), view.clone());
    let ask = move |_| {
        tools.edited.set(Some(deleted.clone()));
        tools.confirm.set(true);
    };
    let changed = {
        let view = view.clone();
        move || tools.is_changed(&view)
    };
    may_change(&view).then(|| {
        view! {
            <Show when=changed>
                <SaveChanges tools view=kept.clone() />
            </Show>
            <button type="button" class="btn btn-ghost btn-sm justify-start" on:click=move |_| tools.edit(Some(renamed.clone()))>
                <Icon name="pencil" />
                "Rename or share…"
            </button>
            <button type="button" class="btn btn-ghost btn-sm justify-start" on:click=ask>
                <Icon name="trash" />
                "Delete…"
            </button>
        }
    })
}

#[component]
fn SaveChanges(tools: ViewTools, view: SavedView) -> impl IntoView {
    view! {
        <button type="button" class="btn btn-ghost btn-sm justify-start" on:click=move |_| tools.update(view.clone())>
            <Icon name="check" />
            "Save changes to this view"
        </button>
    }
}
