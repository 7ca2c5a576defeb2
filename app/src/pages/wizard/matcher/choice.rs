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
    mapping::{LocationChoice, OrganizationChoice},
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

    fn of_organizations(self) -> Option<OrganizationChoice> {
        Some(match self {
            Self::Accept => OrganizationChoice::Accept,
            Self::Create => OrganizationChoice::Create,
            Self::Ignore => OrganizationChoice::Ignore,
            Self::Unmap => OrganizationChoice::Unmap,
            Self::Company(id) => OrganizationChoice::Link(id),
            Self::Location(_) => return None,
        })
    }

    fn of_locations(self) -> Option<LocationChoice> {
        Some(match self {
            Self::Accept => LocationChoice::Accept,
            Self::Create => LocationChoice::Create,
            Self::Ignore => LocationChoice::Ignore,
            Self::Unmap => LocationChoice::Unmap,
            Self::Location(id) => LocationChoice::Link(id),
            Self::Company(_) => return None,
        })
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
                let choice = self.of_organizations().ok_or_else(wrong)?;
                decide_organizations(id, select, choice, Some(confirm)).await
            }
            MappingSubject::Location => {
                decide_locations(id, select, self.of_locations().ok_or_else(wrong)?).await
            }
        }
    }
}
