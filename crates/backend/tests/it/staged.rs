//! Rows of staging, as a sync leaves them.

use crate::support::TestPortal;
use backend::{clock::new_id, tenant::Admin};
use domain::{
    company::{CompanyInput, LocationInput},
    ids::{CompanyId, IntegrationId, LocationId},
    import::{ImportOutcome, ImportResult, ImportSelection},
    mapping::{NodeClassChoice, OrganizationChoice},
    page::ListQuery,
    run::Run,
};
use sea_orm::{DbBackend, Value};

/// A connected account without a vendor behind it.
pub struct Staged<'a> {
    pub test: &'a TestPortal,
    pub id: IntegrationId,
}

impl<'a> Staged<'a> {
    pub async fn new(test: &'a TestPortal) -> Self {
        let id = new_id();
        let insert = "INSERT INTO integrations (id, tenant_id, vendor, name, region, base_url, client_id_hint, key_id,
                data_key, client_id, client_secret, account_hash, refused, connected_at, created_at, updated_at)
            VALUES ($1, $2, 'ninjaone', 'NinjaOne', 'us', 'https://app.ninjarmm.com', 'a…z', 'k', $3, $3, $3, $4, FALSE, 0, 0, 0)";
        let hash = id.as_bytes().to_vec();
        test.execute(insert, vec![id.into(), test.tenant_id(), vec![0u8].into(), hash.into()]).await;
        Self { test, id: id.into() }
    }

    fn owner(&self) -> Vec<Value> {
        vec![self.test.tenant_id(), self.id.0.into()]
    }

    pub async fn organization(&self, remote_id: &str, name: &str, devices: i64) {
        let insert = "INSERT INTO organizations (tenant_id, integration_id, remote_id, name, name_key, device_count, hash,
                created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0)";
        let values = [remote_id.into(), name.into(), domain::company::name_key(name).into(), devices.into()];
        self.test.execute(insert, [self.owner(), values.into()].concat()).await;
    }

    pub async fn location(&self, remote_id: &str, organization: &str, name: &str) {
        let insert = "INSERT INTO remote_locations (tenant_id, integration_id, remote_id, organization_id, name, name_key,
                address, hash, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, '1 Main St', 0, 0, 0)";
        let values =
            [remote_id.into(), organization.into(), name.into(), domain::company::name_key(name).into()];
        self.test.execute(insert, [self.owner(), values.into()].concat()).await;
    }

    /// A device of `class` in an organization, named `PC-{remote_id}`.
    pub async fn device(&self, remote_id: &str, organization: &str, location: Option<&str>, class: &str) {
        let name = format!("PC-{remote_id}");
        let insert = "INSERT INTO remote_devices (tenant_id, integration_id, remote_id, id, organization_id, location_id,
                node_class, search_key, name, os_name, serial, ip_addresses, mac_addresses, hash, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'Windows 11', $10, '[\"10.0.0.1\",\"10.0.0.2\"]', '[]', 1, 0, 0)";
        let values = [
            remote_id.into(),
            new_id().into(),
            organization.into(),
            location.map(str::to_owned).into(),
            class.into(),
            name.to_lowercase().into(),
            name.into(),
            format!("SN-{remote_id}").into(),
        ];
        self.test.execute(insert, [self.owner(), values.into()].concat()).await;
        self.beat().await;
        let status = "INSERT INTO remote_device_status (integration_id, remote_id, no)
            VALUES ($1, $2, (SELECT max(no) FROM remote_device_beats))";
        self.test.execute(status, vec![self.id.0.into(), remote_id.into()]).await;
    }

    /// A heartbeat that is the last one.
    async fn beat(&self) {
        let (insert, values) = match self.test.portal.db().get_database_backend() {
            DbBackend::Postgres => (
                "INSERT INTO remote_device_beat_pages (page, integration_id, last_contacts, offlines)
                 SELECT COALESCE(max(page), 0) + 1, $1, '{NULL}', '{NULL}' FROM remote_device_beat_pages",
                vec![self.id.0.into()],
            ),
            _ => (
                "INSERT INTO remote_device_beats (no) SELECT COALESCE(max(no), 0) + 1 FROM remote_device_beats",
                Vec::new(),
            ),
        };
        self.test.execute(insert, values).await;
    }

    /// What a later sync tells of a device.
    pub async fn heartbeat(&self, remote_id: &str, offline: Option<bool>, at: i64, user: &str) {
        let of = "FROM remote_device_status WHERE integration_id = $1 AND remote_id = $2";
        let beat = match self.test.portal.db().get_database_backend() {
            // A page each.
            DbBackend::Postgres => format!(
                "UPDATE remote_device_beat_pages SET last_contacts = ARRAY[$3], offlines = ARRAY[CAST($4 AS boolean)]
                 WHERE page = (SELECT no / 256 {of})"
            ),
            _ => format!(
                "UPDATE remote_device_beats SET last_contact = $3, offline = $4 WHERE no = (SELECT no {of})"
            ),
        };
        let values = vec![self.id.0.into(), remote_id.into(), at.into(), offline.into()];
        assert_eq!(self.test.execute(&beat, values).await, 1);
        let status =
            "UPDATE remote_device_status SET last_user = $3 WHERE integration_id = $1 AND remote_id = $2";
        self.test.execute(status, vec![self.id.0.into(), remote_id.into(), user.into()]).await;
    }

    /// Marks a row of a staging table as missing.
    pub async fn lose(&self, table: &str, remote_id: &str) {
        let update = format!(
            "UPDATE {table} SET missing_since = 5 WHERE tenant_id = $1 AND integration_id = $2 AND remote_id = $3"
        );
        assert_eq!(self.test.execute(&update, [self.owner(), vec![remote_id.into()]].concat()).await, 1);
    }

    pub async fn company(&self, name: &str) -> CompanyId {
        let input = CompanyInput { name: name.into(), ..CompanyInput::default() };
        self.admin().create_company(input).await.unwrap().id
    }

    pub async fn site(&self, company: CompanyId, name: &str) -> LocationId {
        let input = LocationInput { name: name.into(), ..LocationInput::default() };
        self.admin().create_location(company, input).await.unwrap().id
    }

    /// A device of the inventory that no integration brought.
    pub async fn inventory(&self, company: CompanyId, serial: &str) {
        let types = self.admin().device_types(ListQuery::default(), false).await.unwrap().items;
        let insert = "INSERT INTO devices (id, tenant_id, company_id, device_type_id, search_key, name, serial, ip_addresses,
                mac_addresses, version, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $6, 'x', $5, '[]', '[]', 1, 0, 0)";
        let values = vec![
            new_id().into(),
            self.test.tenant_id(),
            company.0.into(),
            types[0].id.0.into(),
            serial.into(),
            format!("x\n{}", serial.to_lowercase()).into(),
        ];
        self.test.execute(insert, values).await;
    }

    pub fn admin(&self) -> backend::Tenant<Admin> {
        self.test.admin()
    }

    pub async fn link(&self, organization: &str, company: CompanyId) {
        let choice = OrganizationChoice::Link(company);
        self.admin().save_organization(self.id, organization, choice, None, true).await.unwrap();
    }

    /// Maps a node class to the device type of that name.
    pub async fn map_class(&self, class: &str, type_name: &str) {
        let types = self.admin().device_types(ListQuery::default(), false).await.unwrap().items;
        let id = types.into_iter().find(|t| t.name == type_name).unwrap().id;
        let choice = NodeClassChoice { device_type_id: Some(id), ..NodeClassChoice::default() };
        self.admin().save_node_class(self.id, class, choice).await.unwrap();
    }

    /// Starts an import and executes it here.
    pub async fn import(&self, select: ImportSelection) -> Run {
        let run = self.admin().start_import(self.id, select).await.unwrap();
        backend::runs::execute(&self.test.portal, run.id).await.unwrap();
        self.admin().run(run.id).await.unwrap()
    }

    pub async fn results(&self, run: &Run) -> Vec<ImportResult> {
        self.admin().import_results(run.id, ListQuery::default(), None).await.unwrap().items
    }
}

/// Remote id and outcome of results.
pub fn outcomes(results: &[ImportResult]) -> Vec<(&str, ImportOutcome)> {
    results.iter().map(|r| (r.remote_id.as_str(), r.outcome)).collect()
}
