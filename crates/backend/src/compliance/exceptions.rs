//! Exceptions: a device, or a company with all its devices, that may fail a check.

use super::{DAY, day_of};
use crate::{
    Error, Result, Tenant, audit,
    clock::{new_id, time},
    db::{self, Tx},
    mappings::listing::{self, Parts, Sort},
    named::Kind,
    roles,
    sql::{self, Params},
    tenant::{Access, CanManage},
};
use domain::{
    audit::AuditAction,
    company::CompanyRef,
    compliance::{Check, Checks, ComplianceException, Subject, SubjectInput, Terms, TermsInput},
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

/// A tenant's exceptions, `x`, that hold today: of its id and of the day.
const IN_FORCE: &str = "x.tenant_id = $1 AND (x.until_day IS NULL OR x.until_day >= $2)";

/// The exceptions that hold today.
pub(super) async fn in_force<A: Access>(tenant: &Tenant<A>) -> Result<InForce> {
    #[derive(FromQueryResult)]
    struct Row {
        check_name: String,
        device_id: Option<Uuid>,
        company_id: Option<Uuid>,
    }
    let select =
        format!("SELECT check_name, device_id, company_id FROM compliance_exceptions x WHERE {IN_FORCE}");
    let rows: Vec<Row> =
        sql::all(tenant.db(), &select, vec![tenant.id().into(), day_of(tenant.now()).into()]).await?;
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
    let select = format!(
        "SELECT check_name, reason FROM compliance_exceptions x
         WHERE {IN_FORCE} AND (company_id = $3 OR device_id = $4)
         ORDER BY CASE WHEN device_id IS NULL THEN 0 ELSE 1 END, created_at"
    );
    let values = vec![tenant.id().into(), day_of(tenant.now()).into(), company.into(), device.into()];
    let rows: Vec<Row> = sql::all(tenant.db(), &select, values).await?;
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
    version: i64,
}

/// An exception as it is before it is changed or goes.
#[derive(FromQueryResult)]
struct There {
    id: Uuid,
    check_name: String,
    device_id: Option<Uuid>,
    company_id: Option<Uuid>,
    reason: String,
    until_day: Option<i64>,
    version: i64,
}

/// Every column that a [`There`] reads.
const THERE: &str = "id, check_name, device_id, company_id, reason, until_day, version";

impl There {
    fn subject(&self) -> Subject {
        match self.device_id {
            Some(device) => Subject::Device(device.into()),
            None => Subject::Company(self.company_id.unwrap_or_default().into()),
        }
    }

    /// For the audit log.
    fn told(&self) -> serde_json::Value {
        let until = self.until_day.map(|day| time(day * DAY).date_naive());
        told(&Terms { reason: self.reason.clone(), until })
    }
}

/// For the audit log.
fn told(terms: &Terms) -> serde_json::Value {
    json!({ "reason": terms.reason, "until": terms.until.map(|day| day.to_string()) })
}

fn last_day(terms: &Terms) -> Option<i64> {
    terms.until.map(|day| day_of(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros()))
}

const COLUMNS: &str =
    "x.id, x.check_name, x.device_id, d.name AS device, c.id AS company_id, c.name AS company,
    x.reason, x.until_day, x.created_at, x.created_by, x.version";
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
            version: self.version,
        })
    }
}

/// Lets the exceptions of a device that is merged into another one go with it, but from checks that the other one may fail already.
/// Answers which.
pub(crate) async fn hand_over(tx: &Tx, tenant: Uuid, from: Uuid, to: Uuid) -> Result<Vec<Uuid>> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let update = "UPDATE compliance_exceptions SET device_id = $3, version = version + 1
        WHERE tenant_id = $1 AND device_id = $2 AND NOT EXISTS (SELECT 1 FROM compliance_exceptions o
            WHERE o.tenant_id = $1 AND o.device_id = $3 AND o.check_name = compliance_exceptions.check_name)
        RETURNING id";
    let rows: Vec<Id> = sql::all(tx, update, vec![tenant.into(), from.into(), to.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The way back of [`hand_over`], for those that are still there.
pub(crate) async fn give_back(tx: &Tx, tenant: Uuid, ids: &[Uuid], (from, to): (Uuid, Uuid)) -> Result<()> {
    let mut p = Params(vec![tenant.into(), from.into(), to.into()]);
    let update = format!(
        "UPDATE compliance_exceptions SET device_id = $3, version = version + 1
         WHERE tenant_id = $1 AND device_id = $2 AND id IN ({})",
        p.list(ids.iter().copied())
    );
    if !ids.is_empty() {
        sql::execute(tx, &update, p.0).await?;
    }
    Ok(())
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
        self.check_named(self.db(), "company", (Kind::Company, company.map(|id| id.0))).await?;
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
        let select =
            format!("SELECT {COLUMNS} {FROM} WHERE {IN_FORCE} AND x.check_name = $3 ORDER BY x.created_at");
        let values = vec![self.id().into(), day_of(self.now()).into(), check.as_str().into()];
        let rows: Vec<Row> = sql::all(self.db(), &select, values).await?;
        Ok(rows.into_iter().map(|row| (row.device_id.unwrap_or(row.company_id), row.reason)).collect())
    }
}

impl<A: CanManage> Tenant<A> {
    /// Lets a device or a company fail a check. Where one is in force for both already it is a conflict; one that is over makes
    /// room.
    pub async fn add_compliance_exception(
        &self,
        check: Check,
        subject: SubjectInput,
        terms: TermsInput,
    ) -> Result<ComplianceException> {
        let (subject, terms) = (subject.checked()?, terms.checked(self.portal().now())?);
        let tx = db::begin(self.db()).await?;
        roles::hold(self, &tx).await?;
        let (device, company) = self.subject(&tx, subject).await?;
        let there = format!(
            "SELECT {THERE} FROM compliance_exceptions
             WHERE tenant_id = $1 AND check_name = $2 AND (device_id = $3 OR company_id = $4) ORDER BY created_at"
        );
        let values = vec![self.id().into(), check.as_str().into(), device.into(), company.into()];
        let there: Vec<There> = sql::all(&tx, &there, values).await?;
        let today = day_of(self.now());
        if let Some(other) = there.iter().find(|other| other.until_day.is_none_or(|day| day >= today)) {
            let message = format!(
                "There is an exception for this check already, because: \"{}\". Change that one instead.",
                other.reason
            );
            return Err(UserError::conflict(message).into());
        }
        for over in &there {
            let delete = "DELETE FROM compliance_exceptions WHERE id = $1 AND tenant_id = $2";
            sql::execute(&tx, delete, vec![over.id.into(), self.id().into()]).await?;
        }
        let id = new_id();
        let insert = "INSERT INTO compliance_exceptions
                (id, tenant_id, check_name, device_id, company_id, reason, until_day, created_at, created_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = vec![
            id.into(),
            self.id().into(),
            check.as_str().into(),
            device.into(),
            company.into(),
            terms.reason.as_str().into(),
            last_day(&terms).into(),
            self.now().into(),
            self.actor().map(|a| a.name.clone()).into(),
        ];
        sql::execute(&tx, insert, values).await?;
        let before = there.last().map(There::told);
        let details = json!({ "check": check.as_str(), "before": before, "after": told(&terms) });
        self.note_exception(&tx, AuditAction::ExceptionAdded, subject, details).await?;
        tx.commit().await?;
        self.compliance_exception(id).await
    }

    /// Gives an exception another reason and last day. With `version`, only if nobody else has changed it since.
    pub async fn change_compliance_exception(
        &self,
        id: ExceptionId,
        terms: TermsInput,
        version: Option<i64>,
    ) -> Result<ComplianceException> {
        let terms = terms.checked(self.portal().now())?;
        let tx = db::begin(self.db()).await?;
        roles::hold(self, &tx).await?;
        self.exception_within(&tx, id).await?;
        let select = format!("SELECT {THERE} FROM compliance_exceptions WHERE id = $1 AND tenant_id = $2");
        let there: Option<There> = sql::one(&tx, &select, vec![id.0.into(), self.id().into()]).await?;
        let there = there.ok_or_else(|| UserError::not_found("exception"))?;
        if version.is_some_and(|read| read != there.version) {
            return Err(UserError::outdated("this exception").into());
        }
        let update = "UPDATE compliance_exceptions SET reason = $3, until_day = $4, version = version + 1
            WHERE id = $1 AND tenant_id = $2";
        let values =
            vec![id.0.into(), self.id().into(), terms.reason.as_str().into(), last_day(&terms).into()];
        if sql::execute(&tx, update, values).await? == 0 {
            return Err(UserError::not_found("exception").into());
        }
        let (before, after) = (there.told(), told(&terms));
        if before != after {
            let details = json!({ "check": there.check_name, "before": before, "after": after });
            self.note_exception(&tx, AuditAction::ExceptionChanged, there.subject(), details).await?;
        }
        tx.commit().await?;
        self.compliance_exception(id.0).await
    }

    /// Takes an exception away: what it was for fails again.
    pub async fn remove_compliance_exception(&self, id: ExceptionId) -> Result<()> {
        let delete =
            format!("DELETE FROM compliance_exceptions WHERE id = $1 AND tenant_id = $2 RETURNING {THERE}");
        let tx = db::begin(self.db()).await?;
        roles::hold(self, &tx).await?;
        self.exception_within(&tx, id).await?;
        let gone: Option<There> = sql::one(&tx, &delete, vec![id.0.into(), self.id().into()]).await?;
        let gone = gone.ok_or_else(|| UserError::not_found("exception"))?;
        let details = json!({ "check": gone.check_name, "before": gone.told() });
        self.note_exception(&tx, AuditAction::ExceptionRemoved, gone.subject(), details).await?;
        Ok(tx.commit().await?)
    }

    async fn compliance_exception(&self, id: Uuid) -> Result<ComplianceException> {
        let select = format!("SELECT {COLUMNS} {FROM} WHERE x.tenant_id = $1 AND x.id = $2");
        let row: Option<Row> = sql::one(self.db(), &select, vec![self.id().into(), id.into()]).await?;
        row.ok_or_else(|| UserError::not_found("exception"))?.view(day_of(self.now()))
    }

    /// Whether an exception is for a company that the tenant is limited to, or for a device of one.
    async fn exception_within(&self, tx: &Tx, id: ExceptionId) -> Result<()> {
        let count = format!(
            "SELECT count(*) AS n {FROM} WHERE x.id = $1 AND x.tenant_id = $2{}",
            self.within("c.id")
        );
        let values = vec![id.0.into(), self.id().into()];
        if self.is_limited() && sql::count(tx, &count, values).await? == 0 {
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
    async fn subject(&self, tx: &Tx, subject: Subject) -> Result<(Option<Uuid>, Option<Uuid>)> {
        let (table, noun, id, company) = match subject {
            Subject::Device(device) => ("devices", "device", device.0, "x.company_id"),
            Subject::Company(company) => ("companies", "company", company.0, "x.id"),
        };
        let within = self.within(company);
        let there =
            format!("SELECT count(*) AS n FROM {table} x WHERE x.id = $1 AND x.tenant_id = $2{within}");
        if sql::count(tx, &there, vec![id.into(), self.id().into()]).await? == 0 {
            return Err(UserError::not_found(noun).into());
        }
        Ok(match subject {
            Subject::Device(_) => (Some(id), None),
            Subject::Company(_) => (None, Some(id)),
        })
    }
}
