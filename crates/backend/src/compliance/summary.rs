//! The fleet, or one company of it, under all checks.

use super::{
    facts, rules,
    state::{self, State},
    sums::Counts,
    tally::{Body, DayRow, FLEET, SELECT},
};
use crate::{Error, Result, Tenant, clock::time, named::Kind, sql, tenant::Access};
use chrono::NaiveTime;
use domain::{
    company::CompanyRef,
    compliance::{Age, CheckCount, FleetPart, OS_NOT_TOLD, ReportSummary, RuleSet, Score, StandsOn, os},
    error::UserError,
    ids::CompanyId,
    run::RunState,
};
use sea_orm::FromQueryResult;
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

/// How many days back a score is compared.
pub(super) const BACK: i64 = 7;

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

impl<A: Access> Tenant<A> {
    /// Score, checks and parts of the fleet, or of a company.
    pub async fn report_summary(&self, company: Option<CompanyId>) -> Result<ReportSummary> {
        let state = state::fresh(self).await?;
        let company = match company {
            Some(id) => Some(self.company_ref(id).await?),
            None => None,
        };
        let company_id = company.as_ref().map(|company| company.id);
        let whose = company.as_ref().map_or(FLEET, |company| company.id.0);
        let row = self.day_row(whose, state.day).await?;
        let body = row.as_ref().map_or_else(|| Ok(Body::default()), DayRow::body)?;
        let before = match self.day_before(state.day).await? {
            Some(day) => self.day_row(whose, day).await?,
            None => None,
        };
        let rules = rules::current(self).await?;
        Ok(ReportSummary {
            tenant: self.tenant_name().await?,
            company,
            devices: row.as_ref().map_or(0, |r| r.devices),
            online: row.as_ref().map_or(0, |r| r.online),
            companies: self.companies_with_devices(&state).await?,
            score: row.as_ref().map_or_else(Score::default, DayRow::score),
            before: before.map(|row| row.score()),
            checks: checks(&rules, &body),
            types: self.fleet_types(&body).await?,
            systems: systems(&body, &state),
            ages: ages(&body),
            stands_on: self.stands_on(company_id).await?,
            checked_at: time(state.checked_at),
        })
    }

    /// The figures of a company, or of the fleet, on a day; the fleet is all companies that the tenant is limited to.
    pub(super) async fn day_row(&self, whose: Uuid, day: i64) -> Result<Option<DayRow>> {
        Ok(self.figures(whose, day - 1, day, Counts::All).await?.pop())
    }

    /// The same of each day after `after` up to `until` that has figures, oldest first; of the checks, what fails is told.
    pub(super) async fn day_rows(&self, whose: Uuid, after: i64, until: i64) -> Result<Vec<DayRow>> {
        self.figures(whose, after, until, Counts::Failing).await
    }

    async fn figures(&self, whose: Uuid, after: i64, until: i64, counts: Counts) -> Result<Vec<DayRow>> {
        if whose == FLEET && self.is_limited() {
            return self.sums(after, until, counts).await;
        }
        let select = format!(
            "{SELECT} WHERE s.tenant_id = $1 AND s.company_id = $2 AND s.day > $3 AND s.day <= $4 ORDER BY s.day"
        );
        let values = vec![self.id().into(), whose.into(), after.into(), until.into()];
        Ok(sql::all(self.db(), &select, values).await?)
    }

    /// The last day with figures that lies a week or more before.
    pub(super) async fn day_before(&self, day: i64) -> Result<Option<i64>> {
        let select = "SELECT COALESCE(max(day), -1) AS n FROM compliance_days
            WHERE tenant_id = $1 AND company_id = $2 AND day <= $3";
        let found =
            sql::count(self.db(), select, vec![self.id().into(), FLEET.into(), (day - BACK).into()]).await?;
        Ok(Some(found).filter(|day| *day >= 0))
    }

    pub(super) async fn company_ref(&self, id: CompanyId) -> Result<CompanyRef> {
        let name = self.name_in_sight(self.db(), (Kind::Company, id.0)).await?;
        Ok(CompanyRef { id, name: name.ok_or_else(|| UserError::not_found("company"))? })
    }

    async fn tenant_name(&self) -> Result<String> {
        let select = "SELECT id, name FROM tenants WHERE id = $1";
        let row: Option<Named> = sql::one(self.db(), select, vec![self.id().into()]).await?;
        Ok(row.map(|row| row.name).unwrap_or_default())
    }

    async fn companies_with_devices(&self, state: &State) -> Result<i64> {
        let count = format!(
            "SELECT count(*) AS n FROM compliance_days s WHERE s.tenant_id = $1 AND s.day = $2 AND s.company_id <> $3{}",
            self.within("s.company_id")
        );
        Ok(sql::count(self.db(), &count, vec![self.id().into(), state.day.into(), FLEET.into()]).await?)
    }

    async fn fleet_types(&self, body: &Body) -> Result<Vec<FleetPart>> {
        let select = "SELECT id, name FROM device_types WHERE tenant_id = $1";
        let rows: Vec<Named> = sql::all(self.db(), select, vec![self.id().into()]).await?;
        let mut names: HashMap<Uuid, String> = rows.into_iter().map(|row| (row.id, row.name)).collect();
        let part = |(id, devices): (&Uuid, &i64)| {
            plain(id.to_string(), names.remove(id).unwrap_or_default(), *devices)
        };
        Ok(most_first(body.types.iter().map(part).collect()))
    }

    /// The complete runs that the inventory stands on, one for each integration; those alone that feed devices of a company.
    pub(super) async fn stands_on(&self, company: Option<CompanyId>) -> Result<Vec<StandsOn>> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            name: String,
            run_id: Option<Uuid>,
            finished_at: Option<i64>,
            later: Option<String>,
        }
        let select = format!(
            "SELECT i.id, i.name, u.id AS run_id, u.finished_at,
                (SELECT w.state FROM runs w WHERE w.integration_id = i.id AND w.kind IN ('devices', 'all')
                    AND (w.state IN ('incomplete', 'failed') OR w.state = 'cancelled' AND w.requests > 0) AND w.finished_at > COALESCE(u.finished_at, 0)
                    ORDER BY w.finished_at DESC LIMIT 1) AS later
            FROM integrations i LEFT JOIN runs u ON u.id = (
                SELECT v.id FROM runs v WHERE v.integration_id = i.id AND v.kind IN ('devices', 'all')
                    AND v.state IN ('completed', 'completed_with_errors') ORDER BY v.finished_at DESC LIMIT 1)
            WHERE i.tenant_id = $1{}{} ORDER BY i.created_at, i.id",
            self.source_within("i.id"),
            match company {
                Some(_) => " AND EXISTS (SELECT 1 FROM devices d WHERE d.company_id = $2 AND d.integration_id = i.id
                    AND d.archived_at IS NULL AND d.merged_into IS NULL)",
                None => "",
            }
        );
        let values = [Some(self.id().into()), company.map(|id| id.0.into())];
        let rows: Vec<Row> = sql::all(self.db(), &select, values.into_iter().flatten().collect()).await?;
        let view = |row: Row| {
            let later = row.later.as_deref().map(RunState::from_str).transpose().map_err(Error::internal)?;
            Ok(StandsOn {
                integration_id: row.id.into(),
                integration: row.name,
                run_id: row.run_id.map(Into::into),
                ended_at: row.finished_at.map(time),
                later,
            })
        };
        rows.into_iter().map(view).collect()
    }
}

fn checks(rules: &RuleSet, body: &Body) -> Vec<CheckCount> {
    let count = |rule: &domain::compliance::Rule| {
        let [failing, excepted, unknown, passed] = body.checks.get(&rule.check).copied().unwrap_or_default();
        CheckCount {
            check: rule.check,
            days: rule.days,
            scored: rule.scored,
            failing,
            excepted,
            unknown,
            passed,
        }
    };
    rules.all().iter().filter(|rule| rule.on).map(count).collect()
}

fn plain(key: String, name: String, devices: i64) -> FleetPart {
    FleetPart { key, name, devices, ends: None, ended: false }
}

fn systems(body: &Body, state: &State) -> Vec<FleetPart> {
    let part = |(key, devices): (&String, &i64)| {
        let ends = os::release(key).and_then(|release| release.ends);
        let filter = if key.is_empty() { OS_NOT_TOLD } else { key };
        FleetPart {
            ends: ends.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
            ended: ends.is_some_and(|day| time(state.checked_at).date_naive() > day),
            ..plain(filter.to_owned(), facts::os_name(key), *devices)
        }
    };
    most_first(body.systems.iter().map(part).collect())
}

/// In the order of their bands.
fn ages(body: &Body) -> Vec<FleetPart> {
    let part = |age: &Age| {
        let devices = body.ages.get(age).copied().unwrap_or_default();
        plain(age.to_string(), age.label().to_owned(), devices)
    };
    if body.ages.is_empty() { Vec::new() } else { Age::ALL.iter().map(part).collect() }
}

fn most_first(mut parts: Vec<FleetPart>) -> Vec<FleetPart> {
    parts.sort_by(|a, b| b.devices.cmp(&a.devices).then_with(|| a.name.cmp(&b.name)));
    parts
}
