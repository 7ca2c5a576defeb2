//! How companies stand.

use super::{
    state::{self, State},
    tally::DayRow,
};
use crate::{
    Result, Tenant,
    mappings::listing::{self, Parts, Sort},
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    company::CompanyRef,
    compliance::{CompanyScore, Score},
    page::{ListQuery, Listing, Window},
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
pub(super) struct CompanyRow {
    name: String,
    before_passed: Option<i64>,
    before_judged: Option<i64>,
    #[sea_orm(nested)]
    row: DayRow,
}

/// The share of a row, for sorting.
const SHARE: &str = "CASE WHEN s.judged > 0 THEN s.passed * 1.0 / s.judged END";

const SORTS: [Sort; 5] = [
    ("score", "{share} {dir} NULLS LAST, c.name_key"),
    ("name", "c.name_key {dir}"),
    ("devices", "s.devices {dir}, c.name_key"),
    ("online", "s.online {dir}, c.name_key"),
    ("failing", "s.judged - s.passed {dir}, c.name_key"),
];

const COLUMNS: &str =
    "c.name, w.passed AS before_passed, w.judged AS before_judged, s.company_id, s.day, s.devices,
    s.online, s.passed, s.judged, s.body";
/// `$1` is the tenant, `$2` the day, `$3` the one to compare with.
const FROM: &str = "FROM compliance_days s
    JOIN companies c ON c.id = s.company_id AND c.tenant_id = s.tenant_id
    LEFT JOIN compliance_days w ON w.tenant_id = s.tenant_id AND w.company_id = s.company_id AND w.day = $3";
const OWNED: &str = "WHERE s.tenant_id = $1 AND s.day = $2";

impl CompanyRow {
    pub fn view(self) -> Result<CompanyScore> {
        let before = self.before_passed.zip(self.before_judged);
        Ok(CompanyScore {
            company: CompanyRef { id: self.row.company_id.into(), name: self.name },
            devices: self.row.devices,
            online: self.row.online,
            score: self.row.score(),
            before: before.map(|(passed, judged)| Score { passed, judged }),
            failing: self.row.body()?.failing(),
        })
    }
}

impl<A: Access> Tenant<A> {
    /// Companies with devices, worst score first; sorted by score, name, devices, online or failing.
    pub async fn report_companies(&self, query: ListQuery) -> Result<Listing<CompanyScore>> {
        let window = query.window()?;
        let state = state::fresh(self).await?;
        let (items, total) = self.company_scores(&state, &query, window).await?;
        Ok(Listing::new(items, total, window))
    }

    pub(super) async fn company_scores(
        &self,
        state: &State,
        query: &ListQuery,
        window: Window,
    ) -> Result<(Vec<CompanyScore>, i64)> {
        let order = listing::order_by(query, &SORTS, "s.company_id")?.replace("{share}", SHARE);
        let before = self.day_before(state.day).await?.unwrap_or(-1);
        let mut p = Params(vec![self.id().into(), state.day.into(), before.into()]);
        let mut filter = format!("{OWNED}{}", self.within("s.company_id"));
        listing::search(&mut filter, &mut p, query.text()?, &["c.name_key"]);
        let parts = Parts { columns: COLUMNS, from: FROM, filter: &filter, order: &order };
        let (rows, total) = listing::page::<CompanyRow>(self.db(), parts, p.0, window).await?;
        Ok((rows.into_iter().map(CompanyRow::view).collect::<Result<_>>()?, total))
    }

    /// The companies whose score fell most since the day before, at most `limit`.
    pub(super) async fn drops(&self, state: &State, limit: u32) -> Result<Vec<CompanyScore>> {
        let Some(before) = self.day_before(state.day).await? else { return Ok(Vec::new()) };
        let fell = "(w.passed * 1.0 / w.judged - s.passed * 1.0 / s.judged)";
        let select = format!(
            "SELECT {COLUMNS} {FROM} {OWNED}{} AND s.judged > 0 AND w.judged > 0 AND {fell} >= 0.01
             ORDER BY {fell} DESC, c.name_key LIMIT {limit}",
            self.within("s.company_id")
        );
        let values = vec![self.id().into(), state.day.into(), before.into()];
        let rows: Vec<CompanyRow> = sql::all(self.db(), &select, values).await?;
        rows.into_iter().map(CompanyRow::view).collect()
    }
}
