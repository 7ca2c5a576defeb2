//! Tenants whose syncs run at the same time: nobody waits for the end of another's.

use crate::rig::{Engine, Rig};
use backend::{Tenant, jobs::worker, tenant::Admin};
use domain::{
    ids::RunId,
    integration::ConnectInput,
    run::{Run, RunKind, RunState},
};
use simulator::{Fault, FaultKind, FleetSpec, RetryAfter, Simulator};
use std::time::{Duration, Instant};

on_engines!(a_vendor_that_refuses_one_tenant_holds_up_no_other);

/// Far more than a sync takes, and less than one that has to wait at each page.
const PATIENCE: Duration = Duration::from_secs(120);

async fn ended(tenant: &Tenant<Admin>, id: RunId) -> Run {
    let started = Instant::now();
    loop {
        let run = tenant.run(id).await.expect("the run");
        if !run.state.is_active() {
            return run;
        }
        assert!(started.elapsed() < PATIENCE, "the run does not end: {run:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_vendor_that_refuses_one_tenant_holds_up_no_other(engine: Engine) {
    let vendor = Simulator::start(FleetSpec { seed: 46, devices: 600, ..FleetSpec::default() }).await;
    let mut rig = Rig::open_with(engine, FleetSpec { devices: 200, ..FleetSpec::default() }, |config| {
        config.allow_private_hosts.push(vendor.host_port());
        config.max_connections = 8;
        config.limits.longest_wait = Duration::from_secs(10);
        config.limits.throttled_attempts = u32::MAX;
    })
    .await;
    rig.connect().await;
    let (mine, theirs) = (rig.portal.admin(), rig.portal.stranger().await);
    let input = ConnectInput {
        vendor: Some("ninjaone".into()),
        region: Some("custom".into()),
        base_url: Some(vendor.base_url.clone()),
        client_id: Some(vendor.client_id().to_owned()),
        client_secret: Some(vendor.client_secret().to_owned()),
        ..ConnectInput::default()
    };
    let integration = theirs.connect(input).await.expect("a connection");
    let workers = tokio::spawn(worker::run(rig.portal.portal.clone()));
    let first = ended(&theirs, integration.active_run.expect("the first sync").id).await;
    assert_eq!(first.state, RunState::Completed, "{:?}", first.problem);

    // From the second page on, our vendor asks for eight seconds again and again.
    let kind = FaultKind::TooManyRequests { retry_after: Some(RetryAfter::Seconds(8)) };
    rig.vendor.inject(Fault::always("/v2/devices-detailed", kind).after(1));
    let ours = mine.start_run(rig.id(), RunKind::Devices).await.expect("a run");
    let started = Instant::now();
    while rig.vendor.requests().iter().all(|r| r.status != 429) {
        assert!(started.elapsed() < PATIENCE, "our run is not begun");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let run = theirs.start_run(integration.id, RunKind::All).await.expect("a run");
    let run = ended(&theirs, run.id).await;
    let devices = i64::try_from(vendor.control().approved_device_count()).expect("small");
    assert_eq!((run.state, run.counts.added), (RunState::Completed, devices), "{:?}", run.problem);
    assert_eq!(mine.run(ours.id).await.expect("the run").state, RunState::Running, "ours still waits");

    rig.vendor.clear_faults();
    let ours = ended(&mine, ours.id).await;
    let devices = i64::try_from(rig.vendor.approved_device_count()).expect("small");
    assert_eq!((ours.state, ours.counts.added), (RunState::Completed, devices), "{:?}", ours.problem);
    rig.portal.portal.stopping().cancel();
    workers.await.expect("no panic");
}
