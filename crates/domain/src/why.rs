//! Why a device is where it is, or why it is not in the inventory: a chain of steps, each with its reason.
//!
//! The words of all steps are in this file ([`WhyStep`]'s constructors), so that pages and programs read the same.

use crate::{
    ids::{DeviceId, IntegrationId, RunId},
    import::BlockedBy,
    number::things,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

words! {
    /// What a step found.
    pub enum WhyCode {
        Seen = "seen",
        /// Read, but no complete sync stands behind it.
        NotProven = "not_proven",
        Missing = "missing",
        Decommissioned = "decommissioned",
        /// Added by hand, or kept when its integration was deleted.
        NoSource = "no_source",
        OrganizationMapped = "organization_mapped",
        OrganizationPending = "organization_pending",
        OrganizationUnmapped = "organization_unmapped",
        OrganizationIgnored = "organization_ignored",
        CompanyArchived = "company_archived",
        TypeMapped = "type_mapped",
        TypeUnmapped = "type_unmapped",
        TypeIgnored = "type_ignored",
        Imported = "imported",
        /// Nothing is in the way, but nobody has imported it.
        Ready = "ready",
        Blocked = "blocked",
        ImportFailed = "import_failed",
        HeldBack = "held_back",
        Waiting = "waiting",
        Archived = "archived",
        Merged = "merged",
        Owned = "owned",
    }

    /// Whether a step speaks for the device, is to be known, or stands in the way.
    pub enum WhyTone {
        Good = "good",
        Note = "note",
        Stop = "stop",
    }

    /// Where a link of a step leads.
    pub enum WhyPlace {
        /// The page of a device: `id`.
        Device = "device",
        /// The page of a company: `id`.
        Company = "company",
        /// The page of a run: `id` and `integration_id`.
        Run = "run",
        /// What a run held back: `id` is the run.
        Questions = "questions",
        /// The mapping of an organization: `search` is its name.
        Organizations = "organizations",
        /// Node classes and staged devices: `search` is the device's name.
        Staged = "staged",
        /// The runs of an integration.
        Runs = "runs",
        /// Pairs that were merged: `search` is a device's name.
        Merged = "merged",
        /// All integrations.
        Integrations = "integrations",
    }
}

wire! {
    /// The answer to a search: what fits, and the chain of the one that is meant.
    pub struct Why {
        pub search: Option<String>,
        pub candidates: Vec<WhyCandidate>,
        /// Whether more fit than are listed.
        pub more: bool,
        pub chain: Option<WhyChain>,
        /// Where was looked.
        pub looked: Vec<WhyLooked>,
    }

    /// A device that fits: of the inventory, of staging, or both.
    pub struct WhyCandidate {
        pub device_id: Option<DeviceId>,
        pub integration_id: Option<IntegrationId>,
        pub remote_id: Option<String>,
        pub name: String,
        /// Company or organization, and what tells it apart.
        pub detail: String,
        /// What fits: "Serial number", "MAC address".
        pub matched: String,
        /// Whether all of it fits, and not a part.
        pub exact: bool,
    }

    /// Everything that decides where one device is.
    pub struct WhyChain {
        pub name: String,
        pub device_id: Option<DeviceId>,
        pub integration_id: Option<IntegrationId>,
        pub remote_id: Option<String>,
        /// The answer in one sentence.
        pub verdict: String,
        pub tone: WhyTone,
        pub steps: Vec<WhyStep>,
    }

    /// One link of the chain.
    pub struct WhyStep {
        pub code: WhyCode,
        pub tone: WhyTone,
        pub text: String,
        pub at: Option<DateTime<Utc>>,
        pub links: Vec<WhyLink>,
    }

    /// A way to what a step speaks of.
    pub struct WhyLink {
        pub place: WhyPlace,
        pub label: String,
        pub id: Option<Uuid>,
        pub integration_id: Option<IntegrationId>,
        pub search: Option<String>,
    }

    /// One integration that was searched, and how much it is worth that nothing was found there.
    pub struct WhyLooked {
        pub integration_id: IntegrationId,
        pub integration: String,
        /// Devices that staging holds of it.
        pub devices: i64,
        /// The last device sync that read everything.
        pub run_id: Option<RunId>,
        pub finished_at: Option<DateTime<Utc>>,
        /// Devices that it read.
        pub rows: Option<i64>,
    }
}

impl WhyCode {
    /// What the step is about.
    pub fn title(self) -> &'static str {
        match self {
            Self::Seen | Self::NotProven | Self::Missing | Self::Decommissioned | Self::NoSource => "Source",
            Self::OrganizationMapped
            | Self::OrganizationPending
            | Self::OrganizationUnmapped
            | Self::OrganizationIgnored
            | Self::CompanyArchived => "Company",
            Self::TypeMapped | Self::TypeUnmapped | Self::TypeIgnored => "Device type",
            Self::Imported | Self::Ready | Self::Blocked | Self::ImportFailed => "Import",
            Self::HeldBack => "Held back",
            Self::Waiting => "Waiting",
            Self::Archived => "Archive",
            Self::Merged => "Merge",
            Self::Owned => "Own values",
        }
    }
}

/// The last device sync of an integration that read everything.
pub struct LastSync {
    pub run: RunId,
    pub finished_at: DateTime<Utc>,
    pub rows: Option<i64>,
}

/// Who decided about a mapping.
pub struct DecidedBy {
    pub user: Option<String>,
    pub quick_match: bool,
}

impl DecidedBy {
    fn words(&self) -> String {
        match (&self.user, self.quick_match) {
            (Some(user), true) => format!(" by Quick Match, started by {user}"),
            (None, true) => " by Quick Match".to_owned(),
            (Some(user), false) => format!(" by {user}"),
            (None, false) => String::new(),
        }
    }
}

impl WhyLink {
    /// A link to a page that is about everything.
    pub fn general(place: WhyPlace, label: &str) -> Self {
        Self { place, label: label.to_owned(), id: None, integration_id: None, search: None }
    }

    /// A link to something with an id.
    pub fn to(place: WhyPlace, label: &str, id: Uuid) -> Self {
        Self { id: Some(id), ..Self::general(place, label) }
    }

    /// A link to something of an integration.
    pub fn at(place: WhyPlace, label: &str, integration: IntegrationId) -> Self {
        Self { integration_id: Some(integration), ..Self::general(place, label) }
    }

    /// The same, to what has that name.
    pub fn named(self, search: &str) -> Self {
        Self { search: Some(search.to_owned()), ..self }
    }

    /// The same, to what has that id.
    pub fn with(self, id: Uuid) -> Self {
        Self { id: Some(id), ..self }
    }
}

impl WhyStep {
    fn new(code: WhyCode, tone: WhyTone, text: impl Into<String>) -> Self {
        Self { code, tone, text: text.into(), at: None, links: Vec::new() }
    }

    /// The same with the moment that it speaks of.
    pub fn when(self, at: Option<DateTime<Utc>>) -> Self {
        Self { at, ..self }
    }

    /// The same with a link.
    pub fn link(mut self, link: WhyLink) -> Self {
        self.links.push(link);
        self
    }

    /// In the vendor's list, as of the last complete sync.
    pub fn seen(integration: &str, last: &LastSync) -> Self {
        let rows = last
            .rows
            .map_or_else(String::new, |n| format!(", which read {}", things(n, "device", "devices")));
        let text = format!("{integration} had it in the last complete device sync{rows}.");
        Self::new(WhyCode::Seen, WhyTone::Good, text).when(Some(last.finished_at))
    }

    /// Read, but not by a complete sync.
    pub fn not_proven(integration: &str, any: bool) -> Self {
        let text = match any {
            true => format!("It was read from {integration} after the last complete device sync."),
            false => format!("It was read from {integration}, but no device sync has been complete yet."),
        };
        Self::new(WhyCode::NotProven, WhyTone::Note, text)
    }

    /// Absent from complete syncs.
    pub fn missing(integration: &str, since: DateTime<Utc>, decommissioned: bool) -> Self {
        let (code, text) = match decommissioned {
            true => (
                WhyCode::Decommissioned,
                format!("It was decommissioned in {integration}; complete syncs no longer find it."),
            ),
            false => (
                WhyCode::Missing,
                format!(
                    "Complete syncs no longer find it in {integration}: it was deleted there, is not approved, or the API application may not see it."
                ),
            ),
        };
        Self::new(code, WhyTone::Stop, text).when(Some(since))
    }

    /// Nothing feeds the device. `kept`: its integration was deleted.
    pub fn no_source(kept: bool) -> Self {
        let text = match kept {
            true => {
                "No integration feeds it: it was kept when its integration was deleted. Connecting the same account again takes it up."
            }
            false => "No integration feeds it: it was added by hand.",
        };
        Self::new(WhyCode::NoSource, WhyTone::Note, text)
    }

    /// The integration that fed it holds its row no more.
    pub fn never_seen(integration: &str) -> Self {
        let text = format!("{integration} no longer holds a row of it. Run a device sync.");
        Self::new(WhyCode::NoSource, WhyTone::Stop, text)
    }

    /// The organization is mapped to a company in use, or one that is archived.
    pub fn organization_mapped(organization: &str, company: &str, by: &DecidedBy, archived: bool) -> Self {
        let by = by.words();
        let text = format!("Its organization {organization} is mapped to {company}{by}.");
        match archived {
            false => Self::new(WhyCode::OrganizationMapped, WhyTone::Good, text),
            true => {
                let text = format!("{text} {}", BlockedBy::CompanyArchived.sentence());
                Self::new(WhyCode::CompanyArchived, WhyTone::Stop, text)
            }
        }
    }

    /// Quick Match has a proposal.
    pub fn organization_pending(organization: &str, company: &str) -> Self {
        let text = format!(
            "Quick Match proposes {company} for its organization {organization}; nobody has decided yet."
        );
        Self::new(WhyCode::OrganizationPending, WhyTone::Stop, text)
    }

    /// Nothing is known about the organization.
    pub fn organization_unmapped(organization: &str) -> Self {
        let text = format!("Its organization {organization} is not mapped to a company.");
        Self::new(WhyCode::OrganizationUnmapped, WhyTone::Stop, text)
    }

    /// Somebody does not want the organization.
    pub fn organization_ignored(organization: &str, by: &DecidedBy) -> Self {
        let text = format!("Its organization {organization} was set to ignored{}.", by.words());
        Self::new(WhyCode::OrganizationIgnored, WhyTone::Stop, text)
    }

    /// The node class has a device type.
    pub fn type_mapped(class: &str, device_type: &str, auto_sync: bool) -> Self {
        let auto = match auto_sync {
            true => "New ones are imported after each device sync.",
            false => "New ones are imported when somebody starts an import.",
        };
        let text = format!("Its node class {class} is mapped to the device type {device_type}. {auto}");
        Self::new(WhyCode::TypeMapped, WhyTone::Good, text)
    }

    /// The node class has none.
    pub fn type_unmapped(class: &str, ignored: bool) -> Self {
        match ignored {
            true => {
                Self::new(WhyCode::TypeIgnored, WhyTone::Stop, format!("Its node class {class} is ignored."))
            }
            false => Self::new(
                WhyCode::TypeUnmapped,
                WhyTone::Stop,
                format!("Its node class {class} is not mapped to a device type."),
            ),
        }
    }

    /// In the inventory. `reason` is what the import said about it.
    pub fn imported(by: Option<&str>, reason: Option<&str>) -> Self {
        let text = match (by, reason) {
            (_, Some(reason)) => reason.to_owned(),
            (Some(user), None) => format!("Imported by a run that {user} started."),
            (None, None) => "In the inventory.".to_owned(),
        };
        Self::new(WhyCode::Imported, WhyTone::Good, text)
    }

    /// Nothing is in the way.
    pub fn ready(auto_sync: bool) -> Self {
        let text = match auto_sync {
            true => {
                "Nothing is in the way, but it is not imported yet. The next device sync does it; an import does it now."
            }
            false => "Nothing is in the way, but nobody has imported it yet. Start an import.",
        };
        Self::new(WhyCode::Ready, WhyTone::Stop, text)
    }

    /// What keeps it from being imported.
    pub fn blocked(by: BlockedBy) -> Self {
        Self::new(WhyCode::Blocked, WhyTone::Stop, format!("Not imported. {}", by.sentence()))
    }

    /// The last import could not take it.
    pub fn import_failed(reason: &str) -> Self {
        Self::new(WhyCode::ImportFailed, WhyTone::Note, format!("The last import did not take it: {reason}"))
    }

    /// A change of it waits for a decision; `question` says what was held back.
    pub fn held_back(question: &str) -> Self {
        let text = format!("A change of it is held back until somebody decides: {question}");
        Self::new(WhyCode::HeldBack, WhyTone::Stop, text)
    }

    /// Not where its organization would put it.
    pub fn waiting(sentence: &str) -> Self {
        Self::new(WhyCode::Waiting, WhyTone::Note, sentence)
    }

    /// It is where it was, and a re-mapping or sync will move it.
    pub fn moves(company: &str, to: &str) -> Self {
        let text = format!("It is still under {company}: the next sync or re-mapping moves it to {to}.");
        Self::new(WhyCode::Waiting, WhyTone::Note, text)
    }

    /// Put away.
    pub fn archived(by: Option<&str>) -> Self {
        let by = by.map_or_else(String::new, |user| format!(" by {user}"));
        Self::new(WhyCode::Archived, WhyTone::Stop, format!("Archived{by}: lists leave it out."))
    }

    /// Hidden behind another one.
    pub fn merged(into: &str, by: Option<&str>) -> Self {
        let by = by.map_or_else(String::new, |user| format!(" by {user}"));
        let text = format!("Merged into {into}{by}: only that one is listed. Duplicates has the way back.");
        Self::new(WhyCode::Merged, WhyTone::Stop, text)
    }

    /// Fields that people set, with who set each.
    pub fn owned(fields: &[(String, Option<String>)]) -> Self {
        let named = |(field, user): &(String, Option<String>)| match user {
            Some(user) => format!("{field} ({user})"),
            None => field.clone(),
        };
        let list = fields.iter().map(named).collect::<Vec<_>>().join(", ");
        let text = format!("Set by people, so that syncs leave it alone: {list}.");
        Self::new(WhyCode::Owned, WhyTone::Note, text)
    }
}

/// Of an archived device.
pub const VERDICT_ARCHIVED: &str = "Lists leave it out: it is archived.";

/// Of a device that is hidden behind another one.
pub fn verdict_merged(into: &str) -> String {
    format!("Lists leave it out: it was merged into {into}.")
}

/// Of a device that lists show.
pub fn verdict_live(device_type: &str, company: &str, location: Option<&str>, missing: bool) -> String {
    let site = location.map_or_else(String::new, |l| format!(", {l}"));
    let missing = if missing { " It is marked as missing." } else { "" };
    format!("It is in the inventory: {device_type} at {company}{site}.{missing}")
}

/// Of a row of staging that feeds no device.
pub fn verdict_not_imported(by: Option<BlockedBy>) -> String {
    let Some(by) = by else {
        return "It is not in the inventory yet: nobody has imported it.".to_owned();
    };
    let short = match by {
        BlockedBy::OrganizationUnmapped => "Its organization is not mapped to a company.",
        BlockedBy::OrganizationIgnored => "Its organization is ignored.",
        BlockedBy::CompanyArchived => "Its company is archived.",
        BlockedBy::TypeUnmapped => "Its node class is not mapped to a device type.",
        BlockedBy::TypeIgnored => "Its node class is ignored.",
        BlockedBy::Missing => "NinjaOne no longer has it.",
        BlockedBy::Reenrolled => "It looks like a device that was enrolled again; somebody has to decide.",
    };
    format!("It is not in the inventory. {short}")
}

/// What a search looks for: the text in lower case, and for a MAC address its usual notations.
///
/// ```
/// let macs = domain::why::notations("D067.2600.0352");
/// assert!(macs.contains(&"d0:67:26:00:03:52".to_owned()));
/// assert_eq!(domain::why::notations(" PC-1 "), ["pc-1"]);
/// ```
pub fn notations(text: &str) -> Vec<String> {
    let text = text.trim().to_lowercase();
    let bare: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.' | ' ')).collect();
    let is_mac = bare.len() == 12 && bare.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_mac {
        return vec![text];
    }
    let parts = |size: usize, by: &str| {
        let parts: Vec<&str> = (0..12).step_by(size).filter_map(|at| bare.get(at..at + size)).collect();
        parts.join(by)
    };
    let mut all = vec![text, parts(2, ":"), parts(2, "-"), parts(4, "."), bare.clone()];
    let mut seen = Vec::new();
    all.retain(|one| {
        !seen.contains(one) && {
            seen.push(one.clone());
            true
        }
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_for_people() {
        let seen = |rows| {
            let last = LastSync { run: RunId(Uuid::nil()), finished_at: DateTime::UNIX_EPOCH, rows };
            WhyStep::seen("NinjaOne", &last).text
        };
        assert_eq!(
            seen(Some(96_000)),
            "NinjaOne had it in the last complete device sync, which read 96,000 devices."
        );
        assert_eq!(seen(Some(1)), "NinjaOne had it in the last complete device sync, which read 1 device.");
        assert_eq!(seen(None), "NinjaOne had it in the last complete device sync.");
    }
}
