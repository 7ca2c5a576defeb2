//! Every server function, once.

use super::endpoint::{Endpoint, Needs};
use app::pages::{
    api_tokens, audit, companies, company_links, compliance, device_types, devices, devices::views,
    duplicates, integrations, reports, roles, runs, session, users, why, wizard,
};
use axum::http::Method;
use domain::{
    api_token::{ApiToken, NewApiToken},
    audit::{AuditAction, AuditCheck, AuditEvent, AuditKind},
    company::{Company, DeviceType, Location},
    company_links::{CompanyLinkCounts, CompanyLinks},
    company_overview::{self as overview, CompanyEvent, CompanyMerge, CompanyUnmerge},
    compliance::{
        Age, Check, CompanyReport, CompanyScore, ComplianceException, ComplianceRules, DeviceFinding,
        DeviceStanding, FleetPulse, Outcome, ReportSummary, Rule, TrendPoint,
    },
    csv_import::ImportReport,
    decision::{Decided, DecisionRow, MappingDecision, MappingSelection, MappingSubject},
    device::{BackupState, DeviceDetail, DeviceRow, DeviceStatus, RawDevice, SourceRef},
    device_edit::{DeviceAction, DeviceEdit, DeviceField, DeviceSelection, Edited, FieldValue, HistoryEntry},
    device_list::{ArchivedFilter, LocationFilter, SerialFilter, SupportFilter, WarrantyFilter},
    duplicates::{DuplicateComparison, DuplicateCounts, DuplicatePair, DuplicateState},
    ids::{
        ApiTokenId, CompanyId, DecisionId, DeviceId, DeviceTypeId, DuplicateId, EditId, ExceptionId,
        IntegrationId, InvitationId, LocationId, QuestionId, RoleId, RunId, SessionId, UserId, ViewId,
    },
    import::{
        ImportOutcome, ImportResult, ImportSelection, SameChoice, StagedCounts, StagedDevice, StagedStatus,
    },
    integration::{DeletedCounts, DeviceFate, Integration},
    mapping::{
        LocationChoice, MappingStatus, NodeClassMatchResult, NodeClassRow, OrganizationChoice,
        OrganizationRow, QuickMatchPreview, QuickMatchResult, RemoteLocationRow, StatusCounts,
    },
    os::OsFamily,
    page::Listing,
    permissions::{Area, Permissions},
    roles::{RoleRef, RoleView},
    run::{
        Change, ChangeCount, ChangeKind, Decision, Question, QuestionState, Run, RunError, RunKind, RunState,
    },
    session::{Me, PortalState, SecondFactor, SecondFactorSetup, SessionView},
    users::{LinkState, Member, MemberState, UserCompanies, UserLink, UserRules},
    vendor::{ConnectionTest, VendorInfo},
    view::SavedView,
    why::Why,
};
use server_fn::ServerFn;

/// `METHOD Level(Area) page::ServerFunction { argument: Type } -> Answer, "Summary.";`, with `.scope` behind the area where the
/// answer keeps to the companies that somebody is limited to.
macro_rules! server_functions {
    ($($method:ident $needs:ident $(($area:ident))? $(.$scope:ident)? $page:ident::$function:ident { $($name:ident: $type:ty),* $(,)? }
        -> $answer:ty, $summary:literal;)+) => {
        /// Every server function, as the API offers it.
        pub fn server_functions() -> Vec<Endpoint> {
            vec![$({
                type Function = $page::api::$function;
                // These lines do not compile when arguments or answer are not the server function's own.
                let _: fn(Function) = |Function { $($name),* }| { $(let _: $type = $name;)* };
                let _: fn(<Function as ServerFn>::Output) -> $answer = |answer| answer;
                Endpoint::new::<$answer>(Method::$method, Function::PATH, Needs::$needs $((Area::$area))?, $summary)
                    $(.$scope())?
                    $(.with::<$type>(stringify!($name)))*
            }),+]
        }
    };
}

type O<T> = Option<T>;

server_functions! {
    GET Nothing session::LoadPortalState {} -> PortalState,
        "Whether the portal exists yet, and the credentials of a demo.";
    POST Nothing session::CreatePortal { portal_name: String, name: String, email: String, password: String } -> Me,
        "Creates the portal and its owner, and signs the owner in; only while no portal exists.";
    POST Nothing session::SignUp { portal_name: String, name: String, email: String, password: String } -> Me,
        "Creates a portal beside others and its owner, and signs the owner in; only where the operator allows it, and no mails are sent.";
    POST Nothing session::RequestSignUp { portal_name: String, email: String } -> (),
        "Where mails are sent: sends one with a link that creates a portal beside others, or that says that the address has an account; the answer is the same.";
    POST Nothing session::SignIn { email: String, password: String, code: O<String> } -> Me,
        "Signs in and sets the session cookie. An error about code: the password is right, the second factor's code is not.";
    POST Nothing session::SignOut {} -> (),
        "Ends the session.";
    GET SignedIn session::LoadMe {} -> Me,
        "Who is signed in.";
    POST SignedIn session::ChangePassword { current: String, new: String } -> Me,
        "Sets a new password. All sessions of the user end, this one goes on with a new cookie.";
    GET SignedIn session::ListSessions { user_id: O<UserId> } -> Vec<SessionView>,
        "The user's sessions, the last used first; with user_id, whoever may manage users sees those of another user.";
    POST SignedIn session::RevokeSession { session_id: SessionId } -> (),
        "Ends one of the user's sessions; whoever may manage users may end everybody's.";
    POST SignedIn session::RevokeOtherSessions { user_id: O<UserId> } -> i64,
        "Ends all sessions of the user but this one; with user_id, whoever may manage users ends those of another user.";
    GET SignedIn session::LoadSecondFactor {} -> SecondFactor,
        "Whether signing in takes a code of an authenticator app.";
    POST SignedIn session::BeginSecondFactor { password: String, code: O<String> } -> SecondFactorSetup,
        "A secret for an authenticator app; nothing changes until it is confirmed. Where one is on already, it takes a code of that, or a recovery code.";
    POST SignedIn session::ConfirmSecondFactor { code: String } -> Vec<String>,
        "Switches the second factor on, or goes on with another app, by a code of that app; answers recovery codes, which are never shown again.";
    POST SignedIn session::NewRecoveryCodes { password: String, code: String } -> Vec<String>,
        "Recovery codes in place of the present ones, never shown again; the code is one of the app, or a recovery code.";
    POST SignedIn session::RemoveSecondFactor { password: String, code: String } -> (),
        "Switches the second factor off; the code may be a recovery code.";
    POST Manage(Users) session::ResetSecondFactor { user_id: UserId } -> (),
        "Switches off the second factor of another user, who has lost app and recovery codes, and ends their sessions.";

    GET SignedIn api_tokens::ListApiTokens {} -> Vec<ApiToken>,
        "The user's API tokens, the newest first, without the tokens themselves; whoever may manage users sees everybody's.";
    POST SignedIn api_tokens::CreateApiToken {
        name: String, role: RoleRef, expires_in_days: O<u32>, companies: O<Vec<CompanyId>>,
    } -> NewApiToken,
        "A new API token that acts for the user, limited to companies if they are named; only this answer has the token itself.";
    POST SignedIn api_tokens::RevokeApiToken { token_id: ApiTokenId } -> (),
        "Takes one of the user's API tokens away; whoever may manage users may take away everybody's.";
    GET Read(Users) users::ListUsers {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, state: O<MemberState>,
    } -> Listing<Member>,
        "Users and those who are invited; sorted by name, email, role or since.";
    GET Manage(Users) users::LoadUserRules {} -> UserRules,
        "Whether everybody needs a second factor, and how many have none.";
    POST Manage(Users) users::RequireSecondFactor { required: bool } -> UserRules,
        "Wants a second factor of everybody, or leaves it to them; who has none can do nothing but set one up.";
    POST Manage(Users) users::InviteUser { email: String, role: RoleRef, companies: O<Vec<CompanyId>> } -> UserLink,
        "A link with which somebody becomes a user, within 7 days and once, mailed to them where mails are sent; for the same address again, a new one in its place.";
    POST Manage(Users) users::WithdrawInvitation { invitation_id: InvitationId } -> (),
        "Takes an invitation back.";
    POST Manage(Users) users::SetUserRole { user_id: UserId, role: RoleRef, version: O<i64> } -> Member,
        "Gives a user another role and ends their sessions.";
    GET Manage(Users) users::ListUserCompanies { user_id: UserId } -> UserCompanies,
        "The companies that a user is limited to.";
    POST Manage(Users) users::SetUserCompanies { user_id: UserId, companies: O<Vec<CompanyId>>, version: O<i64> } -> Member,
        "Limits a user to these companies, from the next request on; without companies, the user sees all.";
    POST Manage(Users) users::DeactivateUser { user_id: UserId } -> Member,
        "Shuts a user out and ends their sessions; neither the owner nor the last administrator.";
    POST Manage(Users) users::ActivateUser { user_id: UserId } -> Member,
        "Lets a deactivated user in again.";
    POST Manage(Users) users::ResetUserPassword { user_id: UserId } -> UserLink,
        "A link with which another user chooses a new password, within 24 hours and once, mailed to them where mails are sent.";
    POST Manage(Users) users::TransferOwnership { user_id: UserId } -> (),
        "Hands the portal over to another administrator; only its owner can.";
    GET Read(Users) roles::ListRoles {} -> Vec<RoleView>,
        "The roles that every portal has, the smallest first, and the custom ones by name, with what each allows.";
    POST Manage(Users) roles::CreateRole {
        name: String, description: O<String>, permissions: Permissions,
    } -> RoleView,
        "A new role; nobody makes one that allows more than they have.";
    POST Manage(Users) roles::UpdateRole {
        role_id: RoleId, name: String, description: O<String>, permissions: Permissions, version: O<i64>,
    } -> RoleView,
        "Changes a custom role for everybody who has it, at once; they are signed out where it allows something else then.";
    POST Manage(Users) roles::DeleteRole { role_id: RoleId, replacement: O<RoleRef> } -> (),
        "Deletes a custom role; whoever has it gets the replacement and is signed out.";
    GET Nothing users::LoadLink { token: String } -> LinkState,
        "What a link is good for, for whoever has it.";
    POST Nothing users::AcceptInvitation { token: String, name: String, password: String } -> Me,
        "Becomes a user by an invitation, or the owner of a new portal by the link of a sign-up, signs in and sets the session cookie.";
    POST Nothing users::ForgotPassword { email: String } -> (),
        "Sends a mail with a link for a new password, if there is an account with that address; the answer is the same if not.";
    POST Nothing users::ChoosePassword { token: String, password: String } -> (),
        "Sets a new password by a link and ends all sessions of the user.";

    GET Read(Companies).scope companies::ListCompanies {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, archived: O<bool>,
    } -> Listing<Company>,
        "Companies; sorted by name, domain, location_count, device_count or updated_at.";
    GET Read(Companies).scope companies::GetCompany { company_id: CompanyId } -> Company,
        "One company.";
    POST Manage(Companies) companies::CreateCompany {
        name: String, domain: O<String>, phone: O<String>, address: O<String>, psa_ref: O<String>,
    } -> Company,
        "A new company; a second one of the same name is a conflict.";
    POST Manage(Companies) companies::UpdateCompany {
        company_id: CompanyId, name: String, domain: O<String>, phone: O<String>, address: O<String>,
        psa_ref: O<String>, version: O<i64>,
    } -> Company,
        "Changes a company; what is left out becomes empty.";
    POST Manage(Companies) companies::ArchiveCompany { company_id: CompanyId, archived: O<bool> } -> Company,
        "Archives a company, or restores it.";
    POST Manage(Companies) companies::ImportCompanies { csv: String, dry_run: bool } -> ImportReport,
        "Creates and updates companies from CSV text; columns name, domain, phone, address, psa_ref.";

    GET Read(Companies).scope companies::LoadCompanyOverview { company_id: CompanyId } -> overview::CompanyOverview,
        "A company's devices by status, type and location, and how much of it each integration covers.";
    GET Read(Companies).scope companies::ListCompanyHistory { page: O<u32>, page_size: O<u32>, company_id: CompanyId } -> Listing<CompanyEvent>,
        "What happened to a company, newest first: who created it and its locations, edits, mappings, archive, merges.";
    POST Manage(Companies) companies::MergeCompanies { company_id: CompanyId, into: CompanyId, dry_run: bool } -> CompanyMerge,
        "Moves devices, locations and mappings of a company to another one and archives it; a dry run says what would move.";
    POST Manage(Companies) companies::UnmergeCompanies { company_id: CompanyId, dry_run: bool } -> CompanyUnmerge,
        "Takes a company out again of the one that it was merged into last, with what is still where the merge put it; a dry run says what would go back.";
    GET Read(Companies).scope companies::LoadLocationOverview { location_id: LocationId } -> overview::LocationOverview,
        "One location with its devices and the vendors' locations that are mapped to it.";
    GET Read(Companies).scope companies::ListLocations {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, company_id: O<CompanyId>,
        archived: O<bool>,
    } -> Listing<Location>,
        "PSA locations, of one company or all.";
    POST Manage(Companies) companies::CreateLocation {
        company_id: CompanyId, name: String, address: O<String>, psa_ref: O<String>,
    } -> Location,
        "A new location of a company.";
    POST Manage(Companies) companies::UpdateLocation {
        location_id: LocationId, name: String, address: O<String>, psa_ref: O<String>, version: O<i64>,
    } -> Location,
        "Changes a location; what is left out becomes empty.";
    POST Manage(Companies) companies::ArchiveLocation { location_id: LocationId, archived: O<bool> } -> Location,
        "Archives a location, or restores it.";
    POST Manage(Companies) companies::ImportLocations { csv: String, dry_run: bool } -> ImportReport,
        "Creates and updates locations from CSV text; columns company, name, address, psa_ref.";

    GET Read(Devices).scope device_types::ListDeviceTypes {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, archived: O<bool>,
    } -> Listing<DeviceType>,
        "Device types.";
    GET Read(Devices).scope device_types::GetDeviceType { device_type_id: DeviceTypeId } -> DeviceType,
        "One device type.";
    POST Manage(Devices) device_types::CreateDeviceType { name: String } -> DeviceType,
        "A new device type.";
    POST Manage(Devices) device_types::UpdateDeviceType {
        device_type_id: DeviceTypeId, name: String, version: O<i64>,
    } -> DeviceType,
        "Renames a device type.";
    POST Manage(Devices) device_types::ArchiveDeviceType { device_type_id: DeviceTypeId, archived: O<bool> } -> DeviceType,
        "Archives a device type, or restores it.";

    GET Read(Settings) audit::ListAudit {
        page: O<u32>, page_size: O<u32>, search: O<String>, action: O<AuditAction>, user_id: O<UserId>,
        subject_kind: O<AuditKind>, from: O<String>, to: O<String>,
    } -> Listing<AuditEvent>,
        "Who did what to what, when and from where; newest first. The search looks at who, the subject's name, and the address.";
    GET Read(Settings) audit::VerifyAudit {} -> AuditCheck,
        "Walks the chain of the audit log: whether it is whole, or the first event that does not fit.";

    GET Read(Reports).scope reports::LoadSummary { company: O<CompanyId> } -> ReportSummary,
        "The fleet, or a company, under all checks: score, counts, parts, and the complete runs that it stands on.";
    GET Read(Reports).scope reports::ListScores {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>,
    } -> Listing<CompanyScore>,
        "How companies with devices stand, the worst score first; sorted by score, name, devices, online or failing.";
    GET Read(Reports).scope reports::ListFindings {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, check: O<Check>, outcome: O<Outcome>,
        company: O<CompanyId>, device_type: O<DeviceTypeId>, os: O<String>, age: O<Age>, online: O<bool>,
    } -> Listing<DeviceFinding>,
        "The devices behind a number of a report; sorted by name, company, type, os or last_contact.";
    GET Read(Reports).scope reports::LoadStanding { device_id: DeviceId } -> DeviceStanding,
        "The checks that one device fails, with what was found.";
    GET Read(Reports).scope reports::LoadTrend { company: O<CompanyId>, days: O<u32> } -> Vec<TrendPoint>,
        "The figures of the last days that have some, oldest first.";
    GET Read(Reports).scope reports::LoadCompanyReport { company_id: CompanyId } -> CompanyReport,
        "Everything about one company: score, findings by check with their devices, exceptions, trend.";
    GET Read(Reports).scope reports::LoadPulse {} -> FleetPulse,
        "The fleet's figures as they were last checked, and the companies whose score fell within a week.";
    GET Read(Reports).scope compliance::LoadRules {} -> ComplianceRules,
        "Which checks are on, with their days, and which count in the score.";
    POST Manage(Settings) compliance::SaveRules { rules: Vec<Rule>, version: O<i64> } -> ComplianceRules,
        "Saves the rules; a check that is not named gets its usual rule.";
    GET Read(Reports).scope compliance::ListExceptions {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, check: O<Check>, company: O<CompanyId>,
    } -> Listing<ComplianceException>,
        "Devices and companies that may fail a check, with reason and last day; sorted by created_at, check, company or until.";
    POST Manage(Reports).scope compliance::AddException {
        check: Check, device: O<DeviceId>, company: O<CompanyId>, reason: String, until: O<String>,
    } -> ComplianceException,
        "Lets one device, or one company with all its devices, fail a check; a conflict where an exception is in force for both already.";
    POST Manage(Reports).scope compliance::ChangeException {
        exception_id: ExceptionId, reason: String, until: O<String>, version: O<i64>,
    } -> ComplianceException,
        "Gives an exception another reason and last day.";
    POST Manage(Reports).scope compliance::RemoveException { exception_id: ExceptionId } -> (),
        "Takes an exception away: what it was for fails again.";

    GET Read(Integrations) integrations::ListVendors {} -> Vec<VendorInfo>,
        "Vendors with regions, credential fields and instructions.";
    GET Read(Integrations) integrations::ListIntegrations {} -> Listing<Integration>,
        "Connected accounts with status, last runs and counts; never a secret.";
    GET Read(Integrations) integrations::GetIntegration { integration_id: IntegrationId } -> Integration,
        "One connected account.";
    POST Manage(Integrations) integrations::TestConnection {
        integration_id: O<IntegrationId>, vendor: O<String>, region: O<String>, base_url: O<String>,
        client_id: O<String>, client_secret: O<String>,
    } -> ConnectionTest,
        "Tries credentials, or with integration_id alone the stored ones; changes nothing.";
    POST Manage(Integrations) integrations::Connect {
        integration_id: O<IntegrationId>, vendor: O<String>, region: O<String>, base_url: O<String>,
        client_id: O<String>, client_secret: O<String>, version: O<i64>,
    } -> Integration,
        "Tests and saves credentials and starts the first organization sync; with integration_id it changes the stored ones.";
    POST Manage(Integrations) integrations::DeleteIntegration {
        integration_id: IntegrationId, confirm_name: String, devices: DeviceFate,
    } -> DeletedCounts,
        "Deletes an integration with its staging and mappings; its devices stay or go.";

    POST Manage(Integrations) integrations::UpdateBreaker {
        integration_id: IntegrationId, percent: i64, rows: i64, version: O<i64>,
    } -> Integration,
        "Sets at how much at once a sync holds a part back and asks: more than percent of the rows, and at least rows.";

    POST Manage(Mappings) runs::StartRun { integration_id: IntegrationId, kind: RunKind } -> Run,
        "Starts a sync, or answers the one that runs.";
    GET Read(Integrations) runs::ListRuns {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, integration_id: IntegrationId,
        kind: O<RunKind>, state: O<RunState>,
    } -> Listing<Run>,
        "Runs of an integration, newest first.";
    GET Read(Integrations) runs::GetRun { run_id: RunId } -> Run,
        "One run.";
    POST Manage(Mappings) runs::CancelRun { run_id: RunId } -> Run,
        "Asks a run to stop after the page it is at.";
    POST Manage(Mappings) runs::PauseRun { run_id: RunId } -> Run,
        "Asks a run to wait after the page it is at.";
    POST Manage(Mappings) runs::ResumeRun { run_id: RunId } -> Run,
        "Lets a paused run go on where it stopped.";
    POST Manage(Mappings) runs::RetryFailed { run_id: RunId } -> Run,
        "A new run for what failed: the failed devices of an import, the whole of a sync.";
    POST Manage(Mappings) runs::Decide { question_id: QuestionId, decision: Decision } -> Question,
        "Applies or discards what a run held back; a run applies it.";
    GET Read(Integrations) runs::ListChanges {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, run_id: RunId, entity: O<String>,
        change: O<ChangeKind>,
    } -> Listing<Change>,
        "What a run changed; sorted by entity, name or change.";
    GET Read(Integrations) runs::CountChanges { run_id: RunId } -> Vec<ChangeCount>,
        "How many changes of each kind a run made.";
    GET Read(Integrations) runs::ListRunErrors {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, run_id: RunId,
    } -> Listing<RunError>,
        "Rows that a run could not read or apply; sorted by entity, name or reason.";
    GET Read(Integrations) runs::ListQuestions {
        integration_id: IntegrationId, run_id: O<RunId>, state: O<QuestionState>,
    } -> Vec<Question>,
        "What runs held back because it is implausible at once; open ones first, then the newest.";
    GET Read(Integrations) runs::ListHeld {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, question_id: QuestionId,
    } -> Listing<Change>,
        "The rows of one part that was held back; sorted by entity, name or change.";

    GET Read(Mappings) wizard::ListOrganizations {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, integration_id: IntegrationId,
        status: O<MappingStatus>,
    } -> Listing<OrganizationRow>,
        "Organizations with their mapping; sorted by name, device_count, company or status.";
    GET Read(Mappings) wizard::CountOrganizations { integration_id: IntegrationId, search: O<String> } -> StatusCounts,
        "How many organizations stand where.";
    POST Manage(Mappings) wizard::QuickMatchOrganizations {
        integration_id: IntegrationId, threshold: O<f64>,
    } -> QuickMatchResult,
        "Maps organizations where it is certain, proposes a company where one is near.";
    POST Manage(Mappings) wizard::SaveOrganization {
        integration_id: IntegrationId, remote_id: String, choice: OrganizationChoice, version: O<i64>, confirm: O<bool>,
    } -> OrganizationRow,
        "Saves one decision about an organization and answers the row as it is now.";
    GET Read(Mappings) wizard::ListRemoteLocations {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, integration_id: IntegrationId,
        status: O<MappingStatus>, organization: O<String>,
    } -> Listing<RemoteLocationRow>,
        "Remote locations with their mapping.";
    GET Read(Mappings) wizard::CountRemoteLocations {
        integration_id: IntegrationId, search: O<String>, organization: O<String>,
    } -> StatusCounts,
        "How many remote locations stand where, of all organizations or of one.";
    POST Manage(Mappings) wizard::QuickMatchLocations { integration_id: IntegrationId, threshold: O<f64> } -> QuickMatchResult,
        "Maps remote locations inside each mapped company where it is certain, proposes one where it is near.";
    POST Manage(Mappings) wizard::SaveLocation {
        integration_id: IntegrationId, remote_id: String, choice: LocationChoice, version: O<i64>,
    } -> RemoteLocationRow,
        "Saves one decision about a remote location and answers the row as it is now.";
    GET Read(Mappings) wizard::PreviewOrganizations { integration_id: IntegrationId } -> QuickMatchPreview,
        "How many organizations Quick Match would map, for each threshold on offer.";
    GET Read(Mappings) wizard::PreviewLocations { integration_id: IntegrationId } -> QuickMatchPreview,
        "How many remote locations Quick Match would map, for each threshold on offer.";
    POST Manage(Mappings) wizard::DecideOrganizations {
        integration_id: IntegrationId, select: MappingSelection, choice: OrganizationChoice, confirm: O<bool>,
    } -> Decided,
        "Saves one decision about several organizations; rows that it cannot be about are named.";
    POST Manage(Mappings) wizard::DecideLocations {
        integration_id: IntegrationId, select: MappingSelection, choice: LocationChoice,
    } -> Decided,
        "Saves one decision about several remote locations; rows that it cannot be about are named.";
    POST Manage(Mappings) wizard::UndoDecision { decision_id: DecisionId, confirm: O<bool> } -> Decided,
        "Puts the mappings of a decision back to what they were; rows that were changed again since are named.";
    GET Read(Mappings) wizard::ListDecisions {
        page: O<u32>, page_size: O<u32>, integration_id: IntegrationId, subject: O<MappingSubject>, remote_id: O<String>,
    } -> Listing<MappingDecision>,
        "Who decided what about mappings, newest first; with a remote id only decisions about that row.";
    GET Read(Mappings) wizard::ListDecisionRows {
        page: O<u32>, page_size: O<u32>, decision_id: DecisionId,
    } -> Listing<DecisionRow>,
        "The mappings that a decision changed, before and after.";
    POST Manage(Mappings) company_links::SwapOrganization {
        integration_id: IntegrationId, remote_id: String, by: String, version: O<i64>, confirm: O<bool>,
    } -> Decided,
        "Another organization takes the place of one at its company.";
    GET Read(Mappings) company_links::ListCompanyLinks {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, missing: O<bool>,
        integration_id: O<IntegrationId>,
    } -> Listing<CompanyLinks>,
        "Companies with their organizations in all integrations; sorted by name or device_count.";
    GET Read(Mappings) company_links::CountCompanyLinks { search: O<String> } -> CompanyLinkCounts,
        "How many companies there are, and how many lack an organization in some integration.";
    GET Read(Mappings) wizard::ListNodeClasses { integration_id: IntegrationId } -> Listing<NodeClassRow>,
        "Node classes with their device type.";
    POST Manage(Mappings) wizard::QuickMatchNodeClasses { integration_id: IntegrationId } -> NodeClassMatchResult,
        "Maps node classes to existing device types of the same meaning.";
    POST Manage(Mappings) wizard::QuickCreateNodeClasses { integration_id: IntegrationId } -> NodeClassMatchResult,
        "Creates device types for the node classes that are left.";
    POST Manage(Mappings) wizard::SaveNodeClass {
        integration_id: IntegrationId, node_class: String, device_type_id: O<DeviceTypeId>, auto_sync: O<bool>,
        ignore: O<bool>, unmap: O<bool>, version: O<i64>,
    } -> NodeClassRow,
        "Changes what is given about a node class and leaves the rest.";
    GET Read(Mappings) wizard::ListStagedDevices {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, integration_id: IntegrationId,
        node_class: O<String>, organization: O<String>, company: O<CompanyId>, status: O<StagedStatus>,
    } -> Listing<StagedDevice>,
        "Staged devices; sorted by name, node_class, organization, company, status or attention.";
    GET Read(Mappings) wizard::CountStagedDevices {
        integration_id: IntegrationId, search: O<String>, node_class: O<String>, organization: O<String>,
        company: O<CompanyId>,
    } -> StagedCounts,
        "How many staged devices stand where.";
    POST Manage(Mappings) wizard::ResolveSame {
        integration_id: IntegrationId, remote_id: String, choice: SameChoice,
    } -> StagedDevice,
        "Says whether a staged device is the inventory device that it looks like, enrolled again.";
    POST Manage(Mappings) wizard::StartImport { integration_id: IntegrationId, select: ImportSelection } -> Run,
        "Starts an import, or answers the one that runs.";
    GET Read(Integrations) wizard::ListImportResults {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, run_id: RunId,
        outcome: O<ImportOutcome>,
    } -> Listing<ImportResult>,
        "What an import did with each device.";

    GET Read(Devices).scope devices::ListDevices {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, company: O<CompanyId>,
        location: O<LocationFilter>, device_type: O<DeviceTypeId>, status: O<DeviceStatus>, source: O<String>,
        backup: O<BackupState>, owner: O<String>, os: O<OsFamily>, os_support: O<SupportFilter>, last_contact: O<String>,
        warranty: O<WarrantyFilter>, serial: O<SerialFilter>, archived: O<ArchivedFilter>,
    } -> Listing<DeviceRow>,
        "The inventory; sorted by any column of its list.";
    GET Read(Devices).scope devices::GetDevice { device_id: DeviceId } -> DeviceDetail,
        "One device with all its fields and where they came from.";
    GET Read(Devices).scope devices::LoadRawDevice { device_id: DeviceId } -> RawDevice,
        "What the device's vendor says of it now, as JSON text; nothing of it is kept.";
    GET Read(Devices) duplicates::ListDuplicates {
        page: O<u32>, page_size: O<u32>, search: O<String>, sort: O<String>, state: O<DuplicateState>, company: O<CompanyId>,
    } -> Listing<DuplicatePair>,
        "Pairs of devices of one company that look like one machine; sorted by confidence, company or name.";
    GET Read(Devices) duplicates::CountDuplicates {} -> DuplicateCounts,
        "How many such pairs wait for a decision, and how many were decided.";
    GET Read(Devices) duplicates::CompareDuplicates { duplicate_id: DuplicateId } -> DuplicateComparison,
        "One pair with all fields of both devices.";
    POST Manage(Devices) duplicates::SetNotSame { duplicate_id: DuplicateId, not_same: O<bool> } -> DuplicatePair,
        "Remembers that a pair is two machines, or forgets that.";
    POST Manage(Devices) duplicates::MergeDuplicates {
        duplicate_id: DuplicateId, keep: DeviceId, take: O<Vec<DeviceField>>, hold: O<Vec<DeviceField>>,
    } -> DuplicatePair,
        "Hides one device of a pair behind the other, which may take over fields.";
    POST Manage(Devices) duplicates::UnmergeDuplicates { duplicate_id: DuplicateId } -> DuplicatePair,
        "Takes a merge back, or says what stands in the way.";
    GET Read(Devices).scope why::ExplainDevice {
        search: O<String>, device_id: O<DeviceId>, integration_id: O<IntegrationId>, remote_id: O<String>,
    } -> Why,
        "Why a device is in the inventory, under its company and type, or why it is not.";
    POST Manage(Devices).scope devices::UpdateDevice {
        device_id: DeviceId, version: O<i64>, fields: Vec<FieldValue>,
    } -> DeviceDetail,
        "Sets fields of one device; they win over the sync until they are released.";
    POST Manage(Devices).scope devices::CreateDevice { fields: Vec<FieldValue> } -> DeviceDetail,
        "Adds a device that no integration tells of; name, company and device_type are needed.";
    POST Manage(Devices).scope devices::EditDevices { select: DeviceSelection, action: DeviceAction } -> Edited,
        "Sets or releases fields of many devices, archives or restores them, as one edit that can be undone.";
    POST Manage(Devices).scope devices::UndoEdit { edit_id: EditId } -> Edited,
        "Takes an edit back, where nobody has changed the same since.";
    GET Read(Devices).scope devices::ListDeviceEdits { page: O<u32>, page_size: O<u32>, search: O<String> } -> Listing<DeviceEdit>,
        "What people did with devices, newest first.";
    GET Read(Devices).scope devices::ListDeviceHistory {
        device_id: DeviceId, page: O<u32>, page_size: O<u32>,
    } -> Listing<HistoryEntry>,
        "What happened to a device: edits, changes of syncs, imports; newest first.";

    GET Read(Devices).scope devices::ListDeviceSources {} -> Vec<SourceRef>,
        "The integrations that devices can come from, by name.";

    GET Read(Devices).scope views::ListViews {} -> Vec<SavedView>,
        "The user's saved views of the list of devices, and the shared ones.";
    POST Read(Devices).scope views::SaveView {
        name: String, query: String, shared: O<bool>, view_id: O<ViewId>, version: O<i64>,
    } -> SavedView,
        "A new view, or with view_id another state of one. What is shared is changed by those who may manage devices.";
    POST Read(Devices).scope views::DeleteView { view_id: ViewId } -> (),
        "Deletes a view. What is shared is deleted by those who may manage devices.";
}
