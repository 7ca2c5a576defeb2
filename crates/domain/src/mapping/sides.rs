//! Organizations and locations are mapped in the same way: what both have.

use super::{MappingStatus, OrganizationRow, RemoteLocationRow};
use crate::{
    decision::DecisionKind,
    ids::{CompanyId, DecisionId, LocationId},
};
use std::str::FromStr;

/// A user's decision about a row of either side.
pub trait MappingChoice: Clone + PartialEq + Send + Sync + 'static {
    /// What a row is mapped to.
    type Target: Copy + FromStr + Send + Sync + 'static;
    const ACCEPT: Self;
    const CREATE: Self;
    const IGNORE: Self;
    const UNMAP: Self;
    fn link(target: Self::Target) -> Self;
    /// What a decision of it is kept as.
    fn kind(&self) -> DecisionKind;
}

/// A row of either side with its mapping.
pub trait MappingRow: Clone + Send + Sync + 'static {
    type Choice: MappingChoice;
    fn remote_id(&self) -> &str;
    fn name(&self) -> &str;
    fn status(&self) -> MappingStatus;
    fn version(&self) -> i64;
    /// The name of what it is mapped to.
    fn target(&self) -> Option<&str>;
    /// What is proposed, and its name.
    fn proposed(&self) -> Option<(<Self::Choice as MappingChoice>::Target, &str)>;
    /// How to take back the decision that this row is the answer to.
    fn undo(&self) -> Option<DecisionId>;
    #[must_use]
    fn with_undo(self, undo: Option<DecisionId>) -> Self;
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident($target:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            Link($target),
            Accept,
            Create,
            Ignore,
            Unmap,
        }

        impl MappingChoice for $name {
            type Target = $target;
            const ACCEPT: Self = Self::Accept;
            const CREATE: Self = Self::Create;
            const IGNORE: Self = Self::Ignore;
            const UNMAP: Self = Self::Unmap;

            fn link(target: $target) -> Self {
                Self::Link(target)
            }

            fn kind(&self) -> DecisionKind {
                match self {
                    Self::Link(_) => DecisionKind::Link,
                    Self::Accept => DecisionKind::Accept,
                    Self::Create => DecisionKind::Create,
                    Self::Ignore => DecisionKind::Ignore,
                    Self::Unmap => DecisionKind::Unmap,
                }
            }
        }
    };
}

choice! {
    /// A user's decision about an organization: `{"link": company_id}`, `"accept"` (what is proposed), `"create"`, `"ignore"`
    /// or `"unmap"` (which also rejects a proposal: the pair is not proposed again).
    OrganizationChoice(CompanyId)
}

choice! {
    /// A user's decision about a remote location: `{"link": location_id}`, `"accept"`, `"create"`, `"ignore"` or `"unmap"`.
    LocationChoice(LocationId)
}

macro_rules! row {
    ($name:ty, $choice:ty, $target:ident) => {
        impl MappingRow for $name {
            type Choice = $choice;

            fn remote_id(&self) -> &str {
                &self.remote_id
            }

            fn name(&self) -> &str {
                &self.name
            }

            fn status(&self) -> MappingStatus {
                self.status
            }

            fn version(&self) -> i64 {
                self.version
            }

            fn target(&self) -> Option<&str> {
                self.$target.as_ref().map(|target| target.name.as_str())
            }

            fn proposed(&self) -> Option<(<$choice as MappingChoice>::Target, &str)> {
                self.suggestion.as_ref().map(|s| (s.$target.id, s.$target.name.as_str()))
            }

            fn undo(&self) -> Option<DecisionId> {
                self.undo
            }

            fn with_undo(self, undo: Option<DecisionId>) -> Self {
                Self { undo, ..self }
            }
        }
    };
}

row!(OrganizationRow, OrganizationChoice, company);
row!(RemoteLocationRow, LocationChoice, location);
