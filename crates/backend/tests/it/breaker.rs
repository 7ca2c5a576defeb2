//! The breaker: what is implausible at once waits for a decision, and nothing is lost either way.

use crate::{
    fleet::Fleet,
    support::{kind_of, refused},
};
use domain::{
    breaker::BreakerSettings,
    error::ErrorKind,
    ids::IntegrationId,
    page::ListQuery,
    run::{ChangeKind, Decision, Question, QuestionState, Run, RunKind, RunState, Scope},
};

on_both_with_fleet!(
    an_emptied_fleet_waits_and_is_applied,
    a_discarded_question_is_asked_again,
    a_later_run_supersedes_the_question,
    one_company_trips_alone,
    moves_wait_in_their_place,
    types_wait_too,
    devices_that_are_there_after_all_are_left,
    settings_are_kept_and_checked,
);

async fn open_questions(fleet: &Fleet, it: IntegrationId) -> Vec<Question> {
    fleet.tenant().questions(it, None, Some(QuestionState::Open)).await.expect("questions")
}

async fn missing(fleet: &Fleet) -> i64 {
    fleet.number("SELECT count(*) AS n FROM remote_devices WHERE missing_since IS NOT NULL").await
}

/// Decides, and carries out the run that applies it.
async fn apply(fleet: &Fleet, question: &Question) -> Run {
    let decided = fleet.tenant().decide(question.id, Decision::Apply).await.expect("a decision");
    assert_eq!(decided.decided_by.as_deref(), Some("Sam Owner"));
    fleet.execute(decided.applied_by.expect("a run")).await
}

async fn an_emptied_fleet_waits_and_is_applied(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    let before = fleet.control().approved_device_count();
    fleet.control().keep_devices(0.4);
    let gone = i64::try_from(before - fleet.control().approved_device_count()).unwrap();
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((run.state, run.open_questions), (RunState::Incomplete, 1));
    assert_eq!(missing(&fleet).await, 0);
    let evidence = run.evidence.iter().find(|e| e.entity == "devices").unwrap();
    assert!(!evidence.complete, "{evidence:?}");
    let [question] = open_questions(&fleet, it).await.try_into().unwrap();
    assert_eq!(
        (question.change, question.scope, question.affected),
        (ChangeKind::Missing, Scope::Fleet, gone)
    );
    let held = fleet.tenant().held(question.id, ListQuery::default()).await.unwrap();
    assert_eq!(held.total, gone);

    let applied = apply(&fleet, &question).await;
    assert_eq!((applied.kind, applied.state), (RunKind::Apply, RunState::Completed), "{:?}", applied.problem);
    assert_eq!((applied.counts.missing, missing(&fleet).await), (gone, gone));
    let counts = fleet.tenant().change_counts(applied.id).await.unwrap();
    assert_eq!((counts.len(), counts[0].change, counts[0].count), (1, ChangeKind::Missing, gone));
    let (kind, _) = kind_of(fleet.tenant().decide(question.id, Decision::Discard).await);
    assert_eq!(kind, ErrorKind::Conflict, "a question is decided once");
    let again = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((again.state, again.counts.missing), (RunState::Completed, 0));
}

async fn a_discarded_question_is_asked_again(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    fleet.control().keep_devices(0.5);
    fleet.sync(it, RunKind::Devices).await;
    let question = open_questions(&fleet, it).await.remove(0);
    let decided = fleet.tenant().decide(question.id, Decision::Discard).await.unwrap();
    assert_eq!((decided.state, missing(&fleet).await), (QuestionState::Discarded, 0));
    fleet.sync(it, RunKind::Devices).await;
    let again = open_questions(&fleet, it).await.remove(0);
    assert_ne!(again.id, question.id);
    assert_eq!(again.affected, question.affected);
}

async fn a_later_run_supersedes_the_question(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    let ids = fleet.control().approved_device_ids();
    let organization = fleet.control().device(ids[0]).unwrap()["organizationId"].as_i64().unwrap();
    let moved: Vec<i64> = ids.iter().copied().step_by(3).collect();
    let homes: Vec<_> = moved.iter().map(|id| home(&fleet, *id)).collect();
    for id in &moved {
        fleet.control().move_device(*id, organization, 0);
    }
    fleet.sync(it, RunKind::Devices).await;
    let question = open_questions(&fleet, it).await.remove(0);
    assert_eq!(question.change, ChangeKind::Moved);
    for (id, (org, loc)) in moved.iter().zip(homes) {
        fleet.control().move_device(*id, org, loc);
    }
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((run.state, run.open_questions), (RunState::Completed, 0), "{:?}", run.warnings);
    assert!(open_questions(&fleet, it).await.is_empty());
    let error = refused(fleet.tenant().decide(question.id, Decision::Apply).await);
    assert_eq!(error.kind, ErrorKind::Conflict);
}

fn home(fleet: &Fleet, id: i64) -> (i64, i64) {
    let device = fleet.control().device(id).unwrap();
    (device["organizationId"].as_i64().unwrap(), device["locationId"].as_i64().unwrap_or(0))
}

async fn one_company_trips_alone(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    let control = fleet.control();
    let devices = |(id, _): (i64, String)| control.devices_of_organization(id);
    let own = control.organizations().into_iter().map(devices).find(|d| (12..50).contains(&d.len())).unwrap();
    let other = control.approved_device_ids().into_iter().find(|id| !own.contains(id)).unwrap();
    own.iter().take(11).for_each(|id| assert!(control.delete_device(*id)));
    control.delete_device(other);
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((run.state, run.open_questions), (RunState::Incomplete, 1));
    assert_eq!(missing(&fleet).await, 1, "the others are marked all the same");
    let question = open_questions(&fleet, it).await.remove(0);
    assert_eq!((question.scope, question.affected), (Scope::Company, 11));
    assert!(question.scope_name.is_some());
    apply(&fleet, &question).await;
    assert_eq!(missing(&fleet).await, 12);
}

async fn moves_wait_in_their_place(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    let control = fleet.control();
    let (target, _) = control.organizations()[0].clone();
    let ids: Vec<i64> = control.approved_device_ids();
    let moved: Vec<i64> = ids.into_iter().filter(|id| home(&fleet, *id).0 != target).step_by(2).collect();
    let place = format!("SELECT count(*) AS n FROM remote_devices WHERE organization_id = '{target}'");
    let before = fleet.number(&place).await;
    for id in &moved {
        control.move_device(*id, target, 0);
        control.rename_device(*id, &format!("renamed {id}"));
    }
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((run.state, run.open_questions), (RunState::CompletedWithErrors, 1), "{:?}", run.problem);
    assert_eq!((run.counts.moved, fleet.number(&place).await), (0, before), "they stay where they are");
    let renamed = "SELECT count(*) AS n FROM remote_devices WHERE name LIKE 'renamed %'";
    let n = i64::try_from(moved.len()).unwrap();
    assert_eq!(fleet.number(renamed).await, n, "everything else about them is known");

    let question = open_questions(&fleet, it).await.remove(0);
    assert_eq!((question.change, question.affected), (ChangeKind::Moved, n));
    let applied = apply(&fleet, &question).await;
    assert_eq!((applied.counts.moved, fleet.number(&place).await), (n, before + n));
    let again = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((again.state, again.counts.changed, again.counts.moved), (RunState::Completed, 0, 0));
}

async fn types_wait_too(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    let control = fleet.control();
    let ids = control.approved_device_ids();
    ids.iter().step_by(2).for_each(|id| assert!(control.set_device_class(*id, "UNMANAGED_DEVICE")));
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((run.state, run.counts.moved), (RunState::CompletedWithErrors, 0));
    let question = open_questions(&fleet, it).await.remove(0);
    assert_eq!(question.change, ChangeKind::TypeChanged);
    let unmanaged = "SELECT count(*) AS n FROM remote_devices WHERE node_class = 'UNMANAGED_DEVICE'";
    let before = fleet.number(unmanaged).await;
    apply(&fleet, &question).await;
    assert_eq!(fleet.number(unmanaged).await, before + question.affected);
}

async fn devices_that_are_there_after_all_are_left(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    use simulator::{Fault, FaultKind};
    fleet.control().inject(Fault::always("/v2/devices-detailed", FaultKind::EmptyList));
    let run = fleet.sync(it, RunKind::Devices).await;
    fleet.control().clear_faults();
    assert_eq!(run.state, RunState::Incomplete);
    let question = open_questions(&fleet, it).await.remove(0);
    let applied = apply(&fleet, &question).await;
    assert_eq!(applied.state, RunState::CompletedWithErrors, "{:?}", applied.problem);
    assert_eq!((applied.counts.missing, missing(&fleet).await), (0, 0), "each of them is asked for again");
}

async fn settings_are_kept_and_checked(fleet: Fleet) {
    let it = fleet.connect().await;
    let tenant = fleet.tenant();
    let set = |percent, rows| tenant.update_breaker(it, BreakerSettings { percent, rows }, None);
    let read = tenant.integration(it).await.unwrap().version;
    let saved = set(90, 5).await.unwrap();
    assert_eq!((saved.breaker, saved.version), (BreakerSettings { percent: 90, rows: 5 }, read + 1));
    let late = tenant.update_breaker(it, BreakerSettings { percent: 1, rows: 1 }, Some(read)).await;
    assert_eq!(kind_of(late).0, ErrorKind::Conflict);
    assert_eq!(tenant.integration(it).await.unwrap().breaker, saved.breaker, "nothing was saved");
    let (kind, field) = kind_of(set(0, 5).await);
    assert_eq!((kind, field.as_deref()), (ErrorKind::Invalid, Some("percent")));
    fleet.sync(it, RunKind::Devices).await;
    fleet.control().keep_devices(0.6);
    let run = fleet.sync(it, RunKind::Devices).await;
    // So many fewer rows of the backup report are still worth a warning.
    assert_eq!(run.state, RunState::CompletedWithErrors, "40 % is allowed now: {:?}", run.problem);
    assert!(run.counts.missing > 50);
}
