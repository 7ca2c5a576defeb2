use super::api::list_roles;
use crate::layout::use_me;
use domain::{role::Role, roles::RoleRef};
use leptos::prelude::*;

/// The roles that the signed-in user may hand out, as options of a select: the built-in ones at once, custom ones when they
/// have been read. In: one that is left out. For dialogs, which open in the browser only.
pub fn use_role_options(without: Option<RoleRef>) -> Signal<Vec<(String, String)>> {
    let own = use_me().permissions;
    let custom = LocalResource::new(list_roles);
    Signal::derive(move || {
        let built_in =
            Role::ALL.iter().map(|role| (RoleRef::from(*role), role.title().to_owned(), role.permissions()));
        let read = custom.get().and_then(Result::ok).unwrap_or_default();
        let custom = read.into_iter().filter(|r| r.is_custom()).map(|r| (r.role, r.name, r.permissions));
        built_in
            .chain(custom)
            .filter(|(role, _, permissions)| Some(*role) != without && own.include(permissions))
            .map(|(role, name, _)| (role.to_string(), name))
            .collect()
    })
}
