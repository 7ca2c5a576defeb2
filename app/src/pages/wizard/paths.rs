//! Addresses of the wizard.

use domain::{ids::IntegrationId, wizard::Step};

/// The address of a step; without an integration only Connect has one.
pub fn step_path(integration: Option<IntegrationId>, step: Step) -> Option<String> {
    match (integration, step) {
        (Some(id), step) => Some(format!("/integrations/{id}/{step}")),
        (None, Step::Connect) => Some("/integrations/new".to_owned()),
        (None, _) => None,
    }
}
