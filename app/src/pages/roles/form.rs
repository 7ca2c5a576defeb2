use super::{
    api::{create_role, list_roles, update_role},
    grid::PermissionGrid,
    tools::RoleTools,
};
use crate::layout::use_me;
use crate::{
    error::AppError,
    ui::{
        dialog::{CatchUp, Dialog, EditForm},
        field::{FormErrors, TextField},
        toast::use_toasts,
    },
};
use domain::{
    error::UserError,
    permissions::{Area, Level, Permissions},
    roles::{RoleRef, RoleView},
};
use leptos::prelude::*;

/// The dialog that makes or changes a role.
#[component]
pub fn RoleDialog(tools: RoleTools) -> impl IntoView {
    let title = Signal::derive(move || match &*tools.role.read() {
        Some(role) => format!("Role {}", role.name),
        None => "New role".to_owned(),
    });
    view! {
        <Dialog open=tools.editing title>
            <RoleForm role=tools.role.get_untracked() tools />
        </Dialog>
    }
}

/// What is typed and chosen.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    description: RwSignal<String>,
    permissions: RwSignal<Permissions>,
    version: RwSignal<Option<i64>>,
}

impl Typed {
    /// Of a role, or of a new one that views companies and devices, as far as the user does.
    fn of(role: Option<RoleView>) -> Self {
        let start = Permissions::NONE.with(Area::Companies, Level::Read).with(Area::Devices, Level::Read);
        let start = start.and(&use_me().permissions);
        Self {
            permissions: RwSignal::new(role.as_ref().map_or(start, |role| role.permissions)),
            version: RwSignal::new(role.as_ref().and_then(|role| role.version)),
            description: RwSignal::new(role.as_ref().and_then(|r| r.description.clone()).unwrap_or_default()),
            name: RwSignal::new(role.map(|role| role.name).unwrap_or_default()),
        }
    }

    fn take_over(self, role: RoleView) {
        self.name.set(role.name);
        self.description.set(role.description.unwrap_or_default());
        self.permissions.set(role.permissions);
        self.version.set(role.version);
    }

    /// Saves it, as a new role where there is none yet.
    async fn save(self, role: Option<RoleRef>) -> Result<RoleView, AppError> {
        let (name, description) = (self.name.get_untracked(), Some(self.description.get_untracked()));
        let (permissions, version) = (self.permissions.get_untracked(), self.version.get_untracked());
        match role {
            Some(RoleRef::Custom(id)) => update_role(id, name, description, permissions, version).await,
            _ => create_role(name, description, permissions).await,
        }
    }
}

/// The role as it is now.
async fn current(role: Option<RoleRef>) -> Result<RoleView, AppError> {
    let found = list_roles().await?.into_iter().find(|r| Some(r.role) == role);
    found.ok_or_else(|| UserError::not_found("role").into())
}

#[component]
fn RoleForm(role: Option<RoleView>, tools: RoleTools) -> impl IntoView {
    let toasts = use_toasts();
    let errors = FormErrors::versioned(&["name", "description", "permissions"]);
    let (id, open) = (role.as_ref().map(|role| role.role), tools.editing);
    let typed = Typed::of(role);
    let save = Action::new(move |(): &()| {
        errors.clear();
        async move {
            match typed.save(id).await {
                Ok(saved) => {
                    toasts.success(format!("The role {} is saved.", saved.name));
                    open.set(false);
                    _ = tools.changed.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let catch_up = Action::new(move |choice: &CatchUp| {
        let choice = *choice;
        async move {
            match current(id).await {
                Ok(now) if choice == CatchUp::Reload => {
                    errors.clear();
                    typed.take_over(now);
                }
                // Unless the dialog was closed meanwhile.
                Ok(now) => {
                    if typed.version.try_set(now.version).is_none() {
                        save.dispatch(());
                    }
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let busy = Signal::derive(move || save.pending().get() || catch_up.pending().get());
    view! {
        <EditForm
            open
            errors
            busy
            on_save=Callback::new(move |()| _ = save.dispatch(()))
            on_catch_up=Callback::new(move |choice| _ = catch_up.dispatch(choice))
        >
            <TextField label="Name" name="name" value=typed.name required=true autofocus=true error=errors.about("name") />
            <TextField
                label="Description"
                name="description"
                value=typed.description
                help="For whom it is, such as \"Night shift: sees devices, starts syncs\"."
                error=errors.about("description")
            />
            {id.is_some().then(|| view! {
                <p class="text-sm text-muted">"Whoever has this role is signed out when it allows something else."</p>
            })}
            <PermissionGrid value=typed.permissions error=errors.about("permissions") />
        </EditForm>
    }
}
