//! Reports: their numbers, their companies, and the devices behind each number.

use crate::{
    Outcome,
    measure::{Figures, Times},
    queries::{Group, Words},
};
use backend::{Tenant, tenant::Admin};
use domain::{
    compliance::{Check, Outcome as Came, ReportFilter},
    page::ListQuery,
};

/// What a report is asked for.
enum Report {
    Fleet,
    Company,
    Companies(&'static str),
    Devices(Option<Check>, Came, &'static str),
    Search(&'static str),
}

impl Report {
    fn name(&self) -> String {
        match self {
            Self::Fleet => "report of the fleet".into(),
            Self::Company => "report of a company".into(),
            Self::Companies(sort) => format!("report companies, by {sort}"),
            Self::Devices(check, came, sort) => {
                let check = check.map_or("all".to_owned(), |c| c.to_string());
                format!("report {check}, {came}, by {sort}")
            }
            Self::Search(sort) => format!("report search, by {sort}"),
        }
    }

    async fn ask(&self, tenant: &Tenant<Admin>, words: &Words, round: u32) -> Outcome<i64> {
        let by = |sort: &str| ListQuery {
            sort: Some(sort.to_owned()),
            page: Some(1 + round % 3),
            ..ListQuery::default()
        };
        Ok(match self {
            Self::Fleet => tenant.report_summary(None).await?.devices,
            Self::Company => tenant.report_summary(Some(words.company(round))).await?.devices,
            Self::Companies(sort) => tenant.report_companies(by(sort)).await?.total,
            Self::Devices(check, came, sort) => {
                let filter = ReportFilter { check: *check, outcome: Some(*came), ..ReportFilter::default() };
                tenant.report_devices(by(sort), filter).await?.total
            }
            Self::Search(sort) => {
                let query = ListQuery { search: Some(words.name(round)), page: None, ..by(sort) };
                tenant.report_devices(query, ReportFilter::default()).await?.total
            }
        })
    }
}

fn reports() -> Vec<Report> {
    let checks = Check::ALL.iter().map(|check| Report::Devices(Some(*check), Came::Failing, "name"));
    let rest = [
        Report::Fleet,
        Report::Company,
        Report::Companies("score"),
        Report::Companies("-failing"),
        Report::Devices(None, Came::Failing, "company"),
        Report::Devices(None, Came::Failing, "-last_contact"),
        Report::Devices(Some(Check::Offline), Came::Passed, "os"),
        Report::Devices(Some(Check::NoBackup), Came::Unknown, "type"),
        Report::Search("name"),
        Report::Search("company"),
    ];
    checks.chain(rest).collect()
}

/// Asks for every report, round by round; a first round of each is not counted.
pub async fn measure(
    tenant: &Tenant<Admin>,
    words: &Words,
    rounds: u32,
    only: Option<&str>,
) -> Outcome<Vec<Figures>> {
    let mut all = Vec::new();
    for report in reports().into_iter().filter(|r| only.is_none_or(|o| r.name().contains(o))) {
        let (mut times, mut found) = (Times::default(), 0);
        for round in 0..=rounds {
            found = found.max(times.of(report.ask(tenant, words, round)).await?.0);
        }
        all.push(times.figures(report.name(), Group::Report, found));
    }
    Ok(all)
}
