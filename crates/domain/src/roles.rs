//! The roles of a tenant: those that every tenant has, and those that it makes for itself.

use crate::{
    company::{checked_name, checked_text, name_key},
    error::UserError,
    ids::RoleId,
    permissions::Permissions,
    role::Role,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt, str::FromStr};

/// Longest name of a role, in characters.
pub const MAX_ROLE_NAME: usize = 60;

/// A role: on the wire one of the words `read`, `manage` and `admin`, or the id of a custom role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleRef {
    BuiltIn(Role),
    Custom(RoleId),
}

impl RoleRef {
    /// Whether it is the built-in role of administrators.
    pub fn is_admin(self) -> bool {
        self == Self::BuiltIn(Role::Admin)
    }
}

impl From<Role> for RoleRef {
    fn from(role: Role) -> Self {
        Self::BuiltIn(role)
    }
}

impl From<RoleId> for RoleRef {
    fn from(id: RoleId) -> Self {
        Self::Custom(id)
    }
}

impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(role) => role.fmt(f),
            Self::Custom(id) => id.fmt(f),
        }
    }
}

impl FromStr for RoleRef {
    type Err = UserError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let custom = || text.parse().map(Self::Custom).ok();
        let found = text.parse().map(Self::BuiltIn).ok().or_else(custom);
        found.ok_or_else(|| UserError::invalid("role", "Choose one of the roles."))
    }
}

impl Serialize for RoleRef {
    fn serialize<S: Serializer>(&self, json: S) -> Result<S::Ok, S::Error> {
        json.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RoleRef {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let text = <String as Deserialize>::deserialize(json)?;
        text.parse().map_err(|error: UserError| D::Error::custom(error.message))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for RoleRef {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let about = "A role: `read`, `manage`, `admin`, or the id of a custom role.";
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .description(Some(about))
            .examples(["read"])
            .build()
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for RoleRef {}

wire! {
    /// A role with what it allows.
    pub struct RoleView {
        pub role: RoleRef,
        pub name: String,
        pub description: Option<String>,
        pub permissions: Permissions,
        /// How many users have it, with those who are invited to it.
        pub users: i64,
        /// Of a custom role: what a change says that it has read.
        pub version: Option<i64>,
    }
}

impl RoleView {
    /// Whether the tenant has made it for itself.
    pub fn is_custom(&self) -> bool {
        matches!(self.role, RoleRef::Custom(_))
    }
}

/// What a custom role is to be.
#[derive(Clone, Debug)]
pub struct RoleInput {
    pub name: String,
    pub description: Option<String>,
    pub permissions: Permissions,
}

impl RoleInput {
    /// The same with tidy texts, or what is wrong with it.
    pub fn checked(self) -> Result<Self, UserError> {
        let name = checked_name("name", &self.name)?;
        if name.chars().count() > MAX_ROLE_NAME {
            let message = format!("Shorten the name to {MAX_ROLE_NAME} characters.");
            return Err(UserError::invalid("name", message));
        }
        let key = name_key(&name);
        if Role::ALL.iter().any(|role| key == role.as_str() || key == name_key(role.title())) {
            let message = "This is the name of a role that every portal has. Choose another name.";
            return Err(UserError::invalid("name", message));
        }
        self.permissions.check()?;
        let description = checked_text("description", self.description)?;
        Ok(Self { name, description, permissions: self.permissions })
    }
}

#[cfg(test)]
mod tests {
    use super::{RoleInput, RoleRef};
    use crate::{ids::RoleId, permissions::Permissions, role::Role};

    #[test]
    fn a_role_is_a_word_or_an_id() {
        let custom = RoleRef::Custom(RoleId(uuid::Uuid::from_u128(7)));
        for role in [Role::Read.into(), Role::Admin.into(), custom] {
            let json = serde_json::to_string(&role).unwrap();
            assert_eq!(json, format!("\"{role}\""));
            assert_eq!(serde_json::from_str::<RoleRef>(&json).unwrap(), role);
        }
        for wrong in ["", "owner", "custom", "Read", "0000"] {
            assert!(wrong.parse::<RoleRef>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_custom_role_has_a_name_of_its_own() {
        let named = |name: &str| {
            RoleInput { name: name.into(), description: Some(" ".into()), permissions: Permissions::ALL }
                .checked()
        };
        let role = named("  Night   shift ").unwrap();
        assert_eq!((role.name.as_str(), role.description), ("Night shift", None));
        for wrong in ["", " ", "Admin", "administrator", "may VIEW", &"x".repeat(61)] {
            assert_eq!(named(wrong).unwrap_err().field.as_deref(), Some("name"), "{wrong:?}");
        }
    }
}
