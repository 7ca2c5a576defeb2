//! A row of everything, written behind the portal's back, and arguments that name such rows.

use super::Site;
use domain::{
    ids::TenantId,
    permissions::{Area, Level, Permissions},
};
use serde_json::{Map, Value, json};
use server::api::Endpoint;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Ids of one row of each table of a tenant.
#[derive(Clone)]
pub struct Rows {
    pub company: Uuid,
    pub location: Uuid,
    pub device_type: Uuid,
    pub integration: Uuid,
    pub run: Uuid,
    pub device: Uuid,
    pub question: Uuid,
    pub decision: Uuid,
    pub edit: Uuid,
    pub exception: Uuid,
    pub duplicate: Uuid,
    pub view: Uuid,
    pub user: Uuid,
    pub session: Uuid,
    pub api_token: Uuid,
    pub invitation: Uuid,
    pub role: Uuid,
    /// The remote id of an organization, a location and a device alike, and the end of the node class.
    pub remote: String,
}

impl Rows {
    /// Ids that nothing has.
    pub fn unknown() -> Self {
        Self::with(0xdead_0000)
    }

    fn with(seed: u128) -> Self {
        let id = |n: u128| Uuid::from_u128(0x0190_1111_0000_7000_8000_0000_0000_0000 + seed * 32 + n);
        Self {
            company: id(1),
            location: id(2),
            device_type: id(3),
            integration: id(4),
            run: id(5),
            device: id(6),
            question: id(7),
            decision: id(8),
            edit: id(9),
            exception: id(10),
            duplicate: id(11),
            view: id(12),
            user: id(13),
            session: id(14),
            api_token: id(15),
            invitation: id(16),
            role: id(17),
            remote: format!("9{seed}"),
        }
    }

    /// The name of the row's node class.
    pub fn node_class(&self) -> String {
        format!("CLASS_{}", self.remote)
    }

    /// Inserts a row of everything for a tenant.
    pub async fn insert(site: &Site, tenant: TenantId, seed: u128) -> Self {
        let rows = Self::with(seed);
        for sql in rows.statements(site, tenant) {
            site.execute(&sql).await;
        }
        rows
    }

    fn statements(&self, site: &Site, tenant: TenantId) -> Vec<String> {
        let of = |id: Uuid| site.literal(id);
        let (t, r, class) = (of(tenant.0), &self.remote, self.node_class());
        let (company, location, kind) = (of(self.company), of(self.location), of(self.device_type));
        let (integration, run, device) = (of(self.integration), of(self.run), of(self.device));
        let (question, decision, edit) = (of(self.question), of(self.decision), of(self.edit));
        let exception = of(self.exception);
        let duplicate = of(self.duplicate);
        let (view, user, session) = (of(self.view), of(self.user), of(self.session));
        let bytes = match site.portal.db().get_database_backend() {
            sea_orm::DbBackend::Sqlite => format!("x'{r:0>12}'"),
            _ => format!("'\\x{r:0>12}'"),
        };
        let token = match site.portal.db().get_database_backend() {
            sea_orm::DbBackend::Sqlite => session.clone(),
            _ => format!("'\\x{}'", self.session.simple()),
        };
        vec![
            format!("INSERT INTO companies (id, tenant_id, name, name_key, version, created_at, updated_at)
                VALUES ({company}, {t}, 'Company {r}', 'company {r}', 1, 0, 0)"),
            format!("INSERT INTO locations (id, tenant_id, company_id, name, name_key, version, created_at, updated_at)
                VALUES ({location}, {t}, {company}, 'Site {r}', 'site {r}', 1, 0, 0)"),
            format!("INSERT INTO device_types (id, tenant_id, name, name_key, version, created_at, updated_at)
                VALUES ({kind}, {t}, 'Type {r}', 'type {r}', 1, 0, 0)"),
            format!("INSERT INTO integrations (id, tenant_id, vendor, name, region, base_url, client_id_hint, key_id, data_key,
                    client_id, client_secret, account_hash, refused, connected_at, created_at, updated_at)
                VALUES ({integration}, {t}, 'ninjaone', 'Account {r}', 'custom', 'https://ninja.example', '…', 'none',
                    {bytes}, {bytes}, {bytes}, {bytes}, FALSE, 0, 0, 0)"),
            format!("INSERT INTO runs (id, tenant_id, integration_id, kind, state, phase, done, added, changed, unchanged,
                    missing, failed, requests, started_by, created_at, warnings, evidence, cancel_requested,
                    locks_organizations, locks_devices, locks_import, lease_until, attempt)
                VALUES ({run}, {t}, {integration}, 'import', 'completed', 'done', 1, 1, 0, 0, 0, 0, 1, 'user', 0, '[]', '[]',
                    FALSE, FALSE, FALSE, TRUE, 0, 1)"),
            format!("INSERT INTO run_changes (run_id, tenant_id, entity, remote_id, name, change, fields)
                VALUES ({run}, {t}, 'device', '{r}', 'Device {r}', 'added', '[]')"),
            format!("INSERT INTO run_errors (run_id, tenant_id, entity, place, remote_id, name, reason)
                VALUES ({run}, {t}, 'device', 1, '{r}', 'Device {r}', 'It has no id.')"),
            format!("INSERT INTO run_questions (id, tenant_id, integration_id, run_id, entity, change, scope, scope_key,
                    scope_name, affected, of_rows, state, created_at)
                VALUES ({question}, {t}, {integration}, {run}, 'device', 'missing', 'company', '{r}', 'Company {r}', 1, 1,
                    'open', 0)"),
            format!("INSERT INTO held_changes (run_id, tenant_id, integration_id, entity, remote_id, change, question_id, name,
                    from_hash, to_hash, fields)
                VALUES ({run}, {t}, {integration}, 'device', '{r}', 'missing', {question}, 'Device {r}', 1, 1, '[]')"),
            format!("INSERT INTO source_states (tenant_id, integration_id, source, read_at, failed_at, problem)
                VALUES ({t}, {integration}, 'owners', 0, 1, 'It was away.')"),
            format!("INSERT INTO import_results (run_id, tenant_id, remote_id, name, outcome)
                VALUES ({run}, {t}, '{r}', 'Device {r}', 'created')"),
            format!("INSERT INTO run_packs (run_id, tenant_id, change, first_id, last_id, held, names)
                VALUES ({run}, {t}, 'added', '{r}', '{r}', 0, '{{}}')"),
            format!("INSERT INTO organizations (tenant_id, integration_id, remote_id, name, name_key, device_count, hash,
                    created_at, updated_at)
                VALUES ({t}, {integration}, '{r}', 'Organization {r}', 'organization {r}', 1, 1, 0, 0)"),
            format!("INSERT INTO organization_mappings (tenant_id, integration_id, remote_id, status, company_id, version)
                VALUES ({t}, {integration}, '{r}', 'mapped', {company}, 1)"),
            format!("INSERT INTO mapping_decisions (id, tenant_id, integration_id, subject, kind, row_count, decided_at)
                VALUES ({decision}, {t}, {integration}, 'organization', 'link', 1, 0)"),
            format!("INSERT INTO mapping_decision_rows (decision_id, tenant_id, integration_id, subject, remote_id, before,
                    after, version, undone)
                VALUES ({decision}, {t}, {integration}, 'organization', '{r}', '{{\"status\":\"unmapped\"}}',
                    '{{\"status\":\"mapped\"}}', 1, FALSE)"),
            format!("INSERT INTO mapping_rejections (tenant_id, integration_id, subject, remote_id, target, rejected_at)
                VALUES ({t}, {integration}, 'organization', '{r}', {location}, 0)"),
            format!("INSERT INTO remote_locations (tenant_id, integration_id, remote_id, organization_id, name, name_key,
                    hash, created_at, updated_at)
                VALUES ({t}, {integration}, '{r}', '{r}', 'Remote site {r}', 'remote site {r}', 1, 0, 0)"),
            format!("INSERT INTO remote_devices (tenant_id, integration_id, remote_id, id, organization_id, node_class,
                    search_key, name, ip_addresses, mac_addresses, hash, created_at, updated_at)
                VALUES ({t}, {integration}, '{r}', {device}, '{r}', '{class}', 'device {r}', 'Device {r}', '[]', '[]', 1, 0, 0)"),
            format!("INSERT INTO compliance_exceptions (id, tenant_id, check_name, company_id, reason, created_at)
                VALUES ({exception}, {t}, 'offline', {company}, 'Reason {r}', 0)"),
            format!("INSERT INTO devices (id, tenant_id, company_id, device_type_id, integration_id, remote_id, search_key,
                    name, ip_addresses, mac_addresses, version, created_at, updated_at)
                VALUES ({device}, {t}, {company}, {kind}, {integration}, '{r}', 'device {r}', 'Device {r}', '[]', '[]', 1, 0, 0)"),
            // A device is its own twin: one row is enough.
            format!("INSERT INTO duplicate_pairs (id, tenant_id, left_id, right_id, confidence, reasons, state, found_at)
                VALUES ({duplicate}, {t}, {device}, {device}, 950, '[]', 'not_same', 0)"),
            format!("INSERT INTO company_events (id, tenant_id, company_id, kind, detail, at)
                VALUES ({duplicate}, {t}, {company}, 'archived', 'The company was archived.', 0)"),
            format!("INSERT INTO device_edits (id, tenant_id, kind, fields, devices, name, can_undo, at)
                VALUES ({edit}, {t}, 'archived', '[]', 1, 'Device {r}', TRUE, 0)"),
            format!("INSERT INTO device_history (edit_id, device_id, tenant_id, at, fields, undo)
                VALUES ({edit}, {device}, {t}, 0, '[]', '{{\"fields\":[],\"archived\":[1,null]}}')"),
            format!("INSERT INTO device_views (id, tenant_id, user_id, name, name_key, query, shared, version, created_at, updated_at)
                SELECT {view}, {t}, id, 'View {r}', 'view {r}', 'status=offline', TRUE, 1, 0, 0 FROM users
                WHERE tenant_id = {t} ORDER BY id LIMIT 1"),
            format!("INSERT INTO users (id, tenant_id, name, email, email_key, password_hash, role, active, created_at)
                VALUES ({user}, {t}, 'User {r}', 'user{r}@rows.example', 'user{r}@rows.example', 'none', 'read', TRUE, 0)"),
            format!("INSERT INTO api_tokens (id, tenant_id, user_id, name, name_key, role, token_hash, hint, created_at, expires_at)
                VALUES ({}, {t}, {user}, 'Token {r}', 'token {r}', 'read', {token}, 'AAAA', 0, 4000000000000000)",
                of(self.api_token)),
            format!("INSERT INTO invitations (id, tenant_id, email, email_key, role, token_hash, created_at, expires_at)
                VALUES ({}, {t}, 'Guest {r}', 'guest{r}@rows.example', 'read', {}, 0, 4000000000000000)",
                of(self.invitation), self.hash(site, &self.token())),
            format!("INSERT INTO roles (id, tenant_id, name, name_key, permissions, version, created_at, updated_at)
                VALUES ({}, {t}, 'Role {r}', 'role {r}', '{}', 1, 0, 0)",
                of(self.role), json!(Permissions::NONE.with(Area::Reports, Level::Read))),
            format!("INSERT INTO sessions (id, token_hash, tenant_id, user_id, created_at, last_seen_at, expires_at, user_agent)
                VALUES ({session}, {token}, {t}, {user}, 0, 4000000000000000, 4000000000000000, 'Agent {r}')"),
        ]
    }

    /// The token of the invitation's link.
    pub fn token(&self) -> String {
        format!("token-{}", self.remote)
    }

    /// SHA-256 of a token as SQL text of this engine.
    fn hash(&self, site: &Site, token: &str) -> String {
        let hex: String = Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect();
        match site.portal.db().get_database_backend() {
            sea_orm::DbBackend::Sqlite => format!("x'{hex}'"),
            _ => format!("'\\x{hex}'"),
        }
    }

    /// The value of an argument that names a row, `None` for every other argument.
    pub fn named(&self, argument: &str) -> Option<Value> {
        Some(match argument {
            "company_id" | "company" | "into" => json!(self.company),
            "location_id" | "location" => json!(self.location),
            "device_type_id" | "device_type" => json!(self.device_type),
            "integration_id" | "source" => json!(self.integration),
            "run_id" => json!(self.run),
            "question_id" => json!(self.question),
            "decision_id" => json!(self.decision),
            "exception_id" => json!(self.exception),
            "device_id" | "keep" => json!(self.device),
            "duplicate_id" => json!(self.duplicate),
            "edit_id" => json!(self.edit),
            "view_id" => json!(self.view),
            "user_id" => json!(self.user),
            "session_id" => json!(self.session),
            "token_id" => json!(self.api_token),
            "invitation_id" => json!(self.invitation),
            "role_id" => json!(self.role),
            "token" => json!(self.token()),
            "remote_id" | "organization" | "by" => json!(self.remote),
            "node_class" => json!(self.node_class()),
            _ => return None,
        })
    }
}

/// Every page about these rows: its route, such as `/companies/{id}`, and its address.
pub fn pages(rows: &Rows) -> Vec<(String, String)> {
    let id = |path: &str| match path.split('/').nth(1) {
        Some("companies" | "reports") => rows.company,
        Some("locations") => rows.location,
        Some("devices") => rows.device,
        Some("duplicates") => rows.duplicate,
        _ => rows.integration,
    };
    let fill = |path: &str| {
        let address = path.replace("{id}", &id(path).to_string()).replace("{run_id}", &rows.run.to_string());
        let address = address.replace("{token}", &rows.token());
        assert!(!address.contains('{'), "say what stands in {path}");
        (path.to_owned(), address)
    };
    server::router::pages().iter().map(|route| fill(route.path())).collect()
}

/// What is asked for besides server functions and pages, about these rows, as [`super::Client::get`] takes it.
pub fn files(rows: &Rows) -> Vec<String> {
    let of_run = |path: &str| path.replace("{id}", &rows.run.to_string());
    let inside = |path: &str| path.trim_start_matches("/api/v1/").to_owned();
    server::router::files().iter().map(|(path, _)| inside(&of_run(path))).collect()
}

/// Whether an endpoint asks the vendor, which rows written by hand have none of: `story` tries it.
pub fn asks_vendor(endpoint: &Endpoint) -> bool {
    endpoint.name() == "devices/raw"
}

/// Arguments that an endpoint accepts: those that it needs, naming these rows.
pub fn samples(endpoint: &Endpoint, rows: &Rows) -> Map<String, Value> {
    let needed = endpoint.arguments.iter().filter(|a| a.required);
    needed
        .map(|a| (a.name.to_owned(), rows.named(a.name).unwrap_or_else(|| plain(endpoint, a.name))))
        .collect()
}

fn plain(endpoint: &Endpoint, argument: &str) -> Value {
    match argument {
        "choice" if endpoint.name() == "staged_devices/resolve" => json!("new"),
        "decision" => json!("discard"),
        "query" => json!("status=offline"),
        "percent" => json!(20),
        "rows" => json!(10),
        "portal_name" | "name" => json!("Harbour Dental Group"),
        "email" => json!("nobody@northwind.example"),
        "role" => json!("read"),
        "password" | "current" => json!("a wrong password"),
        "new" => json!("a new long password"),
        "code" => json!("12345"),
        "csv" => json!("company,name\nNo Such Company,Main Office\n"),
        "dry_run" => json!(true),
        "required" => json!(false),
        "confirm_name" => json!("not its name"),
        "devices" => json!("keep"),
        "kind" => json!("devices"),
        "check" => json!("offline"),
        "permissions" => json!(Permissions::NONE.with(Area::Users, Level::Manage)),
        "reason" => json!("Replaced soon"),
        "rules" => json!([]),
        "choice" => json!("unmap"),
        "fields" => json!([{ "field": "name", "value": "Front desk" }]),
        "action" => json!("restore"),
        "select" if endpoint.name() == "devices/edit" => json!({ "filter": { "search": "no such device" } }),
        "select" if endpoint.name().ends_with("/decide") => json!({ "filter": {} }),
        "select" => json!("all"),
        other => panic!("say what the argument \"{other}\" may be"),
    }
}
