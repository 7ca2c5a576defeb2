//! What somebody sees who is limited to several companies is what these have together.

use super::{DAY, Kim, fill};
use crate::{staged::Staged, support::TestPortal};
use domain::{
    Time,
    compliance::{Check, CheckNumber, TrendPoint},
};
use sea_orm::{DbBackend, Value};
use std::collections::BTreeMap;

on_both!(figures_of_some_companies_are_their_sum);

/// Ninety days of three companies, of which two are seen: each figure is what both have.
async fn figures_of_some_companies_are_their_sum(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let seen = fill(&staged).await;
    let hidden = staged.company("Hidden").await;
    staged.inventory(hidden, "SN-hidden").await;
    let admin = test.admin();
    let today = admin.report_trend(Some(hidden), None).await.unwrap()[0].day.timestamp_micros() / DAY;
    for before in 1..90_i64 {
        for (n, company) in seen.iter().chain([&hidden]).enumerate() {
            // Now one and now the other has no figures, and of the last days neither.
            let n = i64::try_from(n).unwrap();
            if (before + n) % 7 == 0 || before > 85 && n < 2 {
                continue;
            }
            let body_of = if before % 2 == 0 { *company } else { seen[usize::from(before % 3 == 0)] };
            let insert = "INSERT INTO compliance_days (tenant_id, company_id, day, devices, online, passed, judged, body)
                SELECT tenant_id, CAST($1 AS {uuid}), day - $2, devices + $3, online, passed + $4, judged + $5, body
                FROM compliance_days WHERE company_id = $6 AND day = $7";
            let uuid =
                if test.portal.db().get_database_backend() == DbBackend::Postgres { "uuid" } else { "blob" };
            let values: Vec<Value> = vec![
                company.0.into(),
                before.into(),
                (before * 3 + n).into(),
                before.into(),
                (before + n).into(),
                body_of.0.into(),
                today.into(),
            ];
            test.execute(&insert.replace("{uuid}", uuid), values).await;
        }
    }
    let kim = Kim::of(&test, &seen).await;
    let tenant = kim.tenant().await;
    let mut sums: BTreeMap<Time, TrendPoint> = BTreeMap::new();
    for company in seen {
        for point in admin.report_trend(Some(company), None).await.unwrap() {
            match sums.get_mut(&point.day) {
                Some(sum) => *sum = plus(sum, &point),
                None => _ = sums.insert(point.day, point),
            }
        }
    }
    let shown = tenant.report_trend(None, None).await.unwrap();
    assert!(shown.len() > 80 && shown.iter().any(|point| point.failing.len() > 1), "{shown:?}");
    assert_eq!(shown, sums.into_values().collect::<Vec<_>>());
    let [one, two] = [
        admin.report_summary(Some(seen[0])).await.unwrap(),
        admin.report_summary(Some(seen[1])).await.unwrap(),
    ];
    let both = tenant.report_summary(None).await.unwrap();
    assert_eq!(both.score, one.score.plus(two.score));
    for (kind, both, one, two) in [
        ("types", &both.types, &one.types, &two.types),
        ("systems", &both.systems, &one.systems, &two.systems),
        ("ages", &both.ages, &one.ages, &two.ages),
    ] {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for part in one.iter().chain(two) {
            *sums.entry(&part.key).or_default() += part.devices;
        }
        let both: BTreeMap<&str, i64> = both.iter().map(|part| (part.key.as_str(), part.devices)).collect();
        assert_eq!(both, sums, "{kind}");
    }
    for (both, (one, two)) in both.checks.iter().zip(one.checks.iter().zip(&two.checks)) {
        assert_eq!(
            [both.failing, both.excepted, both.unknown, both.passed],
            [
                one.failing + two.failing,
                one.excepted + two.excepted,
                one.unknown + two.unknown,
                one.passed + two.passed
            ],
            "{}",
            both.check
        );
    }
}

fn plus(one: &TrendPoint, two: &TrendPoint) -> TrendPoint {
    let mut failing: BTreeMap<Check, i64> = BTreeMap::new();
    for number in one.failing.iter().chain(&two.failing) {
        *failing.entry(number.check).or_default() += number.devices;
    }
    TrendPoint {
        day: one.day,
        devices: one.devices + two.devices,
        online: one.online + two.online,
        score: one.score.plus(two.score),
        failing: failing.into_iter().map(|(check, devices)| CheckNumber { check, devices }).collect(),
    }
}
