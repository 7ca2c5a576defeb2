//! PostgreSQL looks at a foreign key row by row: of 100,000 devices that a sync or an import writes, each of their keys costs as much
//! as an index. Here it looks once for all rows of a statement, and locks the rows that they name the same way.
//!
//! What a foreign key promises holds as before: no row names one that is not there, also when that is deleted at the same time; who
//! is named cannot be deleted, or takes those along that name it. SQLite keeps its foreign keys.

/// A column that names a row of another table by its id.
struct Key {
    constraint: &'static str,
    table: &'static str,
    column: &'static str,
    names: &'static str,
    /// Whether rows go with the one that they name.
    cascade: bool,
}

const fn key(
    constraint: &'static str,
    table: &'static str,
    column: &'static str,
    names: &'static str,
    cascade: bool,
) -> Key {
    Key { constraint, table, column, names, cascade }
}

const KEYS: [Key; 6] = [
    key("remote_devices_integration_id_fkey", "remote_devices", "integration_id", "integrations", true),
    key(
        "remote_device_status_new_integration_id_fkey",
        "remote_device_status",
        "integration_id",
        "integrations",
        true,
    ),
    key("devices_tenant_id_fkey", "devices", "tenant_id", "tenants", false),
    key("devices_company_id_fkey", "devices", "company_id", "companies", false),
    key("devices_location_id_fkey", "devices", "location_id", "locations", false),
    key("devices_device_type_id_fkey", "devices", "device_type_id", "device_types", false),
];

/// Arguments: the column, and the table of what it names.
const NAMED: &str = "CREATE FUNCTION named_rows_are_there() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE strangers bigint;
    BEGIN
        EXECUTE format('SELECT (SELECT count(DISTINCT %1$I) FROM fresh) - (SELECT count(*) FROM (
                SELECT p.id FROM %2$I p WHERE p.id IN (SELECT DISTINCT %1$I FROM fresh) FOR KEY SHARE OF p) AS held)',
            TG_ARGV[0], TG_ARGV[1]) INTO strangers;
        IF strangers > 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
                MESSAGE = format('%s of %s names a row of %s that is not there', TG_ARGV[0], TG_TABLE_NAME, TG_ARGV[1]);
        END IF;
        RETURN NULL;
    END $$";

/// Arguments: the table and the column that name the row.
const TAKEN_ALONG: &str =
    "CREATE FUNCTION rows_that_name_it_go() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        EXECUTE format('DELETE FROM %I WHERE %I = $1', TG_ARGV[0], TG_ARGV[1]) USING OLD.id;
        RETURN NULL;
    END $$";

const HELD: &str = "CREATE FUNCTION rows_that_name_it_hold_it() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE held boolean;
    BEGIN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE %I = $1)', TG_ARGV[0], TG_ARGV[1]) INTO held USING OLD.id;
        IF held THEN
            RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
                MESSAGE = format('a row of %s is named by %s of %s', TG_TABLE_NAME, TG_ARGV[1], TG_ARGV[0]);
        END IF;
        RETURN NULL;
    END $$";

impl Key {
    fn up(&self) -> Vec<String> {
        let Self { constraint, table, column, names, cascade } = self;
        let end = if *cascade { "rows_that_name_it_go" } else { "rows_that_name_it_hold_it" };
        vec![
            format!("ALTER TABLE {table} DROP CONSTRAINT {constraint}"),
            format!(
                "CREATE TRIGGER {constraint}_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
                 FOR EACH STATEMENT EXECUTE FUNCTION named_rows_are_there('{column}', '{names}')"
            ),
            // For a row that names another one than before. Planned once: a merge of companies moves many.
            format!(
                "CREATE FUNCTION {constraint}_anew() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    PERFORM 1 FROM {names} WHERE id = NEW.{column} FOR KEY SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
                            MESSAGE = '{column} of {table} names a row of {names} that is not there';
                    END IF;
                    RETURN NULL;
                END $$"
            ),
            format!(
                "CREATE TRIGGER {constraint}_anew AFTER UPDATE OF {column} ON {table} FOR EACH ROW
                 WHEN (OLD.{column} IS DISTINCT FROM NEW.{column} AND NEW.{column} IS NOT NULL)
                 EXECUTE FUNCTION {constraint}_anew()"
            ),
            format!(
                "CREATE TRIGGER {constraint} AFTER DELETE ON {names} FOR EACH ROW
                 EXECUTE FUNCTION {end}('{table}', '{column}')"
            ),
        ]
    }

    fn down(&self) -> Vec<String> {
        let Self { constraint, table, column, names, cascade } = self;
        let cascade = if *cascade { " ON DELETE CASCADE" } else { "" };
        vec![
            format!("DROP TRIGGER {constraint} ON {names}"),
            format!("DROP FUNCTION {constraint}_anew CASCADE"),
            format!("DROP TRIGGER {constraint}_new ON {table}"),
            format!(
                "ALTER TABLE {table} ADD CONSTRAINT {constraint} FOREIGN KEY ({column}) REFERENCES {names} (id){cascade}"
            ),
        ]
    }
}

fn up() -> Vec<String> {
    let functions = [NAMED, TAKEN_ALONG, HELD].map(str::to_owned);
    functions.into_iter().chain(KEYS.iter().flat_map(Key::up)).collect()
}

fn down() -> Vec<String> {
    let functions = "DROP FUNCTION named_rows_are_there, rows_that_name_it_go, rows_that_name_it_hold_it";
    KEYS.iter().flat_map(Key::down).chain([functions.to_owned()]).collect()
}

crate::dialect::migration!(on: Postgres, each: up(), down: down());
