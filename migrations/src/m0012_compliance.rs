//! Compliance: rules, exceptions, what the checks found about each device, and how companies stood day by day.

const UP: &str = "
CREATE TABLE compliance_rules (
    tenant_id {uuid} PRIMARY KEY REFERENCES tenants (id),
    -- JSON: one rule for each check.
    rules text NOT NULL, version bigint NOT NULL, saved_at bigint NOT NULL, saved_by text
);
-- A device, or a company with all its devices, that may fail a check.
CREATE TABLE compliance_exceptions (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id), check_name text NOT NULL,
    device_id {uuid} REFERENCES devices (id) ON DELETE CASCADE,
    company_id {uuid} REFERENCES companies (id) ON DELETE CASCADE,
    -- The last day on which it holds, in days since 1970.
    reason text NOT NULL, until_day bigint, created_at bigint NOT NULL, created_by text
);
CREATE INDEX compliance_exceptions_tenant ON compliance_exceptions (tenant_id, check_name);
CREATE INDEX compliance_exceptions_device ON compliance_exceptions (device_id);
-- What the checks found: a narrow row for each device that is neither archived nor merged.
CREATE TABLE device_facts (
    device_id {uuid} PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    company_id {uuid} NOT NULL, location_id {uuid}, device_type_id {uuid} NOT NULL,
    -- Its name in lower case: lists are sorted and searched without a look at the wide rows of devices.
    name_key text NOT NULL,
    -- Key of the operating system's release, or its own name behind a tilde; empty when it is not told.
    os text NOT NULL,
    -- Since when it has been in use, in days since 1970.
    -- The last contact of a device that is not online, 0 when none is known: what moves with every sync is not kept here.
    born bigint, seen bigint, online boolean NOT NULL,
    -- A bit for each check.
    failing bigint NOT NULL, excepted bigint NOT NULL, unknown bigint NOT NULL, passed bigint NOT NULL,
    -- Of all of it: a row that is the same is not written.
    hash bigint NOT NULL
) {without_rowid};
CREATE INDEX device_facts_company ON device_facts (tenant_id, company_id);
-- How far the facts are: what they stand on, the day of their figures, and who is at work on them until when.
CREATE TABLE compliance_state (
    tenant_id {uuid} PRIMARY KEY REFERENCES tenants (id), stamp text NOT NULL, day bigint NOT NULL,
    checked_at bigint NOT NULL, busy_until bigint NOT NULL
);
-- The figures of a company at the end of a day; those of the whole fleet have the nil id. The last day is the present.
CREATE TABLE compliance_days (
    tenant_id {uuid} NOT NULL, company_id {uuid} NOT NULL, day bigint NOT NULL,
    devices bigint NOT NULL, online bigint NOT NULL, passed bigint NOT NULL, judged bigint NOT NULL,
    -- JSON: devices by check and outcome, type, operating system and age.
    body text NOT NULL,
    PRIMARY KEY (tenant_id, company_id, day)
) {without_rowid};
CREATE INDEX compliance_days_day ON compliance_days (tenant_id, day)
";

crate::dialect::migration!(UP, drop: [
    "compliance_days", "compliance_state", "device_facts", "compliance_exceptions", "compliance_rules",
]);
