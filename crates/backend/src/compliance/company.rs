//! Everything about one company, to be read or printed.

use crate::{Result, Tenant, tenant::Access};
use domain::{
    compliance::{CheckCount, CompanyReport, ComplianceException, Findings, ReportFilter},
    ids::CompanyId,
    page::ListQuery,
};

/// Devices that are named for each check.
const NAMED: u32 = 200;
/// Days of the trend.
const DAYS: u32 = 90;

impl<A: Access> Tenant<A> {
    /// Score, findings by check with their devices, exceptions in force and the trend of a company.
    pub async fn company_report(&self, company: CompanyId) -> Result<CompanyReport> {
        let summary = self.report_summary(Some(company)).await?;
        let mut findings = Vec::new();
        for count in summary.checks.iter().filter(|count| count.failing > 0) {
            findings.push(self.findings(company, count).await?);
        }
        let exceptions = self.exceptions_in_force(company).await?;
        let trend = self.report_trend(Some(company), Some(DAYS)).await?;
        let archived = self.company(company).await?.archived;
        Ok(CompanyReport { summary, archived, findings, exceptions, trend })
    }

    /// All of them: what a manager is handed leaves none out.
    async fn exceptions_in_force(&self, company: CompanyId) -> Result<Vec<ComplianceException>> {
        let mut found = Vec::new();
        for page in 1.. {
            let part = ListQuery {
                page: Some(page),
                page_size: Some(200),
                sort: Some("check".into()),
                ..ListQuery::default()
            };
            let part = self.compliance_exceptions(part, None, Some(company)).await?.items;
            let last = part.len() < 200;
            found.extend(part.into_iter().filter(|exception| !exception.expired));
            if last {
                break;
            }
        }
        Ok(found)
    }

    async fn findings(&self, company: CompanyId, count: &CheckCount) -> Result<Findings> {
        let filter =
            ReportFilter { check: Some(count.check), company: Some(company), ..ReportFilter::default() };
        let first = ListQuery { page_size: Some(NAMED), ..ListQuery::default() };
        let found = self.report_devices(first, filter).await?;
        Ok(Findings { check: count.check, days: count.days, total: found.total, devices: found.items })
    }
}
