//! Users, API tokens and invitations that are limited to some companies.

const UP: &str = "
-- Who is limited sees the companies that are assigned, and with none of them nothing.
ALTER TABLE users ADD COLUMN restricted boolean NOT NULL DEFAULT FALSE;
ALTER TABLE api_tokens ADD COLUMN restricted boolean NOT NULL DEFAULT FALSE;
ALTER TABLE invitations ADD COLUMN restricted boolean NOT NULL DEFAULT FALSE;
-- `holder_id` is that of a user, an API token or an invitation.
CREATE TABLE assigned_companies (
    holder_id {uuid} NOT NULL, company_id {uuid} NOT NULL REFERENCES companies (id),
    tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    PRIMARY KEY (holder_id, company_id)
) {without_rowid};
CREATE INDEX assigned_companies_company ON assigned_companies (company_id)
";

const DOWN: &str = "
DROP TABLE assigned_companies;
ALTER TABLE invitations DROP COLUMN restricted;
ALTER TABLE api_tokens DROP COLUMN restricted;
ALTER TABLE users DROP COLUMN restricted
";

crate::dialect::migration!(UP, down: DOWN);
