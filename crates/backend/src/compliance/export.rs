//! Reports as CSV files, page by page, never whole in memory.

use super::{
    devices::Words,
    rules,
    state::{self, State},
};
use crate::{
    Result, Tenant, audit,
    csv_files::{BOM, lines},
    tenant::Access,
};
use domain::{
    compliance::{Check, CompanyScore, DeviceFinding, ReportFilter, StandsOn},
    page::{ListQuery, Window},
};
use futures::{Stream, stream::try_unfold};
use serde_json::json;
use std::{future::Future, pin::Pin};
use uuid::Uuid;

/// Companies of one page.
const PAGE: u32 = 1000;
/// Devices of one piece.
const DEVICES: usize = 500;

type Pieces = Pin<Box<dyn Stream<Item = Result<String>> + Send>>;

/// The devices of a report as a file, in the order of the list: their ids, 16 bytes each, and what all lines share.
struct DeviceCsv<A: Access> {
    tenant: Tenant<A>,
    words: Words,
    stands_on: String,
    order: String,
    ids: std::vec::IntoIter<Uuid>,
}

/// How companies stand, as a file, by name.
struct CompanyCsv<A: Access> {
    tenant: Tenant<A>,
    state: State,
    stands_on: String,
    page: u32,
}

impl<A: Access> Tenant<A> {
    /// The devices under a report's filter and search, in the order of the query, as pieces of a CSV file (RFC 4180). Its page is
    /// of no account: all are in it.
    pub async fn export_report_devices(self, query: ListQuery, filter: ReportFilter) -> Result<Pieces> {
        let (ids, order) = self.report_keys(&query, &filter).await?;
        let words = Words::of(&self, &filter).await?;
        let header = ["device", "company", "type", "operating_system", "last_contact", "failing", "excepted"]
            .into_iter()
            .chain(["found", "reason", "stands_on"])
            .map(str::to_owned);
        audit::note_file(&self, "Report of devices", json!({ "devices": ids.len() })).await?;
        let header: [String; 10] = header.collect::<Vec<_>>().try_into().unwrap_or_default();
        let stands_on =
            self.stands_on(filter.company).await?.iter().map(stands).collect::<Vec<_>>().join("; ");
        let file = DeviceCsv { tenant: self, words, stands_on, order, ids: ids.into_iter() };
        Ok(pieces(lines([header])?, file, |mut file| async move {
            let ids: Vec<Uuid> = file.ids.by_ref().take(DEVICES).collect();
            let rows = file.tenant.report_rows(&ids, &file.order).await?;
            let found = rows.into_iter().map(|row| file.words.view(row)).collect::<Result<Vec<_>>>()?;
            let text = lines(found.into_iter().map(|device| file.cells(device)))?;
            let ended = file.ids.as_slice().is_empty();
            Ok((text, (!ended).then_some(file)))
        }))
    }

    /// How all companies stand, as pieces of a CSV file (RFC 4180).
    pub async fn export_report_companies(self) -> Result<Pieces> {
        let state = state::fresh(&self).await?;
        let rules = rules::current(&self).await?;
        let fixed = ["company", "devices", "online", "score_percent", "passed", "judged"];
        let checks = rules.all().iter().map(|rule| rule.check.to_string());
        let last = ["stands_on".to_owned()];
        let header = fixed.into_iter().map(str::to_owned).chain(checks).chain(last).collect::<Vec<_>>();
        audit::note_file(&self, "Report of companies", json!({})).await?;
        let header: [String; CELLS] = header.try_into().unwrap_or_default();
        let stands_on = self.stands_on(None).await?.iter().map(stands).collect::<Vec<_>>().join("; ");
        let file = CompanyCsv { tenant: self, state, stands_on, page: 1 };
        Ok(pieces(lines([header])?, file, |mut file| async move {
            let query = ListQuery { sort: Some("name".into()), ..ListQuery::default() };
            let window = Window { page: file.page, size: PAGE };
            let (rows, total) = file.tenant.company_scores(&file.state, &query, window).await?;
            let text = lines(rows.into_iter().map(|row| company_cells(row, &file.stands_on)))?;
            let ended = i64::from(file.page) * i64::from(PAGE) >= total;
            file.page += 1;
            Ok((text, (!ended).then_some(file)))
        }))
    }
}

/// Company, devices, online, score, passed, judged, a cell for each check, and what the file stands on.
const CELLS: usize = 7 + Check::ALL.len();

/// On which complete run of an integration a file stands.
fn stands(on: &StandsOn) -> String {
    let complete = match (on.run_id, on.ended_at) {
        (Some(run), Some(at)) => {
            format!("{}: complete device sync {run} of {}", on.integration, at.to_rfc3339())
        }
        _ => format!("{}: no device sync was complete yet", on.integration),
    };
    match on.later {
        Some(state) => format!("{complete}, and a later one ended as {state}"),
        None => complete,
    }
}

/// The header first, then what `next` answers until it hands nothing on.
fn pieces<F, N, W>(header: String, file: F, next: N) -> Pieces
where
    F: Send + 'static,
    N: Fn(F) -> W + Send + Sync + Copy + 'static,
    W: Future<Output = Result<(String, Option<F>)>> + Send,
{
    let header = format!("{BOM}{header}");
    Box::pin(try_unfold((Some(header), Some(file)), move |(header, file)| async move {
        match (header, file) {
            (Some(header), file) => Ok(Some((header, (None, file)))),
            (None, None) => Ok(None),
            (None, Some(file)) => next(file).await.map(|(text, file)| Some((text, (None, file)))),
        }
    }))
}

impl<A: Access> DeviceCsv<A> {
    fn cells(&self, device: DeviceFinding) -> [String; 10] {
        let labels = |checks: Vec<Check>| self.words.labels(checks.into_iter().collect());
        [
            device.name,
            device.company.name,
            device.device_type.name,
            device.os.unwrap_or_default(),
            device.last_contact.map(|time| time.to_rfc3339()).unwrap_or_default(),
            labels(device.failing),
            labels(device.excepted),
            device.found,
            device.reason.unwrap_or_default(),
            self.stands_on.clone(),
        ]
    }
}

fn company_cells(row: CompanyScore, stands_on: &str) -> [String; CELLS] {
    let tenths = row.score.tenths();
    let score = tenths.map(|t| format!("{}.{}", t / 10, t % 10)).unwrap_or_default();
    let failing = |check: &Check| {
        let found = row.failing.iter().find(|number| number.check == *check);
        found.map_or(0, |number| number.devices).to_string()
    };
    let checks = Check::ALL.iter().map(failing).collect::<Vec<_>>();
    let fixed = vec![
        row.company.name,
        row.devices.to_string(),
        row.online.to_string(),
        score,
        row.score.passed.to_string(),
        row.score.judged.to_string(),
    ];
    [fixed, checks, vec![stands_on.to_owned()]]
        .concat()
        .try_into()
        .unwrap_or_else(|_| std::array::from_fn(|_| String::new()))
}
