use super::{
    VIEW, Views,
    api::{delete_view, save_view},
};
use crate::{
    layout::{is_limited, may_manage},
    ui::{
        list::ListState,
        toast::{Toasts, use_toasts},
    },
};
use domain::{
    permissions::Area,
    view::{SavedView, kept_query},
};
use leptos::prelude::*;

/// What the views menu works with. The page makes it, so that it outlives the menu's rows.
#[derive(Clone, Copy)]
pub struct ViewTools {
    pub list: ListState,
    pub views: Views,
    pub toasts: Toasts,
    /// Which view the dialog changes; `None` makes a new one.
    pub edited: RwSignal<Option<SavedView>>,
    pub dialog: RwSignal<bool>,
    pub confirm: RwSignal<bool>,
    open: Memo<Option<String>>,
}

impl ViewTools {
    pub fn new(list: ListState, views: Views) -> Self {
        let (edited, dialog, confirm) = (RwSignal::new(None), RwSignal::new(false), RwSignal::new(false));
        Self { list, views, toasts: use_toasts(), edited, dialog, confirm, open: list.get(VIEW) }
    }

    /// The view that the address names, out of these.
    pub fn current(self, views: &[SavedView]) -> Option<SavedView> {
        let id = self.open.try_get().flatten()?;
        views.iter().find(|v| v.id.to_string() == id).cloned()
    }

    /// What a view of the present list would keep.
    pub fn query(self) -> String {
        kept_query(&self.list.query()).unwrap_or_default()
    }

    /// The same, for what happens once.
    pub fn present_query(self) -> String {
        untrack(|| self.query())
    }

    /// Whether the list is no longer what its view is.
    pub fn is_changed(self, view: &SavedView) -> bool {
        let parts = |query: &str| {
            let mut parts: Vec<String> = query.split('&').map(str::to_owned).collect();
            parts.sort_unstable();
            parts
        };
        parts(&self.query()) != parts(&view.query)
    }

    /// Opens the dialog.
    pub fn edit(self, view: Option<SavedView>) {
        self.edited.set(view);
        self.dialog.set(true);
    }

    /// Takes the present filters, sort and columns into a view.
    pub fn update(self, view: SavedView) {
        let query = self.present_query();
        leptos::task::spawn_local(async move {
            match save_view(view.name, query, Some(view.shared), Some(view.id), Some(view.version)).await {
                Ok(saved) => self.toasts.success(format!("The view {} is saved.", saved.name)),
                Err(error) => self.toasts.refused(&error),
            }
            self.views.refetch();
        });
    }

    /// Deletes the view that was asked about.
    pub fn delete(self) {
        let Some(view) = self.edited.get_untracked() else { return };
        leptos::task::spawn_local(async move {
            match delete_view(view.id).await {
                Ok(()) => {
                    self.toasts.success(format!("The view {} is deleted.", view.name));
                    self.list.set(VIEW, None);
                }
                Err(error) => self.toasts.refused(&error),
            }
            _ = self.confirm.try_set(false);
            self.views.refetch();
        });
    }
}

/// Whether the user may change a view.
pub fn may_change(view: &SavedView) -> bool {
    if view.shared { may_manage(Area::Devices) && !is_limited() } else { view.mine }
}

/// The address of a view.
pub fn address(view: &SavedView) -> String {
    match view.query.as_str() {
        "" => format!("/devices?{VIEW}={}", view.id),
        query => format!("/devices?{query}&{VIEW}={}", view.id),
    }
}
