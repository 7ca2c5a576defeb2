//! Exceptions: a device, or a company with all its devices, that may fail a check.

use super::{DAY, day_of};
use crate::{
    Error, Result, Tenant, audit,
    clock::{new_id, time},
    db::{self, Tx},
    mappings::listing::{self, Parts, Sort},
    sql::{self, Params},
    tenant::{Access, CanManage},
};
use domain::{
    audit::AuditAction,
    company::CompanyRef,
    compliance::{Check, Checks, ComplianceException, ExceptionInput, Subject},
    error::UserError,
    ids::{CompanyId, ExceptionId},
    page::{ListQuery, Listing},
};
use sea_orm::FromQueryResult;
use serde_json::json;
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

/// The checks that devices and companies may fail now.
#[derive(Default)]
pub(super) struct InForce {
    devices: HashMap<Uuid, Checks>,
    companies: HashMap<Uuid, Checks>,
}

impl InForce {
    /// Those that a device of a company may fail.
    pub fn of(&self, device: Uuid, company: Uuid) -> Checks {
        let of = |map: &HashMap<Uuid, Checks>, id| map.get(&id).copied().unwrap_or_default();
        of(&self.devices, device).either(of(&self.companies, company))
    }
}

/// The exceptions that hold today.
pub(super) async fn in_force<A: Access>(tenant: &Tenant<A>) -> Result<InForce> {
    #[derive(FromQueryResult)]
    struct Row {
        check_name: String,
        device_id: Option<Uuid>,
        company_id: Option<Uuid>,
    }
    let select = "SELECT check_name, device_id, company_id FROM compliance_exceptions
        WHERE tenant_id = $1 AND (until_day IS NULL OR until_day >= $2)";
    let rows: Vec<Row> =
        sql::all(tenant.db(), select, vec![tenant.id().into(), day_of(tenant.now()).into()]).await?;
    let mut all = InForce::default();
    for row in rows {
        let check = Check::from_str(&row.check_name).map_err(Error::internal)?;
        let whose = match (row.device_id, row.company_id) {
            (Some(device), _) => all.devices.entry(device).or_default(),
            (None, Some(company)) => all.companies.entry(company).or_default(),
            (None, None) => continue,
        };
        *whose = whose.and(check);
    }
    Ok(all)
}

/// The checks that a device of a company may fail today, each with the reason: its own before that of the company.
pub(super) async fn of_device<A: Access>(
    tenant: &Tenant<A>,
    (device, company): (Uuid, Uuid),
) -> Result<HashMap<Check, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        check_name: String,
        reason: String,
    }
    let select = "SELECT check_name, reason FROM compliance_exceptions
        WHERE tenant_id = $1 AND (until_day IS NULL OR until_day >= $2) AND (company_id = $3 OR device_id = $4)
        ORDER BY CASE WHEN device_id IS NULL THEN 0 ELSE 1 END, created_at";
    let values = vec![tenant.id().into(), day_of(tenant.now()).into(), company.into(), device.into()];
    let rows: Vec<Row> = sql::all(tenant.db(), select, values).await?;
    let check = |row: Row| Ok((Check::from_str(&row.check_name).map_err(Error::internal)?, row.reason));
    rows.into_iter().map(check).collect()
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    check_name: String,
    device_id: Option<Uuid>,
    device: Option<String>,
    company_id: Uuid,
    company: String,
    reason: String,
    until_day: Option<i64>,
    created_at: i64,
    created_by: Option<String>,
}

/// An exception that there is already.
#[derive(FromQueryResult)]
struct There {
    id: Uuid,
    reason: String,
    until_day: Option<i64>,
}

const COLUMNS: &str =
    "x.id, x.check_name, x.device_id, d.name AS device, c.id AS company_id, c.name AS company,
    x.reason, x.until_day, x.created_at, x.created_by";
const FROM: &str = "FROM compliance_exceptions x LEFT JOIN devices d ON d.id = x.device_id
    JOIN companies c ON c.id = COALESCE(x.company_id, d.company_id)";
const SORTS: [Sort; 4] = [
    ("created_at", "x.created_at {dir}"),
    ("check", "x.check_name {dir}, c.name_key"),
    ("company", "c.name_key {dir}, lower(d.name)"),
    ("until", "x.until_day {dir} NULLS LAST"),
];

impl Row {
    fn view(self, today: i64) -> Result<ComplianceException> {
        Ok(ComplianceException {
            id: self.id.into(),
            check: Check::from_str(&self.check_name).map_err(Error::internal)?,
            device_id: self.device_id.map(Into::into),
            device: self.device,
            company: CompanyRef { id: self.company_id.into(), name: self.company },
            reason: self.reason,
            until: self.until_day.map(|day| time(day * DAY)),
            expired: self.until_day.is_some_and(|day| day < today),
            created_at: time(self.created_at),
            created_by: self.created_by,
        })
    }
}

impl<A: Access> Tenant<A> {
    /// The exceptions, sorted by created_at, check, company or until; those that are over stay in the list.
    pub async fn compliance_exceptions(
        &self,
        query: ListQuery,
        check: Option<Check>,
        company: Option<CompanyId>,
    ) -> Result<Listing<ComplianceException>> {
        let window = query.window()?;
        let order = listing::order_by(&query, &SORTS, "x.id")?;
        let mut p = Params(vec![self.id().into()]);
        let mut filter = format!("WHERE x.tenant_id = $1{}", self.within("c.id"));
        if let Some(check) = check {
            filter.push_str(&format!(" AND x.check_name = {}", p.push(check.as_str())));
        }
        if let Some(company) = company {
            filter.push_str(&format!(" AND c.id = {}", p.push(company.0)));
        }
        let columns = ["lower(d.name)", "c.name_key", "lower(x.reason)"];
        listing::search(&mut filter, &mut p, query.text()?, &columns);
        let parts = Parts { columns: COLUMNS, from: FROM, filter: &filter, order: &order };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        let today = day_of(self.now());
        let items = rows.into_iter().map(|row| row.view(today)).collect::<Result<_>>()?;
        Ok(Listing::new(items, total, window))
    }

    /// The reasons why devices of these companies may fail a check now, by device and by company.
    pub(super) async fn reasons(&self, check: Check) -> Result<HashMap<Uuid, String>> {
        let select = format!(
            "SELECT {COLUMNS} {FROM} WHERE x.tenant_id = $1 AND x.check_name = $2
                AND (x.until_day IS NULL OR x.until_day >= $3) ORDER BY x.created_at"
        );
        let values = vec![self.id().into(), check.as_str().into(), day_of(self.now()).into()];
        let rows: Vec<Row> = sql::all(self.db(), &select, values).await?;
        Ok(rows.into_iter().map(|row| (row.device_id.unwrap_or(row.company_id), row.reason)).collect())
    }
}

impl<A: CanManage> Tenant<A> {
    /// Lets a device or a company fail a check. One that it has for that check already, also one that is over, gets the new reason
    /// and last day.
    pub async fn add_compliance_exception(
        &self,
        check: Check,
        input: ExceptionInput,
    ) -> Result<ComplianceException> {
        let (subject, reason, until) = input.checked(self.portal().now())?;
        let (device, company) = self.subject(subject).await?;
        let until =
            until.map(|day| day_of(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros()));
        let tx = db::begin(self.db()).await?;
        // Two who do the same at the same time make one.
        sql::execute(&tx, "UPDATE tenants SET name = name WHERE id = $1", vec![self.id().into()]).await?;
        let there =
            "SELECT id, reason, until_day FROM compliance_exceptions WHERE tenant_id = $1 AND check_name = $2
            AND (device_id = $3 OR company_id = $4) ORDER BY created_at";
        let values = vec![self.id().into(), check.as_str().into(), device.into(), company.into()];
        let there: Vec<There> = sql::all(&tx, there, values).await?;
        let delete = "DELETE FROM compliance_exceptions WHERE id = $1 AND tenant_id = $2";
        for row in &there {
            sql::execute(&tx, delete, vec![row.id.into(), self.id().into()]).await?;
        }
        let id = there.first().map_or_else(new_id, |row| row.id);
        let insert = "INSERT INTO compliance_exceptions
                (id, tenant_id, check_name, device_id, company_id, reason, until_day, created_at, created_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = vec![
            id.into(),
            self.id().into(),
            check.as_str().into(),
            device.into(),
            company.into(),
            reason.as_str().into(),
            until.into(),
            self.now().into(),
            self.actor().map(|a| a.name.clone()).into(),
        ];
        sql::execute(&tx, insert, values).await?;
        let date = |day: i64| time(day * DAY).date_naive().to_string();
        let told = |reason: &str, until: Option<i64>| json!({ "reason": reason, "until": until.map(date) });
        let (action, before) = match there.first() {
            Some(row) => (AuditAction::ExceptionChanged, told(&row.reason, row.until_day)),
            None => (AuditAction::ExceptionAdded, serde_json::Value::Null),
        };
        let details = json!({ "check": check.as_str(), "before": before, "after": told(&reason, until) });
        self.note_exception(&tx, action, subject, details).await?;
        tx.commit().await?;
        let select = format!("SELECT {COLUMNS} {FROM} WHERE x.tenant_id = $1 AND x.id = $2");
        let row: Option<Row> = sql::one(self.db(), &select, vec![self.id().into(), id.into()]).await?;
        row.ok_or_else(|| UserError::not_found("exception"))?.view(day_of(self.now()))
    }

    /// Takes an exception away: what it was for fails again.
    pub async fn remove_compliance_exception(&self, id: ExceptionId) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Gone {
            check_name: String,
            device_id: Option<Uuid>,
            company_id: Option<Uuid>,
            reason: String,
        }
        let delete = "DELETE FROM compliance_exceptions WHERE id = $1 AND tenant_id = $2
            RETURNING check_name, device_id, company_id, reason";
        self.exception_within(id).await?;
        let tx = db::begin(self.db()).await?;
        let gone: Option<Gone> = sql::one(&tx, delete, vec![id.0.into(), self.id().into()]).await?;
        let gone = gone.ok_or_else(|| UserError::not_found("exception"))?;
        let subject = match gone.device_id {
            Some(device) => Subject::Device(device.into()),
            None => Subject::Company(gone.company_id.unwrap_or_default().into()),
        };
        let details = json!({ "check": gone.check_name, "reason": gone.reason });
        self.note_exception(&tx, AuditAction::ExceptionRemoved, subject, details).await?;
        Ok(tx.commit().await?)
    }

    /// Whether an exception is for a company that the tenant is limited to, or for a device of one.
    async fn exception_within(&self, id: ExceptionId) -> Result<()> {
        let count = format!(
            "SELECT count(*) AS n {FROM} WHERE x.id = $1 AND x.tenant_id = $2{}",
            self.within("c.id")
        );
        let values = vec![id.0.into(), self.id().into()];
        if self.is_limited() && sql::count(self.db(), &count, values).await? == 0 {
            return Err(UserError::not_found("exception").into());
        }
        Ok(())
    }

    async fn note_exception(
        &self,
        tx: &Tx,
        action: AuditAction,
        subject: Subject,
        details: serde_json::Value,
    ) -> Result<()> {
        let name_of = async |table: &str, id: Uuid| audit::name_of(tx, self.id(), table, id).await;
        let subject = match subject {
            Subject::Device(id) => audit::Subject::device(id, &name_of("devices", id.0).await?),
            Subject::Company(id) => audit::Subject::company(id, &name_of("companies", id.0).await?),
        };
        audit::note(self, tx, action, subject, details).await
    }

    /// The ids of a subject, if it is this tenant's.
    async fn subject(&self, subject: Subject) -> Result<(Option<Uuid>, Option<Uuid>)> {
        let (table, noun, id, company) = match subject {
            Subject::Device(device) => ("devices", "device", device.0, "x.company_id"),
            Subject::Company(company) => ("companies", "company", company.0, "x.id"),
        };
        let within = self.within(company);
        let there =
            format!("SELECT count(*) AS n FROM {table} x WHERE x.id = $1 AND x.tenant_id = $2{within}");
        if sql::count(self.db(), &there, vec![id.into(), self.id().into()]).await? == 0 {
            return Err(UserError::not_found(noun).into());
        }
        Ok(match subject {
            Subject::Device(_) => (Some(id), None),
            Subject::Company(_) => (None, Some(id)),
        })
    }
}
