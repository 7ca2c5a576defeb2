//! How things stood day by day.

use super::{
    DAY, state,
    tally::{DayRow, FLEET},
};
use crate::{Result, Tenant, clock::time, tenant::Access};
use domain::{compliance::TrendPoint, error::UserError, ids::CompanyId};
use uuid::Uuid;

/// Days of a trend when nobody says, and at most.
const DEFAULT: u32 = 90;
const MOST: u32 = 3650;

pub(super) fn point(row: DayRow) -> Result<TrendPoint> {
    Ok(TrendPoint {
        day: time(row.day * DAY),
        devices: row.devices,
        online: row.online,
        score: row.score(),
        failing: row.body()?.failing(),
    })
}

impl<A: Access> Tenant<A> {
    /// The figures of the last days that have some, oldest first; of a company or of the fleet.
    pub async fn report_trend(
        &self,
        company: Option<CompanyId>,
        days: Option<u32>,
    ) -> Result<Vec<TrendPoint>> {
        let days = days.unwrap_or(DEFAULT);
        if days == 0 || days > MOST {
            return Err(UserError::invalid("days", format!("Ask for 1 to {MOST} days.")).into());
        }
        let whose = match company {
            Some(id) => self.company_ref(id).await?.id.0,
            None => FLEET,
        };
        let state = state::fresh(self).await?;
        self.trend(whose, state.day, days).await
    }

    pub(super) async fn trend(&self, whose: Uuid, day: i64, days: u32) -> Result<Vec<TrendPoint>> {
        let rows = self.day_rows(whose, day - i64::from(days), day).await?;
        rows.into_iter().map(point).collect()
    }
}
