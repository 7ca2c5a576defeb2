use domain::roles::RoleView;
use leptos::prelude::*;

/// Which role the dialogs are about. The page makes it, so that it outlives the cards.
#[derive(Clone, Copy)]
pub struct RoleTools {
    /// The dialog that edits `role`, or makes a new one of `None`.
    pub editing: RwSignal<bool>,
    /// The dialog that deletes `role`.
    pub deleting: RwSignal<bool>,
    pub role: RwSignal<Option<RoleView>>,
    pub changed: Callback<()>,
}

impl RoleTools {
    /// Tools that call `changed` after each change.
    pub fn new(changed: Callback<()>) -> Self {
        let (editing, deleting) = (RwSignal::new(false), RwSignal::new(false));
        Self { editing, deleting, role: RwSignal::new(None), changed }
    }

    /// Opens the dialog for a role or a new one.
    pub fn edit(self, role: Option<RoleView>) {
        self.role.set(role);
        self.editing.set(true);
    }

    /// Opens the dialog that deletes a role.
    pub fn delete(self, role: RoleView) {
        self.role.set(Some(role));
        self.deleting.set(true);
    }
}
