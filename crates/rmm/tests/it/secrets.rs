//! Canaries: no secret shows up in logs at their most talkative, nor in errors.

use crate::support::{Bench, all};
use rmm::{Position, Vendor, ninjaone::NinjaOne};
use simulator::{Fault, FaultKind};
use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_secret_reaches_logs_or_errors() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(LevelFilter::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone())
        .finish();
    // For all threads: what is traced by one alone is lost when another test has met the same place first.
    tracing::subscriber::set_global_default(subscriber).expect("the only one");

    let bench = Bench::with(30, |account| account.limits.longest_pause = Duration::from_millis(50)).await;
    let mut told = Vec::new();
    for kind in [
        FaultKind::Status(500),
        FaultKind::HtmlThrottle,
        FaultKind::Malformed,
        FaultKind::Reset,
        FaultKind::Unauthorized,
    ] {
        for path in ["/ws/oauth/token", "/v2/devices-detailed", "/v2/queries/logged-on-users"] {
            bench.control().inject(Fault::once(path, kind.clone()));
        }
        told.push(format!("{:?}", all!(bench.fresh(), devices).map(|_| ())));
        told.push(format!("{:?}", all!(bench.fresh(), logons).map(|_| ())));
        bench.control().clear_faults();
    }
    let mut account = bench.account.clone();
    account.client_secret = "canary-wrong-secret".into();
    let error = NinjaOne.client(account).unwrap().organizations(&Position::Start).await.unwrap_err();
    told.push(format!("{error:?} {error} {:?}", error.problem("NinjaOne")));

    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned() + &told.concat();
    assert!(log.contains("/v2/devices-detailed") && log.contains("request_id") && log.contains("attempt=2"));
    for canary in [
        bench.simulator.client_id(),
        bench.simulator.client_secret(),
        "canary-wrong-secret",
        "tok-",
        "pageSize=",
    ] {
        assert!(!log.contains(canary), "{canary} is in the log");
    }
}
