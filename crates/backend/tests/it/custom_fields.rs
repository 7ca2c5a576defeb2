//! What organizations' custom fields tell about whose they are.

use crate::fleet::Fleet;
use domain::{
    company::CompanyInput,
    ids::IntegrationId,
    mapping::{MappingStatus, OrganizationRow},
    page::ListQuery,
    run::{ChangeKind, RunKind, RunState},
};
use serde_json::json;
use simulator::{Fault, FaultKind};

on_both_with_fleet!(
    a_reference_in_a_field_is_proposed_with_its_reason,
    organizations_as_they_were_cost_no_write,
    a_report_that_fails_blanks_nothing,
    an_account_without_the_report_misses_nothing,
    what_a_report_leaves_out_is_asked_for,
);

const REPORT: &str = "/v2/queries/scoped-custom-fields";
const WITH_CLUES: &str = "SELECT count(*) AS n FROM organizations WHERE clues IS NOT NULL";

async fn row(fleet: &Fleet, integration: IntegrationId, id: i64) -> OrganizationRow {
    let rows = fleet.tenant().organizations(integration, ListQuery::default(), None).await.unwrap().items;
    rows.into_iter().find(|r| r.remote_id == id.to_string()).unwrap()
}

async fn a_reference_in_a_field_is_proposed_with_its_reason(fleet: Fleet) {
    let input = |name: &str, psa_ref: &str| CompanyInput {
        name: name.into(),
        psa_ref: Some(psa_ref.into()),
        ..CompanyInput::default()
    };
    fleet.tenant().create_company(input("Tailspin Toys", "CMP-1042")).await.unwrap();
    fleet.tenant().create_company(input("Wingtip Aviation", "CMP-4711")).await.unwrap();
    let organizations = fleet.control().organizations();
    let (told, secret) = (organizations[0].0, organizations[1].0);
    fleet.control().set_organization_field(told, "psaCompanyId", json!("cmp 1042".to_uppercase()));
    fleet.control().set_organization_field(secret, "alarmPin", json!("CMP-4711"));
    let integration = fleet.connect().await;
    fleet.tenant().quick_match_organizations(integration, None).await.unwrap();
    let proposed = row(&fleet, integration, told).await;
    assert_eq!(proposed.status, MappingStatus::Pending);
    let suggestion = proposed.suggestion.unwrap();
    assert_eq!(
        (suggestion.company.name.as_str(), suggestion.reasons.last().map(String::as_str)),
        ("Tailspin Toys", Some("Same reference"))
    );
    assert!(row(&fleet, integration, secret).await.suggestion.is_none(), "a secret is not even held");
    let held = "SELECT count(*) AS n FROM organizations WHERE clues LIKE '%4711%'";
    assert_eq!(fleet.number(held).await, 0);
}

async fn organizations_as_they_were_cost_no_write(fleet: Fleet) {
    let integration = fleet.connect().await;
    let all = fleet.control().organizations().len() as i64;
    assert!(fleet.number(WITH_CLUES).await >= 3);
    let again = fleet.sync(integration, RunKind::Organizations).await;
    let locations = fleet.control().location_count() as i64;
    assert_eq!((again.counts.changed, again.counts.unchanged), (0, all + locations));
    let id = fleet.control().organizations()[0].0;
    fleet.control().set_organization_field(id, "psaCompanyId", json!("CMP-1042"));
    fleet.control().set_organization_field(id, "accountManager", json!("Somebody Else"));
    let changed = fleet.sync(integration, RunKind::Organizations).await;
    assert_eq!(changed.counts.changed, 1);
    let changes = fleet.changes(changed.id).await;
    assert_eq!((changes.len(), changes[0].change), (1, ChangeKind::Changed));
    let field = &changes[0].fields[0];
    assert_eq!((field.field.as_str(), field.after.as_deref()), ("custom_fields", Some("CMP-1042")));
}

async fn a_report_that_fails_blanks_nothing(fleet: Fleet) {
    let integration = fleet.connect().await;
    let before = fleet.number(WITH_CLUES).await;
    for kind in [FaultKind::Status(500), FaultKind::Forbidden, FaultKind::NotFound, FaultKind::Malformed] {
        fleet.control().inject(Fault::always(REPORT, kind.clone()));
        let id = fleet.control().organizations()[2].0;
        fleet.control().rename_organization(id, &format!("After {kind:?}"));
        fleet.portal.clock.advance(60);
        let run = fleet.sync(integration, RunKind::Organizations).await;
        assert_eq!((run.state, run.counts.changed), (RunState::CompletedWithErrors, 1), "{kind:?}");
        assert!(run.warnings.iter().any(|w| w.contains("custom fields")), "{:?}", run.warnings);
        assert_eq!(fleet.number(WITH_CLUES).await, before, "{kind:?}");
        let card = fleet.tenant().integration(integration).await.unwrap();
        assert!(card.sources.iter().any(|s| s.source == "custom fields" && s.is_stale()), "{kind:?}");
        fleet.control().clear_faults();
    }
    fleet.portal.clock.advance(60);
    let run = fleet.sync(integration, RunKind::Organizations).await;
    assert_eq!((run.state, run.counts.changed), (RunState::Completed, 0));
    let card = fleet.tenant().integration(integration).await.unwrap();
    assert!(card.sources.iter().all(|s| !s.is_stale()));
}

async fn an_account_without_the_report_misses_nothing(fleet: Fleet) {
    fleet.control().inject(Fault::always(REPORT, FaultKind::NotFound));
    let integration = fleet.connect().await;
    let run = fleet.sync(integration, RunKind::Organizations).await;
    assert_eq!((run.state, run.warnings.len()), (RunState::Completed, 0), "{:?}", run.warnings);
    assert_eq!(fleet.number(WITH_CLUES).await, 0);
}

async fn what_a_report_leaves_out_is_asked_for(fleet: Fleet) {
    let integration = fleet.connect().await;
    let before = fleet.number(WITH_CLUES).await;
    for kind in [FaultKind::HalfPage, FaultKind::EmptyList] {
        fleet.control().inject(Fault::once(REPORT, kind.clone()));
        let run = fleet.sync(integration, RunKind::Organizations).await;
        assert_eq!((fleet.number(WITH_CLUES).await, run.counts.changed), (before, 0), "{kind:?}");
        assert!(run.warnings.iter().any(|w| w.contains("leaves out")), "{:?}", run.warnings);
    }
    for (id, _) in fleet.control().organizations() {
        fleet.control().set_organization_field(id, "mainContact", json!(null));
    }
    fleet.control().inject(Fault::always("/v2/organization", FaultKind::Status(500)));
    let unsure = fleet.sync(integration, RunKind::Organizations).await;
    assert_eq!((fleet.number(WITH_CLUES).await, unsure.state), (before, RunState::CompletedWithErrors));
    fleet.control().clear_faults();
    let sure = fleet.sync(integration, RunKind::Organizations).await;
    let left = fleet.number(WITH_CLUES).await;
    assert_eq!(
        (left, sure.counts.changed, sure.state),
        (0, before, RunState::Completed),
        "nothing is kept that is gone"
    );
}
