//! The rules of a tenant.

use crate::{
    Error, Result, Tenant,
    audit::{self, Subject},
    clock::time,
    db, sql,
    tenant::{Access, CanAdmin},
};
use domain::{
    audit::{AuditAction, AuditKind},
    compliance::{ComplianceRules, Rule, RuleSet},
    error::UserError,
};
use sea_orm::FromQueryResult;
use serde_json::json;

#[derive(FromQueryResult)]
struct Row {
    rules: String,
    version: i64,
    saved_at: i64,
    saved_by: Option<String>,
}

/// The rules that hold now.
pub(super) async fn current<A: Access>(tenant: &Tenant<A>) -> Result<RuleSet> {
    match read(tenant).await? {
        Some(row) => parse(&row.rules),
        None => Ok(RuleSet::default()),
    }
}

async fn read<A: Access>(tenant: &Tenant<A>) -> Result<Option<Row>> {
    let select = "SELECT rules, version, saved_at, saved_by FROM compliance_rules WHERE tenant_id = $1";
    Ok(sql::one(tenant.db(), select, vec![tenant.id().into()]).await?)
}

/// A check that is newer than what was saved has its usual rule.
fn parse(json: &str) -> Result<RuleSet> {
    let rules: Vec<Rule> = serde_json::from_str(json).map_err(Error::internal)?;
    RuleSet::checked(rules).map_err(Error::internal)
}

impl<A: Access> Tenant<A> {
    /// Which checks are on, with their days, and which count in the score.
    pub async fn compliance_rules(&self) -> Result<ComplianceRules> {
        let row = read(self).await?;
        let rules = row.as_ref().map_or_else(|| Ok(RuleSet::default()), |row| parse(&row.rules))?;
        Ok(ComplianceRules {
            rules: rules.all().to_vec(),
            version: row.as_ref().map_or(0, |row| row.version),
            saved_at: row.as_ref().map(|row| time(row.saved_at)),
            saved_by: row.and_then(|row| row.saved_by),
        })
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// Saves the rules; checks that are not named get their usual rule. `version` is the one that was read.
    pub async fn save_compliance_rules(
        &self,
        rules: Vec<Rule>,
        version: Option<i64>,
    ) -> Result<ComplianceRules> {
        let rules = RuleSet::checked(rules)?;
        let json = serde_json::to_string(rules.all()).map_err(Error::internal)?;
        let expected = match version {
            Some(version) => version,
            None => self.compliance_rules().await?.version,
        };
        let save = "INSERT INTO compliance_rules AS r (tenant_id, rules, version, saved_at, saved_by)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant_id) DO UPDATE SET rules = excluded.rules, version = excluded.version,
                saved_at = excluded.saved_at, saved_by = excluded.saved_by
            WHERE r.version = excluded.version - 1";
        let values = vec![
            self.id().into(),
            json.as_str().into(),
            (expected + 1).into(),
            self.now().into(),
            self.actor().map(|a| a.name.clone()).into(),
        ];
        // Without rules, only the version of nothing is the present one.
        let there = read(self).await?;
        let tx = db::begin(self.db()).await?;
        if (there.is_none() && expected != 0) || sql::execute(&tx, save, values).await? == 0 {
            let message =
                "Somebody changed the rules a moment ago. Reload to see them; nothing of yours was saved.";
            return Err(UserError::conflict(message).into());
        }
        let same = there.is_some_and(|there| there.version == expected && there.rules == json);
        if !same {
            let subject = Subject::named(AuditKind::Compliance, "Compliance rules");
            let details = json!({ "version": expected + 1 });
            audit::note(self, &tx, AuditAction::ComplianceRulesSaved, subject, details).await?;
        }
        tx.commit().await?;
        self.compliance_rules().await
    }
}
