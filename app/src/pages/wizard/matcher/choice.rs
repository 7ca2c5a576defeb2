//! A decision about many rows of either kind.

use crate::{
    error::AppError,
    pages::wizard::{
        api::{decide_locations, decide_organizations},
        current::required,
    },
};
use domain::{
    decision::{Decided, MappingSelection, MappingSubject},
    error::UserError,
    ids::{CompanyId, IntegrationId, LocationId},
    mapping::{LocationChoice, MappingChoice, OrganizationChoice},
};

/// What is to become of the selected rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Accept,
    Create,
    Ignore,
    Unmap,
    Company(CompanyId),
    Location(LocationId),
}

impl Choice {
    /// What was done, before the number of rows: "Accepted 12 organizations".
    pub fn done(self) -> &'static str {
        match self {
            Self::Accept => "Accepted",
            Self::Create => "Created and mapped",
            Self::Ignore => "Ignored",
            Self::Unmap => "Unmapped",
            Self::Company(_) | Self::Location(_) => "Mapped",
        }
    }

    /// As a choice of one side; `link` is what a choice of its targets is.
    fn of<C: MappingChoice>(self, link: impl Fn(Self) -> Option<C>) -> Option<C> {
        match self {
            Self::Accept => Some(C::ACCEPT),
            Self::Create => Some(C::CREATE),
            Self::Ignore => Some(C::IGNORE),
            Self::Unmap => Some(C::UNMAP),
            linked => link(linked),
        }
    }

    fn company(self) -> Option<OrganizationChoice> {
        if let Self::Company(id) = self { Some(OrganizationChoice::Link(id)) } else { None }
    }

    fn location(self) -> Option<LocationChoice> {
        if let Self::Location(id) = self { Some(LocationChoice::Link(id)) } else { None }
    }

    /// Saves the decision for all of `select`.
    pub async fn save(
        self,
        subject: MappingSubject,
        id: Option<IntegrationId>,
        select: MappingSelection,
        confirm: bool,
    ) -> Result<Decided, AppError> {
        let id = required(id)?;
        let wrong = || AppError::from(UserError::invalid("choice", "This cannot be chosen for these rows."));
        match subject {
            MappingSubject::Organization => {
                let choice = self.of(Self::company).ok_or_else(wrong)?;
                decide_organizations(id, select, choice, Some(confirm)).await
            }
            MappingSubject::Location => {
                decide_locations(id, select, self.of(Self::location).ok_or_else(wrong)?).await
            }
        }
    }
}
