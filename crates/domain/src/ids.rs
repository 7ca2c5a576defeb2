//! Typed ids. All are UUIDv7, made by the server; two kinds of id cannot be mixed up.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// An MSP.
    TenantId,
    /// A person who signs in.
    UserId,
    /// A browser or a program that a user is signed in with.
    SessionId,
    /// What a program calls the API with.
    ApiTokenId,
    /// Somebody who was invited and has not come yet.
    InvitationId,
    /// A role that a tenant has made for itself.
    RoleId,
    /// A client company of the MSP.
    CompanyId,
    /// A PSA location (site) of a company.
    LocationId,
    /// A kind of device in the inventory.
    DeviceTypeId,
    /// One connected account of a vendor.
    IntegrationId,
    /// One execution of a sync or an import.
    RunId,
    /// A part of a run that waits for a decision.
    QuestionId,
    /// One action that changed mappings.
    DecisionId,
    /// A saved view of a list.
    ViewId,
    /// A row of the inventory.
    DeviceId,
    /// Two devices that look like one machine.
    DuplicateId,
    /// What somebody did with one device or many at once.
    EditId,
    /// A device or company that may fail a check.
    ExceptionId,
}
