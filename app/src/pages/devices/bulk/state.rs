use crate::{
    pages::devices::{api::edit_devices, edit::EditUndo},
    ui::{selection::Selection, toast::use_toasts},
};
use domain::device_edit::{DeviceAction, DeviceField, DeviceQuery, DeviceSelection, FieldValue};
use leptos::{prelude::*, task::spawn_local};

/// Which devices are checked, and what is done with them.
#[derive(Clone, Copy)]
pub struct Bulk {
    pub selection: RwSignal<Selection<DeviceQuery>>,
    pub busy: RwSignal<bool>,
    /// The search and the filters in force.
    pub query: Signal<DeviceQuery>,
    pub undo: EditUndo,
    reload: Callback<()>,
}

impl Bulk {
    /// Call it in the page's component. In: search and filters of the list, and what reads it again.
    pub fn new(query: Signal<DeviceQuery>, reload: Callback<()>) -> Self {
        let selection = RwSignal::new(Selection::default());
        Effect::new(move |before: Option<DeviceQuery>| {
            let now = query.get();
            if before.is_some_and(|before| before != now) {
                selection.set(Selection::None);
            }
            now
        });
        Self { selection, busy: RwSignal::new(false), query, undo: EditUndo::new(reload), reload }
    }

    /// Sets one field of the checked devices, or clears it.
    pub fn set(self, field: DeviceField, value: Option<String>) {
        self.act(DeviceAction::Set(vec![FieldValue { field, value }]), "Changed");
    }

    /// Does one thing with the checked devices, as one edit, and says so.
    pub fn act(self, action: DeviceAction, done: &'static str) {
        let id = |text: String| text.parse().ok();
        let ids = |texts: Vec<String>| DeviceSelection::Ids(texts.into_iter().filter_map(id).collect());
        let request = self.selection.with_untracked(|s| s.request(ids, DeviceSelection::Filter));
        let Some(select) = request else { return };
        let toasts = use_toasts();
        self.busy.set(true);
        spawn_local(async move {
            let answer = edit_devices(select, action).await;
            self.busy.try_set(false);
            match answer {
                Ok(edited) => {
                    self.selection.try_set(Selection::None);
                    self.undo.tell(done, &edited);
                    _ = self.reload.try_run(());
                }
                Err(error) => toasts.failed("Nothing was changed.", &error),
            }
        });
    }
}
