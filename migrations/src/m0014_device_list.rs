//! What lists of 100,000 devices need so that they need not look at every row.
//!
//! A device notes what else would have to be looked up elsewhere for each row (whether it is missing, the number of its
//! heartbeat, who was logged on) and what would have to be computed (family of its operating system, backup, serial number,
//! owner). Triggers keep that true whoever writes. SQLite has one index that holds all that a list filters by, in the list's
//! order, and a narrow table of what a search looks at; PostgreSQL reads the rows of one tenant.

use sea_orm_migration::sea_orm::DbBackend;

/// Names of operating systems and their families, in the order in which they are asked.
const NAMES: [(&str, &str); 20] = [
    ("chrome os", "chromeos"),
    ("chromeos", "chromeos"),
    ("ipados", "ios"),
    ("iphone os", "ios"),
    ("android", "android"),
    ("macos", "macos"),
    ("mac os", "macos"),
    ("os x", "macos"),
    ("esx", "hypervisor"),
    ("proxmox", "hypervisor"),
    ("xenserver", "hypervisor"),
    ("linux", "linux"),
    ("ubuntu", "linux"),
    ("debian", "linux"),
    ("centos", "linux"),
    ("red hat", "linux"),
    ("rhel", "linux"),
    ("fedora", "linux"),
    ("suse", "linux"),
    ("raspbian", "linux"),
];

const CLASSES: [(&str, &str); 9] = [
    ("WINDOWS_SERVER", "windows_server"),
    ("WINDOWS", "windows"),
    ("MAC", "macos"),
    ("LINUX", "linux"),
    ("ANDROID", "android"),
    ("APPLE_I", "ios"),
    ("VMWARE_VM_HOST", "hypervisor"),
    ("HYPERV_VMM_HOST", "hypervisor"),
    ("NMS", "network"),
];

/// Serial numbers that are none, in lower case without punctuation.
const PLACEHOLDERS: &str = "'systemserialnumber', 'tobefilledbyoem', '0123456789', '123456789', '1234567890', 'none',
    'chassisserialnumber', 'defaultstring', 'notspecified', 'notapplicable', 'unknown', 'serialnumber', 'oem', 'invalid',
    'empty', 'baseboardserialnumber', 'nil', 'null'";

/// `{of}` stands before every column.
const BACKUP: &str = "CASE
    WHEN COALESCE({of}backup_total_bytes, {of}backup_cloud_bytes, 0) > 0 OR COALESCE({of}backup_local_bytes, 0) > 0
        OR {of}backup_last_success IS NOT NULL THEN 'protected'
    WHEN {of}backup_total_bytes IS NULL AND {of}backup_cloud_bytes IS NULL AND {of}backup_local_bytes IS NULL
        AND {of}backup_last_failure IS NULL THEN 'unknown'
    ELSE 'none' END";
const OWNER: &str = "({of}owner_name IS NOT NULL OR {of}owner_email IS NOT NULL)";

/// The words in which the engines differ.
struct Dialect {
    /// The function that finds a text in another.
    find: &'static str,
    /// Whether a text (`{x}`) holds digits and letters, which no placeholder does.
    mixed: &'static str,
}

const SQLITE: Dialect =
    Dialect { find: "instr", mixed: "length({x}) >= 6 AND {x} GLOB '*[0-9]*' AND {x} GLOB '*[A-Za-z]*'" };
const POSTGRES: Dialect =
    Dialect { find: "strpos", mixed: "length({x}) >= 6 AND {x} ~ '[0-9]' AND {x} ~ '[A-Za-z]'" };

impl Dialect {
    fn family(&self) -> String {
        let (find, name) = (self.find, "lower({of}os_name)");
        let mut cases = format!(
            "CASE WHEN substr({{of}}node_class, 1, 3) = 'NMS' THEN 'network'
             WHEN {find}({name}, 'windows') > 0 THEN CASE WHEN {find}({name}, 'server') > 0 THEN 'windows_server' ELSE 'windows' END
             WHEN substr({name}, 1, 3) = 'ios' THEN 'ios'"
        );
        for (part, family) in NAMES {
            cases.push_str(&format!(" WHEN {find}({name}, '{part}') > 0 THEN '{family}'"));
        }
        for (start, family) in CLASSES {
            let length = start.len();
            cases.push_str(&format!(
                " WHEN substr({{of}}node_class, 1, {length}) = '{start}' THEN '{family}'"
            ));
        }
        cases + " ELSE 'other' END"
    }

    /// Whether one of the serial numbers identifies the machine.
    fn has_serial(&self) -> String {
        let mixed = |x: &str| self.mixed.replace("{x}", x);
        let good = |x: &str| {
            let mut bare = format!("lower({x})");
            for sign in [" ", ".", "-", "_", "/", ":", ",", "#", "*", "(", ")"] {
                bare = format!("replace({bare}, '{sign}', '')");
            }
            format!(
                "length({bare}) >= 3 AND ltrim({bare}, substr({bare}, 1, 1)) <> '' AND {bare} NOT IN ({PLACEHOLDERS})"
            )
        };
        let [serial, bios] = ["{of}serial", "{of}bios_serial"];
        let cases = [mixed(serial), mixed(bios), good(serial), good(bios)];
        let cases = cases.map(|c| format!("WHEN {c} THEN TRUE")).join(" ");
        format!("CASE {cases} ELSE FALSE END")
    }

    /// What is computed, and how; `of` stands before the columns of a device.
    fn computed(&self, of: &str) -> [(&'static str, &'static str, String); 4] {
        [
            ("os_family", "text", self.family()),
            ("backup_state", "text", BACKUP.to_owned()),
            ("has_serial", "boolean", self.has_serial()),
            ("has_owner", "boolean", OWNER.to_owned()),
        ]
        .map(|(name, kind, rule)| (name, kind, rule.replace("{of}", of)))
    }
}

/// The columns that SQLite's triggers compute where nobody has (a computed column of its own would never be read off an index),
/// with their values out of a row `of` with a device's columns, such as `r.`: whoever inserts many computes them at once.
/// PostgreSQL computes them by itself.
pub fn computed_on_sqlite(of: &str) -> [(&'static str, String); 4] {
    SQLITE.computed(of).map(|(name, _, rule)| (name, rule))
}

/// What a device notes of the row of staging `{of}` that feeds it.
const NOTED: &str = "beat_no = (SELECT s.no FROM remote_device_status s
        WHERE s.integration_id = {of}.integration_id AND s.remote_id = {of}.remote_id),
    missing = COALESCE((SELECT r.missing_since IS NOT NULL FROM remote_devices r
        WHERE r.integration_id = {of}.integration_id AND r.remote_id = {of}.remote_id), FALSE),
    last_user = COALESCE((SELECT s.last_user FROM remote_device_status s
        WHERE s.integration_id = {of}.integration_id AND s.remote_id = {of}.remote_id), {of}.last_user)";

const SEARCH: [&str; 2] = [
    // All that a search looks at, in lower case, and the remote id, which is found whole only. `state`: 0 live, 1 archived, 2
    // merged into another.
    "CREATE TABLE device_search (device_id blob PRIMARY KEY, tenant_id blob NOT NULL, state integer NOT NULL, text text NOT NULL,
        remote_id text) WITHOUT ROWID",
    "INSERT INTO device_search SELECT {row} FROM devices d",
];

/// A row of `device_search`.
const ROW: &str = "d.id, d.tenant_id, {state}, {text}, d.remote_id";
const STATE: &str =
    "CASE WHEN d.merged_into IS NOT NULL THEN 2 WHEN d.archived_at IS NOT NULL THEN 1 ELSE 0 END";
/// The search key holds the owner, unless somebody wrote it elsewhere.
const TEXT: &str = "d.search_key || COALESCE(char(10) || lower(d.netbios_name), '')
    || COALESCE(char(10) || lower(d.asset_tag), '') || COALESCE(char(10) || lower(d.last_user), '')
    || CASE WHEN instr(d.search_key, lower(d.owner_name)) = 0 THEN char(10) || lower(d.owner_name) ELSE '' END
    || CASE WHEN instr(d.search_key, lower(d.owner_email)) = 0 THEN char(10) || lower(d.owner_email) ELSE '' END";

/// What such a row is made of, of the row `{of}`.
const SEARCHED: &str =
    "{of}search_key, {of}netbios_name, {of}asset_tag, {of}last_user, {of}owner_name, {of}owner_email,
    {of}remote_id, {of}archived_at IS NULL, {of}merged_into IS NULL";

const SQLITE_TRIGGERS: [&str; 7] = [
    "CREATE TRIGGER devices_computed AFTER UPDATE OF os_name, node_class, serial, bios_serial, owner_name, owner_email,
        backup_total_bytes, backup_cloud_bytes, backup_local_bytes, backup_last_success, backup_last_failure ON devices
        WHEN ({values_of_old}) IS NOT ({values_of_new}) BEGIN
        UPDATE devices SET {computed} WHERE id = new.id;
    END",
    "CREATE TRIGGER devices_listed AFTER INSERT ON devices BEGIN
        UPDATE devices SET {computed} WHERE id = new.id AND new.os_family IS NULL;
        UPDATE devices SET {noted} WHERE id = new.id AND new.integration_id IS NOT NULL AND new.beat_no IS NULL;
        INSERT INTO device_search SELECT {row} FROM devices d WHERE d.id = new.id;
    END",
    "CREATE TRIGGER devices_fed AFTER UPDATE OF integration_id, remote_id ON devices
        WHEN old.integration_id IS NOT new.integration_id OR old.remote_id IS NOT new.remote_id BEGIN
        UPDATE devices SET {noted} WHERE id = new.id;
    END",
    "CREATE TRIGGER devices_searched AFTER UPDATE OF search_key, netbios_name, asset_tag, last_user, owner_name, owner_email,
        remote_id, archived_at, merged_into ON devices WHEN ({searched_of_old}) IS NOT ({searched_of_new}) BEGIN
        UPDATE device_search SET state = {new_state}, text = {new_text}, remote_id = new.remote_id WHERE device_id = new.id;
    END",
    "CREATE TRIGGER devices_gone AFTER DELETE ON devices BEGIN
        DELETE FROM device_search WHERE device_id = old.id;
    END",
    "CREATE TRIGGER remote_devices_missed AFTER UPDATE OF missing_since ON remote_devices
        WHEN (old.missing_since IS NULL) <> (new.missing_since IS NULL) BEGIN
        UPDATE devices SET missing = new.missing_since IS NOT NULL
            WHERE integration_id = new.integration_id AND remote_id = new.remote_id;
    END",
    "CREATE TRIGGER remote_devices_used AFTER UPDATE OF last_user, no ON remote_device_status
        WHEN old.no <> new.no OR old.last_user IS NOT new.last_user BEGIN
        UPDATE devices SET beat_no = new.no, last_user = COALESCE(new.last_user, last_user)
            WHERE integration_id = new.integration_id AND remote_id = new.remote_id;
    END",
];

/// What the computed columns are made of, of the row `{of}`.
const SOURCES: &str = "{of}os_name, {of}node_class, {of}serial, {of}bios_serial, {of}owner_name, {of}owner_email,
    {of}backup_total_bytes, {of}backup_cloud_bytes, {of}backup_local_bytes, {of}backup_last_success, {of}backup_last_failure";

/// In the order of the list, with all that it filters by: neither count nor filter looks at the rows.
const SQLITE_INDEX: [&str; 2] = [
    "DROP INDEX devices_name",
    "CREATE INDEX devices_list ON devices (tenant_id, lower(name), id, company_id, location_id, device_type_id, integration_id,
        archived_at, merged_into, missing, beat_no, last_contact, os_family, backup_state, has_serial, has_owner, warranty_end, os_name, serial)",
];

const POSTGRES_TRIGGERS: [&str; 8] = [
    "CREATE FUNCTION device_fed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.beat_no := (SELECT s.no FROM remote_device_status s
            WHERE s.integration_id = NEW.integration_id AND s.remote_id = NEW.remote_id);
        NEW.missing := COALESCE((SELECT r.missing_since IS NOT NULL FROM remote_devices r
            WHERE r.integration_id = NEW.integration_id AND r.remote_id = NEW.remote_id), FALSE);
        NEW.last_user := COALESCE((SELECT s.last_user FROM remote_device_status s
            WHERE s.integration_id = NEW.integration_id AND s.remote_id = NEW.remote_id), NEW.last_user);
        RETURN NEW;
    END $$",
    "CREATE TRIGGER devices_listed BEFORE INSERT ON devices FOR EACH ROW
        WHEN (NEW.integration_id IS NOT NULL AND NEW.beat_no IS NULL) EXECUTE FUNCTION device_fed()",
    "CREATE TRIGGER devices_fed BEFORE UPDATE OF integration_id, remote_id ON devices FOR EACH ROW
        WHEN (OLD.integration_id IS DISTINCT FROM NEW.integration_id OR OLD.remote_id IS DISTINCT FROM NEW.remote_id)
        EXECUTE FUNCTION device_fed()",
    "CREATE FUNCTION device_missed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE devices SET missing = NEW.missing_since IS NOT NULL
            WHERE integration_id = NEW.integration_id AND remote_id = NEW.remote_id;
        RETURN NULL;
    END $$",
    "CREATE TRIGGER remote_devices_missed AFTER UPDATE OF missing_since ON remote_devices FOR EACH ROW
        WHEN ((OLD.missing_since IS NULL) <> (NEW.missing_since IS NULL)) EXECUTE FUNCTION device_missed()",
    "CREATE FUNCTION device_used() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE devices SET beat_no = NEW.no, last_user = COALESCE(NEW.last_user, last_user)
            WHERE integration_id = NEW.integration_id AND remote_id = NEW.remote_id;
        RETURN NULL;
    END $$",
    "CREATE TRIGGER remote_devices_used AFTER UPDATE OF last_user, no ON remote_device_status FOR EACH ROW
        WHEN (OLD.no <> NEW.no OR OLD.last_user IS DISTINCT FROM NEW.last_user) EXECUTE FUNCTION device_used()",
    "ANALYZE devices",
];

const SQLITE_DOWN: [&str; 10] = [
    "DROP TRIGGER devices_computed",
    "DROP TRIGGER devices_listed",
    "DROP TRIGGER devices_fed",
    "DROP TRIGGER devices_searched",
    "DROP TRIGGER devices_gone",
    "DROP TRIGGER remote_devices_missed",
    "DROP TRIGGER remote_devices_used",
    "DROP TABLE device_search",
    "DROP INDEX devices_list",
    "CREATE INDEX devices_name ON devices (tenant_id, lower(name), id)",
];

const POSTGRES_DOWN: [&str; 4] = [
    "DROP FUNCTION device_used() CASCADE",
    "DROP FUNCTION device_missed() CASCADE",
    "DROP TRIGGER devices_listed ON devices",
    "DROP FUNCTION device_fed() CASCADE",
];

const COLUMNS: [&str; 6] = ["has_owner", "has_serial", "backup_state", "os_family", "missing", "beat_no"];

/// What SQLite computes of a device `of`.
fn computed(of: &str) -> String {
    SQLITE.computed(of).map(|(name, _, rule)| format!("{name} = {rule}")).join(", ")
}

/// The values of a row of `device_search`, of a device `d.`.
fn search_row() -> String {
    ROW.replace("{state}", STATE).replace("{text}", TEXT)
}

/// Of the row `new`, as triggers call it.
fn new(rule: &str) -> String {
    rule.replace("d.", "new.")
}

/// A statement with its rules in it.
fn filled(statement: &str) -> String {
    statement
        .replace("{row}", &search_row())
        .replace("{new_row}", &new(&search_row()))
        .replace("{noted}", &NOTED.replace("{of}", "new"))
        .replace("{new_state}", &new(STATE))
        .replace("{new_text}", &new(TEXT))
        .replace("{computed}", &computed("new."))
        .replace("{searched_of_old}", &SEARCHED.replace("{of}", "old."))
        .replace("{searched_of_new}", &SEARCHED.replace("{of}", "new."))
        .replace("{values_of_old}", &SOURCES.replace("{of}", "old."))
        .replace("{values_of_new}", &SOURCES.replace("{of}", "new."))
}

/// The trigger `devices_listed` in two (migration `listed_at_once`).
const LISTED: [&str; 3] = [
    "DROP TRIGGER devices_listed",
    "CREATE TRIGGER devices_listed AFTER INSERT ON devices
        WHEN new.os_family IS NOT NULL AND (new.integration_id IS NULL OR new.beat_no IS NOT NULL) BEGIN
        INSERT INTO device_search VALUES ({new_row});
    END",
    "CREATE TRIGGER devices_listed_late AFTER INSERT ON devices
        WHEN new.os_family IS NULL OR (new.integration_id IS NOT NULL AND new.beat_no IS NULL) BEGIN
        UPDATE devices SET {computed} WHERE id = new.id AND new.os_family IS NULL;
        UPDATE devices SET {noted} WHERE id = new.id AND new.integration_id IS NOT NULL AND new.beat_no IS NULL;
        INSERT INTO device_search SELECT {row} FROM devices d WHERE d.id = new.id;
    END",
];

/// The statements that make two triggers of `devices_listed`.
pub(crate) fn listed_at_once() -> Vec<String> {
    LISTED.map(filled).to_vec()
}

/// Those that make one of them again.
pub(crate) fn listed_in_one() -> Vec<String> {
    let one = SQLITE_TRIGGERS.iter().find(|t| t.starts_with("CREATE TRIGGER devices_listed "));
    ["DROP TRIGGER devices_listed", "DROP TRIGGER devices_listed_late"]
        .iter()
        .chain(one)
        .map(|s| filled(s))
        .collect()
}

fn up(backend: DbBackend) -> Vec<String> {
    let add = |column: String| format!("ALTER TABLE devices ADD COLUMN {column}");
    let mut all = vec![add("beat_no bigint".into()), add("missing boolean NOT NULL DEFAULT FALSE".into())];
    let rest: Vec<&str> =
        match backend {
            DbBackend::Postgres => {
                all.extend(POSTGRES.computed("").map(|(name, kind, rule)| {
                    add(format!("{name} {kind} GENERATED ALWAYS AS ({rule}) STORED"))
                }));
                POSTGRES_TRIGGERS.to_vec()
            }
            _ => {
                all.extend(SQLITE.computed("").map(|(name, kind, _)| add(format!("{name} {kind}"))));
                all.push(format!("UPDATE devices SET {}", computed("")));
                [&SEARCH[..], &SQLITE_TRIGGERS, &SQLITE_INDEX].concat()
            }
        };
    all.push(format!(
        "UPDATE devices SET {} WHERE integration_id IS NOT NULL",
        NOTED.replace("{of}", "devices")
    ));
    all.into_iter().chain(rest.iter().map(|s| filled(s))).collect()
}

fn down(backend: DbBackend) -> Vec<String> {
    let first: &[&str] = if backend == DbBackend::Postgres { &POSTGRES_DOWN } else { &SQLITE_DOWN };
    let columns = COLUMNS.map(|c| format!("ALTER TABLE devices DROP COLUMN {c}"));
    first.iter().map(|s| (*s).to_owned()).chain(columns).collect()
}

crate::dialect::migration!(each: up, down: down);
