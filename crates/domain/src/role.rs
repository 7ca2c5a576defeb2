//! What a signed-in user may do.

words! {
    /// Each role may do what the one before it may.
    pub enum Role {
        /// See everything of the tenant.
        Read = "read",
        /// Change companies, mappings and imports.
        Manage = "manage",
        /// Also connect and delete integrations and manage users.
        Admin = "admin",
    }
}

impl Role {
    /// Whether this role includes `needed`.
    pub fn includes(self, needed: Role) -> bool {
        self >= needed
    }
}
