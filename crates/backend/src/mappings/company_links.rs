//! Companies beside their organizations in each integration.

use super::listing::{self, Parts, Sort};
use crate::{
    Result, Tenant,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    company::CompanyRef,
    company_links::{CompanyLinkCounts, CompanyLinks, OrganizationLink},
    ids::IntegrationId,
    page::{ListQuery, Listing},
};
use sea_orm::FromQueryResult;
use std::collections::HashMap;
use uuid::Uuid;

const DEVICES: &str = "(SELECT count(*) FROM devices d WHERE d.company_id = c.id)";

const SORTS: [Sort; 2] = [("name", "c.name_key {dir}"), ("device_count", "device_count {dir}, c.name_key")];

/// Whether some integration has no organization for the company.
const MISSING: &str = "EXISTS (SELECT 1 FROM integrations i WHERE i.tenant_id = $1 AND NOT EXISTS (
    SELECT 1 FROM organization_mappings m
    WHERE m.integration_id = i.id AND m.company_id = c.id AND m.status = 'mapped'))";

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    device_count: i64,
}

#[derive(FromQueryResult)]
struct Link {
    company_id: Uuid,
    integration_id: Uuid,
    remote_id: String,
    name: String,
    device_count: i64,
    missing: bool,
    version: i64,
}

impl<A: Access> Tenant<A> {
    /// Companies in use with the organizations mapped to them. `missing` narrows them to those that have no organization
    /// in some integration, or in `integration`. The search looks at the names of companies and of their organizations.
    pub async fn company_links(
        &self,
        query: ListQuery,
        missing: bool,
        integration: Option<IntegrationId>,
    ) -> Result<Listing<CompanyLinks>> {
        let window = query.window()?;
        let order = listing::order_by(&query, &SORTS, "c.id")?;
        if let Some(integration) = integration {
            self.integration_exists(integration).await?;
        }
        let (mut p, mut filter) = self.linked_companies(query.text()?);
        if missing {
            filter.push_str(" AND ");
            filter.push_str(&match integration {
                Some(id) => format!(
                    "NOT EXISTS (SELECT 1 FROM organization_mappings m
                        WHERE m.integration_id = {} AND m.company_id = c.id AND m.status = 'mapped')",
                    p.push(id.0)
                ),
                None => MISSING.to_owned(),
            });
        }
        let columns = format!("c.id, c.name, {DEVICES} AS device_count");
        let parts = Parts { columns: &columns, from: "FROM companies c", filter: &filter, order: &order };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        let mut links = self.links_of(&rows).await?;
        let items = rows.into_iter().map(|row| CompanyLinks {
            links: links.remove(&row.id).unwrap_or_default(),
            company: CompanyRef { id: row.id.into(), name: row.name },
            device_count: row.device_count,
        });
        Ok(Listing::new(items.collect(), total, window))
    }

    /// How many companies there are under a search, and how many lack an organization in some integration.
    pub async fn company_link_counts(&self, search: Option<String>) -> Result<CompanyLinkCounts> {
        #[derive(FromQueryResult)]
        struct Counts {
            n: i64,
            lacking: i64,
        }
        let text = listing::checked_search(search.as_deref())?;
        let (p, filter) = self.linked_companies(text.as_deref());
        let select = format!(
            "SELECT count(*) AS n, COALESCE(sum(CASE WHEN {MISSING} THEN 1 ELSE 0 END), 0) AS lacking
             FROM companies c {filter}"
        );
        let counts: Option<Counts> = sql::one(self.db(), &select, p.0).await?;
        Ok(counts
            .map_or_else(CompanyLinkCounts::default, |c| CompanyLinkCounts { all: c.n, missing: c.lacking }))
    }

    fn linked_companies(&self, search: Option<&str>) -> (Params, String) {
        let mut p = Params(vec![self.id().into()]);
        let mut filter = "WHERE c.tenant_id = $1 AND c.archived_at IS NULL".to_owned();
        if let Some(text) = search {
            let like = p.push(sql::contains(text));
            filter.push_str(&format!(
                " AND (c.name_key LIKE {like} ESCAPE '\\' OR EXISTS (SELECT 1 FROM organization_mappings m
                    JOIN organizations o ON o.integration_id = m.integration_id AND o.remote_id = m.remote_id
                    WHERE m.company_id = c.id AND m.tenant_id = $1 AND m.status = 'mapped'
                        AND o.name_key LIKE {like} ESCAPE '\\'))"
            ));
        }
        (p, filter)
    }

    async fn links_of(&self, rows: &[Row]) -> Result<HashMap<Uuid, Vec<OrganizationLink>>> {
        let mut p = Params(vec![self.id().into()]);
        let select = format!(
            "SELECT m.company_id, m.integration_id, m.remote_id, o.name, o.device_count, m.version,
                o.missing_since IS NOT NULL AS missing
             FROM organization_mappings m
             JOIN organizations o ON o.integration_id = m.integration_id AND o.remote_id = m.remote_id
             WHERE m.tenant_id = $1 AND m.status = 'mapped' AND m.company_id IN ({})
             ORDER BY o.name_key, m.remote_id",
            p.list(rows.iter().map(|r| r.id))
        );
        let links: Vec<Link> = sql::all(self.db(), &select, p.0).await?;
        let mut out: HashMap<Uuid, Vec<OrganizationLink>> = HashMap::new();
        for link in links {
            out.entry(link.company_id).or_default().push(OrganizationLink {
                integration_id: link.integration_id.into(),
                remote_id: link.remote_id,
                name: link.name,
                device_count: link.device_count,
                missing: link.missing,
                version: link.version,
            });
        }
        Ok(out)
    }
}
