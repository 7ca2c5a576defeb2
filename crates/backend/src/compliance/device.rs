//! How one device stands.

use super::{
    exceptions,
    facts::{self, FactsRow, Known, LIVE, SHUT},
    rules,
};
use crate::{Result, Tenant, devices::fragment::feed, sql, tenant::Access};
use domain::{
    compliance::{CheckFound, DeviceStanding, assess, finding},
    error::UserError,
    ids::DeviceId,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    company_id: Uuid,
    live: bool,
    #[sea_orm(nested)]
    facts: FactsRow,
}

impl<A: Access> Tenant<A> {
    /// The checks that a device fails at this moment. It is looked at by itself: nobody waits for those of the whole fleet.
    pub async fn device_standing(&self, id: DeviceId) -> Result<DeviceStanding> {
        let select = format!(
            "SELECT d.company_id, ({LIVE} AND NOT {SHUT}) AS live, {} FROM devices d {}
             WHERE d.tenant_id = $1 AND d.id = $2{}",
            facts::columns(),
            feed(self.db()),
            self.within("d.company_id")
        );
        let values = vec![self.id().into(), id.0.into()];
        let row: Option<Row> = sql::one(self.db(), &sql::typed(self.db(), &select), values).await?;
        let row = row.ok_or_else(|| UserError::not_found("device"))?;
        if !row.live {
            let (failing, excepted, unknown) = (Vec::new(), Vec::new(), Vec::new());
            return Ok(DeviceStanding { failing, excepted, unknown, judged: false });
        }
        let (rules, now) = (rules::current(self).await?, self.portal().now());
        let facts = row.facts.facts(&mut Known::of(self).await?)?;
        let found = assess(&facts, &rules, now);
        let reasons = exceptions::of_device(self, (id.0, row.company_id)).await?;
        let told = |check, found| CheckFound { check, label: rules.get(check).label(), found };
        let (excepted, failing): (Vec<_>, Vec<_>) =
            found.failing.iter().partition(|check| reasons.contains_key(check));
        Ok(DeviceStanding {
            failing: failing.into_iter().map(|check| told(check, finding(check, &facts))).collect(),
            excepted: excepted.into_iter().map(|check| told(check, reasons[&check].clone())).collect(),
            unknown: found.unknown.iter().collect(),
            judged: true,
        })
    }
}
