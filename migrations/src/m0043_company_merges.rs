//! Merges of companies, with what is needed to take them back.

const UP: &str = "
-- `company_id` went into `into_id`.
CREATE TABLE company_merges (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    company_id {uuid} NOT NULL REFERENCES companies (id), into_id {uuid} NOT NULL REFERENCES companies (id),
    user_id {uuid}, user_name text, at bigint NOT NULL,
    -- JSON: what was there before and is no row of the table below.
    undo text NOT NULL, undone_at bigint, undone_by text
);
CREATE INDEX company_merges_company ON company_merges (company_id);
CREATE INDEX company_merges_into ON company_merges (into_id);
-- What a merge moved: a device, location, exception or holder by its id; a mapping by its key, and how it was decided.
CREATE TABLE company_merge_rows (
    merge_id {uuid} NOT NULL REFERENCES company_merges (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    kind text NOT NULL, row_id {uuid}, integration_id {uuid}, remote_id text, status text, mapped_at bigint
);
CREATE INDEX company_merge_rows_of ON company_merge_rows (merge_id, kind, row_id);
CREATE INDEX company_merge_rows_mapping ON company_merge_rows (merge_id, kind, integration_id, remote_id)
";

crate::dialect::migration!(UP, drop: ["company_merge_rows", "company_merges"]);
