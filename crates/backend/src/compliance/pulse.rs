//! What the home page tells of the fleet.

use super::{
    DAY, state,
    summary::BACK,
    tally::{DayRow, FLEET},
    trend,
};
use crate::{Result, Tenant, clock::time, sql, tenant::Access};
use domain::compliance::{FleetPulse, Score};

/// Days of the trend, and companies whose score fell.
const DAYS: u32 = 30;
const DROPS: u32 = 5;

impl<A: Access> Tenant<A> {
    /// The fleet's figures as they were last checked. What is newer is looked at behind the reader's back: the first
    /// page of the day does not wait for it.
    pub async fn fleet_pulse(&self) -> Result<FleetPulse> {
        let state = state::latest(self).await?;
        let row = self.day_row(FLEET, state.day).await?;
        let before = match self.day_before(state.day).await? {
            Some(day) => self.day_row(FLEET, day).await?.map(trend::point).transpose()?,
            None => None,
        };
        Ok(FleetPulse {
            devices: row.as_ref().map_or(0, |r| r.devices),
            online: row.as_ref().map_or(0, |r| r.online),
            score: row.as_ref().map_or_else(Score::default, DayRow::score),
            before,
            drops: self.drops(&state, DROPS).await?,
            new_organizations: self.new_organizations().await?,
            duplicates: self.open_duplicates().await?,
            trend: self.trend(FLEET, state.day, DAYS).await?,
            checked_at: Some(time(state.checked_at)),
        })
    }

    /// Pairs of devices that were proposed to be the same and wait for a decision; none are of those who are limited to some companies.
    async fn open_duplicates(&self) -> Result<i64> {
        if self.is_limited() {
            return Ok(0);
        }
        let count = "SELECT count(*) AS n FROM duplicate_pairs p WHERE p.tenant_id = $1 AND p.state = 'open'
            AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.id IN (p.left_id, p.right_id)
                AND (d.archived_at IS NOT NULL OR d.merged_into IS NOT NULL))";
        Ok(sql::count(self.db(), count, vec![self.id().into()]).await?)
    }

    /// Organizations that came within a week, later than the first ones of their integration, and have no mapping, not even a
    /// proposed one; none of them are of those who are limited to some companies.
    async fn new_organizations(&self) -> Result<i64> {
        if self.is_limited() {
            return Ok(0);
        }
        let count = "SELECT count(*) AS n FROM organizations o
            JOIN integrations i ON i.id = o.integration_id
            LEFT JOIN organization_mappings m ON m.integration_id = o.integration_id AND m.remote_id = o.remote_id
            WHERE o.tenant_id = $1 AND o.created_at > $2 AND o.created_at > i.created_at + $3 AND o.missing_since IS NULL
                AND COALESCE(m.status, 'unmapped') = 'unmapped'";
        let since = self.now() - BACK * DAY;
        Ok(sql::count(self.db(), count, vec![self.id().into(), since.into(), DAY.into()]).await?)
    }
}
