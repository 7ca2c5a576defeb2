//! The set-up wizard: which of its four steps are open.

use crate::integration::IntegrationCounts;

words! {
    /// A step of the wizard.
    pub enum Step {
        Connect = "connect",
        Organizations = "organizations",
        Locations = "locations",
        Devices = "devices",
    }
}

impl Step {
    /// Words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Connect => "Connect",
            Self::Organizations => "Map organizations",
            Self::Locations => "Map locations",
            Self::Devices => "Import devices",
        }
    }

    /// Position from 1.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }
}

/// How a step stands for an integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Cannot be entered yet.
    Locked,
    /// Can be entered, has work to do.
    Open,
    /// Its purpose is reached; can be re-entered.
    Done,
}

/// How `step` stands; `counts` is `None` before the integration is connected.
///
/// Mapping is never forced: once connected, every step can be entered at any time.
pub fn step_state(step: Step, counts: Option<&IntegrationCounts>) -> StepState {
    let Some(c) = counts else {
        return if step == Step::Connect { StepState::Open } else { StepState::Locked };
    };
    let done = match step {
        Step::Connect => true,
        Step::Organizations => {
            c.organizations > 0 && c.organizations == c.organizations_mapped + c.organizations_ignored
        }
        Step::Locations => c.locations > 0 && c.locations == c.locations_mapped,
        Step::Devices => c.devices_imported > 0 && c.devices_ready == 0,
    };
    if done { StepState::Done } else { StepState::Open }
}
