//! Mails with links, and who has handed out links.

const UP: &str = "
-- A mail with a link: waiting until `due_at`, sent, or failed for the reason in `problem`. Its link is one of its own beside
-- the one that was handed over; its token is made when it is sent, and kept as a hash. Somebody who has forgotten the password
-- names an address alone: whose it is, is looked up when the mail is sent.
CREATE TABLE mails (
    id {uuid} PRIMARY KEY, tenant_id {uuid} REFERENCES tenants (id), kind text NOT NULL,
    invitation_id {uuid} REFERENCES invitations (id) ON DELETE CASCADE,
    user_id {uuid} REFERENCES users (id) ON DELETE CASCADE, email_key text, made_by {uuid},
    state text NOT NULL, problem text, attempts bigint NOT NULL, due_at bigint NOT NULL,
    token_hash {bytes}, expires_at bigint, address text, agent text,
    created_at bigint NOT NULL, changed_at bigint NOT NULL
);
CREATE UNIQUE INDEX mails_token ON mails (token_hash);
CREATE INDEX mails_due ON mails (due_at) WHERE state = 'waiting';
CREATE INDEX mails_invitation ON mails (invitation_id);
CREATE INDEX mails_user ON mails (user_id);
-- The administrator whose link it is; none for an operator's.
ALTER TABLE invitations ADD COLUMN invited_by {uuid};
ALTER TABLE password_links ADD COLUMN made_by {uuid}
";

const DOWN: &str = "
DROP TABLE mails;
ALTER TABLE password_links DROP COLUMN made_by;
ALTER TABLE invitations DROP COLUMN invited_by
";

crate::dialect::migration!(UP, down: DOWN);
