use super::page::Import;
use crate::{
    layout::may_manage,
    pages::wizard::{
        api::save_node_class,
        current::required,
        saver::{Hears, Saved, Saver},
    },
    ui::{
        combobox::{ComboAction, ComboFuture, ComboOption, Combobox},
        number::{count, noun},
    },
};
use domain::{
    ids::IntegrationId,
    import::ImportSelection,
    mapping::{NodeClassChoice, NodeClassRow},
    permissions::Area,
};
use leptos::prelude::*;

type ClassSaver = Saver<NodeClassRow, NodeClassChoice>;

/// One node class: its device type, auto-sync, and a button that imports all its devices.
#[component]
pub fn NodeClassTr(page: Import, row: NodeClassRow, search: Callback<String, ComboFuture>) -> impl IntoView {
    let (class, hook) = (row.node_class.clone(), row.node_class.clone());
    let (devices, imported) = (row.device_count, row.imported_count);
    let save = move |row: &NodeClassRow, choice, _confirm: bool| {
        send(page.current.id.get_untracked(), row.node_class.clone(), choice)
    };
    let saved = Callback::new(move |_| {
        page.staged.refetch();
        page.counts.refetch();
    });
    let hears = Hears { saved, conflict: Callback::new(move |_| page.classes.refetch()), ask: None };
    let saver = Saver::new(row, save, hears);
    view! {
        <tr class="max-md:flex max-md:flex-col max-md:gap-1.5 max-md:p-3" data-node-class=hook>
            <th scope="row" class="align-top font-mono text-xs font-medium md:whitespace-nowrap max-md:p-0">{class.clone()}</th>
            <td class="num align-top max-md:p-0 max-md:text-left">
                {count(devices)}
                <span class="md:sr-only">{noun(devices, " device", " devices")}</span>
                <span class="block text-xs text-muted">{format!("{} imported", count(imported))}</span>
            </td>
            <td class="align-top max-md:p-0"><TypeCell saver class=class.clone() search /></td>
            <td class="align-top max-md:p-0"><AutoSync saver class=class.clone() /></td>
            <td class="align-top max-md:p-0"><ImportAll page saver class /></td>
        </tr>
    }
}

fn send(id: Option<IntegrationId>, class: String, c: NodeClassChoice) -> Saved<NodeClassRow> {
    Box::pin(async move {
        save_node_class(required(id)?, class, c.device_type_id, c.auto_sync, c.ignore, c.unmap, c.version)
            .await
    })
}

/// The field that chooses the device type.
#[component]
fn TypeCell(saver: ClassSaver, class: String, search: Callback<String, ComboFuture>) -> impl IntoView {
    let selected = Signal::derive(move || {
        let kind = saver.row.with(|r| r.device_type.clone()).map(|t| (t.id.to_string(), t.name));
        let ignored = saver.row.with(|r| r.ignored).then(|| (String::new(), "Ignored".to_owned()));
        saver.pending_text().map(|text| (String::new(), text)).or(ignored).or(kind)
    });
    let on_select = Callback::new(move |option: ComboOption| {
        let device_type_id = option.id.parse().ok();
        saver.save(
            NodeClassChoice { device_type_id, ignore: Some(false), ..Default::default() },
            Some(option.text),
        );
    });
    let act = move |label: &str, choice: NodeClassChoice| ComboAction {
        label: label.to_owned(),
        on_press: Callback::new(move |()| saver.save(choice.clone(), None)),
    };
    let unmap = act("Unmap", NodeClassChoice { unmap: Some(true), ..Default::default() });
    let ignore = act("Ignore this node class", NodeClassChoice { ignore: Some(true), ..Default::default() });
    let notice = act("Stop ignoring", NodeClassChoice { ignore: Some(false), ..Default::default() });
    let extra = Signal::derive(move || match saver.row.with(|r| (r.device_type.is_some(), r.ignored)) {
        (_, true) => vec![notice.clone()],
        (true, false) => vec![unmap.clone(), ignore.clone()],
        (false, false) => vec![ignore.clone()],
    });
    view! {
        <Combobox
            label=format!("Device type for {class}")
            selected
            search
            on_select
            extra
            state=saver.state()
            on_retry=Callback::new(move |()| saver.retry())
            disabled=!may_manage(Area::Mappings)
            placeholder="Choose a device type…"
        />
    }
}

/// Whether new devices of this class are imported after each device sync.
#[component]
fn AutoSync(saver: ClassSaver, class: String) -> impl IntoView {
    // What was pressed stands until the answer is there; a refused change goes back.
    let pressed = RwSignal::new(false);
    let on =
        Memo::new(move |_| if saver.is_pending() { pressed.get() } else { saver.row.with(|r| r.auto_sync) });
    let at_first = saver.row.with_untracked(|r| r.auto_sync);
    let no_type = move || saver.row.with(|r| r.device_type.is_none());
    let change = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        pressed.set(on);
        saver.save(NodeClassChoice { auto_sync: Some(on), ..Default::default() }, None);
    };
    view! {
        <label class="flex items-center gap-2 text-xs">
            <input
                type="checkbox"
                role="switch"
                class="toggle toggle-sm toggle-primary"
                aria-label=format!("Auto-sync {class}")
                checked=at_first
                prop:checked=move || on.get()
                disabled=move || !may_manage(Area::Mappings) || (no_type() && !on.get())
                on:change=change
            />
            <span class="md:hidden" aria-hidden="true">"Auto-sync:"</span>
            <span>{move || if on.get() { "On" } else { "Off" }}</span>
        </label>
    }
}

/// Imports every ready device of this class.
#[component]
fn ImportAll(page: Import, saver: ClassSaver, class: String) -> impl IntoView {
    let unmapped = move || saver.row.with(|r| r.device_type.is_none());
    let busy = move || page.start.pending().get();
    let label = format!("Import all devices of {class}");
    let ready = move || Some(saver.row.with(|r| r.ready_count)).filter(|n| *n > 0);
    let why = move || unmapped().then_some("Choose a device type first.");
    may_manage(Area::Mappings).then(|| {
        view! {
            <button
                type="button"
                class="btn btn-sm"
                aria-label=label
                title=why
                disabled=move || unmapped() || busy()
                on:click=move |_| _ = page.start.dispatch(ImportSelection::NodeClass(class.clone()))
            >
                "Import all"
            </button>
            {move || ready().map(|n| view! { <span class="block text-xs text-muted">{format!("{} ready", count(n))}</span> })}
        }
    })
}
