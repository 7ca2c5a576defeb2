//! Visitors who sign up by mail: until they open the link in it, there is nothing but the mail.

const UP: &str = "
-- Of a mail to somebody who wants a portal: what it is to be called, and the address as it was typed.
ALTER TABLE mails ADD COLUMN portal_name text;
ALTER TABLE mails ADD COLUMN email text
";

const DOWN: &str = "
ALTER TABLE mails DROP COLUMN portal_name;
ALTER TABLE mails DROP COLUMN email
";

crate::dialect::migration!(UP, down: DOWN);
