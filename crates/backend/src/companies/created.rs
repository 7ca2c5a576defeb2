//! How companies and locations came to be, as the history has it.

use super::history::NewEvent;
use domain::{
    company_overview::CompanyEventKind,
    ids::{CompanyId, LocationId},
};

/// What made a company or a location.
#[derive(Clone, Copy)]
pub(crate) enum By {
    /// Somebody added it.
    Hand,
    /// A line of a CSV file.
    File,
    /// A decision about a mapping that asked for a new one.
    Mapping,
}

/// A new company.
pub(crate) fn company(id: CompanyId, by: By) -> NewEvent {
    let how = match by {
        By::Hand => "",
        By::File => " by a CSV file",
        By::Mapping => " to map an organization to it",
    };
    NewEvent::new(id, CompanyEventKind::Created, format!("The company was created{how}."))
}

/// A new location of a company.
pub(crate) fn location(company: CompanyId, (id, name): (LocationId, &str), by: By) -> NewEvent {
    let how = match by {
        By::Hand => "",
        By::File => " by a CSV file",
        By::Mapping => " to map a location of an integration to it",
    };
    let detail = format!("The location {name} was added{how}.");
    NewEvent { location: Some(id), ..NewEvent::new(company, CompanyEventKind::Created, detail) }
}
