//! The audit log: who did what to what, when and from where.

use crate::{error::UserError, ids::UserId};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

words! {
    /// What somebody did.
    pub enum AuditAction {
        SignedIn = "signed_in",
        SignInRefused = "sign_in_refused",
        /// Somebody was refused what their role does not allow.
        AccessRefused = "access_refused",
        SignedOut = "signed_out",
        PasswordChanged = "password_changed",
        SessionsEnded = "sessions_ended",
        SecondFactorOn = "second_factor_on",
        SecondFactorOff = "second_factor_off",
        /// Another app makes the codes.
        SecondFactorReplaced = "second_factor_replaced",
        RecoveryCodesRenewed = "recovery_codes_renewed",
        /// Somebody else switched it off.
        SecondFactorReset = "second_factor_reset",
        /// Whether everybody needs one.
        SecondFactorRuleChanged = "second_factor_rule_changed",
        PortalCreated = "portal_created",
        UserAdded = "user_added",
        ApiTokenCreated = "api_token_created",
        ApiTokenRevoked = "api_token_revoked",
        UserInvited = "user_invited",
        InvitationWithdrawn = "invitation_withdrawn",
        /// Somebody came by an invitation.
        UserJoined = "user_joined",
        RoleChanged = "role_changed",
        /// A user is limited to other companies, or to none any more.
        CompaniesAssigned = "companies_assigned",
        CustomRoleCreated = "custom_role_created",
        CustomRoleChanged = "custom_role_changed",
        CustomRoleDeleted = "custom_role_deleted",
        UserDeactivated = "user_deactivated",
        UserActivated = "user_activated",
        /// A link with which a user chooses a new password.
        PasswordLinkMade = "password_link_made",
        /// Somebody who was not signed in asked for that link by mail.
        PasswordLinkAsked = "password_link_asked",
        /// That link was used.
        PasswordChosen = "password_chosen",
        OwnershipTransferred = "ownership_transferred",
        CompanyCreated = "company_created",
        CompanyChanged = "company_changed",
        CompanyArchived = "company_archived",
        CompanyRestored = "company_restored",
        CompanyMerged = "company_merged",
        /// A merge of two companies was undone.
        CompanyUnmerged = "company_unmerged",
        /// A mapping that had created it was taken back, and nobody used it.
        CompanyRemoved = "company_removed",
        CompaniesImported = "companies_imported",
        LocationCreated = "location_created",
        LocationChanged = "location_changed",
        LocationArchived = "location_archived",
        LocationRestored = "location_restored",
        /// A mapping that had created it was taken back, and nobody used it.
        LocationRemoved = "location_removed",
        LocationsImported = "locations_imported",
        DeviceTypeCreated = "device_type_created",
        DeviceTypeRenamed = "device_type_renamed",
        DeviceTypeArchived = "device_type_archived",
        DeviceTypeRestored = "device_type_restored",
        IntegrationConnected = "integration_connected",
        /// Its credentials, region or address are others.
        IntegrationChanged = "integration_changed",
        /// At how much at once a sync holds changes back and asks.
        IntegrationLimitsChanged = "integration_limits_changed",
        IntegrationDeleted = "integration_deleted",
        ConnectionTested = "connection_tested",
        RunStarted = "run_started",
        ImportStarted = "import_started",
        RunPaused = "run_paused",
        RunResumed = "run_resumed",
        RunCancelled = "run_cancelled",
        RunEnded = "run_ended",
        HeldChangesApplied = "held_changes_applied",
        HeldChangesDiscarded = "held_changes_discarded",
        MappingSaved = "mapping_saved",
        QuickMatchUsed = "quick_match_used",
        MappingUndone = "mapping_undone",
        /// A staged device was said to be one of the inventory, or another one.
        ReenrolmentDecided = "reenrolment_decided",
        DeviceCreated = "device_created",
        DevicesEdited = "devices_edited",
        /// Fields were given back to the sync.
        DevicesReleased = "devices_released",
        DevicesArchived = "devices_archived",
        DevicesRestored = "devices_restored",
        EditUndone = "edit_undone",
        DuplicatesToldApart = "duplicates_told_apart",
        /// What was told apart is proposed again.
        DuplicatesProposedAgain = "duplicates_proposed_again",
        DevicesMerged = "devices_merged",
        DevicesUnmerged = "devices_unmerged",
        ViewSaved = "view_saved",
        ViewDeleted = "view_deleted",
        ComplianceRulesSaved = "compliance_rules_saved",
        ExceptionAdded = "exception_added",
        ExceptionChanged = "exception_changed",
        ExceptionRemoved = "exception_removed",
        FileExported = "file_exported",
        /// Events that were older than set were deleted.
        AuditPruned = "audit_pruned",
    }

    /// What something was done to.
    pub enum AuditKind {
        User = "user",
        Role = "role",
        ApiToken = "api_token",
        Portal = "portal",
        Company = "company",
        Location = "location",
        DeviceType = "device_type",
        Integration = "integration",
        Run = "run",
        Mapping = "mapping",
        Device = "device",
        View = "view",
        Compliance = "compliance",
        File = "file",
        Audit = "audit",
    }
}

wire! {
    /// One event of the audit log.
    pub struct AuditEvent {
        /// Its number in the chain, from 1.
        pub seq: i64,
        pub at: DateTime<Utc>,
        /// The user; null for the portal itself and for commands of an operator.
        pub user_id: Option<UserId>,
        /// The name as it was, with the name of the API token when a program did it.
        pub actor: String,
        /// The address that the request came from.
        pub address: Option<String>,
        /// What the browser or program called itself.
        pub agent: Option<String>,
        pub action: AuditAction,
        pub kind: AuditKind,
        pub subject_id: Option<String>,
        /// The name as it was.
        pub subject: String,
        pub details: Vec<AuditDetail>,
        /// SHA-256 of the event and the hash of the one before it, in hexadecimal.
        pub hash: String,
    }

    /// What else is known of an event.
    pub struct AuditDetail {
        pub name: String,
        pub value: String,
    }

    /// Whether the chain of the audit log is whole.
    pub struct AuditCheck {
        pub intact: bool,
        /// Events that were looked at: all, or those before the first that does not fit.
        pub events: i64,
        /// How many older ones retention has deleted.
        pub pruned: i64,
        /// The time of the first and of the last one.
        pub from: Option<DateTime<Utc>>,
        pub to: Option<DateTime<Utc>>,
        /// The hash of the last one: keep it elsewhere, and compare.
        pub last_hash: String,
        /// The number of the first event that does not fit.
        pub wrong: Option<i64>,
        /// What is wrong with it.
        pub problem: Option<String>,
    }
}

impl AuditAction {
    /// Words for people, such as "Company created".
    pub fn label(self) -> String {
        sentence_case(self.as_str())
    }
}

impl AuditKind {
    /// Words for people, such as "Device type".
    pub fn label(self) -> String {
        sentence_case(self.as_str())
    }
}

/// "Company created" of `company_created`.
pub fn sentence_case(word: &str) -> String {
    let mut letters = word.chars().map(|c| if c == '_' { ' ' } else { c });
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub action: Option<AuditAction>,
    pub user_id: Option<UserId>,
    pub kind: Option<AuditKind>,
    /// The first day, `YYYY-MM-DD` in UTC.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
}

impl AuditFilter {
    /// The moments between which events are wanted, the second one excluded, in microseconds since 1970; or the field that
    /// is no day.
    pub fn span(&self) -> Result<(Option<i64>, Option<i64>), UserError> {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
        let from = day("from", self.from.as_deref())?;
        let to = day("to", self.to.as_deref())?.map(|day| day.succ_opt().unwrap_or(day));
        Ok((from.map(start), to.map(start)))
    }
}

fn day(field: &str, text: Option<&str>) -> Result<Option<NaiveDate>, UserError> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    let wrong = |_| UserError::invalid(field, "Enter a day as YYYY-MM-DD.");
    text.parse().map(Some).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_as_sentences_begin() {
        assert_eq!(AuditAction::SignInRefused.label(), "Sign in refused");
        assert_eq!(AuditKind::DeviceType.label(), "Device type");
        assert_eq!(sentence_case(""), "");
    }

    #[test]
    fn days_include_the_last_one() {
        let filter = |from: &str, to: &str| AuditFilter {
            from: Some(from.into()),
            to: Some(to.into()),
            ..AuditFilter::default()
        };
        let day = 24 * 60 * 60 * 1_000_000;
        assert_eq!(filter("1970-01-02", "1970-01-03").span(), Ok((Some(day), Some(3 * day))));
        assert_eq!(filter(" ", "").span(), Ok((None, None)));
        assert_eq!(filter("", "3.1.1970").span().map_err(|e| e.field), Err(Some("to".into())));
    }
}
