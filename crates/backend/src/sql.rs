//! Plain SQL where a set-based statement says it best. Parameters are `$1`, `$2`, … on both engines.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult, Statement, Value};

fn statement(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    let backend = db.get_database_backend();
    match backend {
        DbBackend::Sqlite => {
            Statement::from_sql_and_values(backend, anonymous(sql).unwrap_or_else(|| sql.to_owned()), values)
        }
        _ => Statement::from_sql_and_values(backend, sql, values),
    }
}

/// The same statement with `?` for placeholders, if they stand in order and once each.
///
/// SQLite looks named placeholders up in a list, one by one: with thousands of them that takes longer than the write.
fn anonymous(sql: &str) -> Option<String> {
    let mut out = String::with_capacity(sql.len());
    let (mut parts, mut next) = (sql.split('$'), 1_usize);
    out.push_str(parts.next()?);
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if part[..digits].parse() != Ok(next) {
            return None;
        }
        out.push('?');
        out.push_str(&part[digits..]);
        next += 1;
    }
    Some(out)
}

/// All rows of a query.
pub async fn all<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<T>, DbErr> {
    T::find_by_statement(statement(db, sql, values)).all(db).await
}

/// The first row of a query.
pub async fn one<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>, DbErr> {
    T::find_by_statement(statement(db, sql, values)).one(db).await
}

/// All rows of a query whose columns are known only when it is put together.
pub async fn rows(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(statement(db, sql, values)).await
}

/// Runs a statement and answers how many rows it touched.
pub async fn execute(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    Ok(db.execute_raw(statement(db, sql, values)).await?.rows_affected())
}

/// The single number of a query such as `SELECT count(*) AS n`, whose column is named `n`.
pub async fn count(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<i64, DbErr> {
    #[derive(FromQueryResult)]
    struct Count {
        n: i64,
    }
    Ok(one::<Count>(db, sql, values).await?.map_or(0, |c| c.n))
}

/// The statement with `{uuid}` as the engine's type: PostgreSQL wants to know the type of a bare parameter. `{find}` is the
/// function that finds a text in another. A column behind
/// `{no_index}` is compared without an index on SQLite, which else takes any index that begins with a tenant's id, although
/// it holds all of the tenant's rows.
pub fn typed(db: &impl ConnectionTrait, sql: &str) -> String {
    let (uuid, no_index, find) = match db.get_database_backend() {
        DbBackend::Postgres => ("uuid", "", "strpos"),
        _ => ("blob", "+", "instr"),
    };
    sql.replace("{uuid}", uuid).replace("{no_index}", no_index).replace("{find}", find)
}

/// Collects parameters and hands out their placeholders.
#[derive(Default)]
pub struct Params(pub Vec<Value>);

impl Params {
    /// Adds a value and answers its placeholder, such as `$3`.
    pub fn push(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// Adds many values and answers `$3, $4, $5`; for an empty list `NULL`, which equals nothing.
    pub fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> String {
        let marks: Vec<String> = values.into_iter().map(|v| self.push(v)).collect();
        if marks.is_empty() { "NULL".into() } else { marks.join(", ") }
    }
}

/// `IN (…)` of many texts as one parameter: the statement stays the same however many there are, and is prepared once.
pub fn within<'a>(
    db: &impl ConnectionTrait,
    p: &mut Params,
    texts: impl IntoIterator<Item = &'a str>,
) -> String {
    match db.get_database_backend() {
        DbBackend::Sqlite => {
            let list: Vec<&str> = texts.into_iter().collect();
            // A list of texts always has a JSON form.
            let json = serde_json::to_string(&list).unwrap_or_else(|_| "[]".into());
            format!("IN (SELECT value FROM json_each({}))", p.push(json))
        }
        _ => {
            let list: Vec<Value> = texts.into_iter().map(Value::from).collect();
            let mark = p.push(Value::Array(sea_orm::sea_query::ArrayType::String, Some(Box::new(list))));
            format!("= ANY ({mark})")
        }
    }
}

/// The pattern of `LIKE … ESCAPE '\'` that finds `text` anywhere, in lower case, with wildcards taken literally.
pub fn contains(text: &str) -> String {
    contains_written(&text.to_lowercase())
}

/// The same as it is written.
pub fn contains_written(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_placeholders_in_order_become_anonymous() {
        assert_eq!(anonymous("VALUES ($1, $2), ($3, $4)").as_deref(), Some("VALUES (?, ?), (?, ?)"));
        assert_eq!(anonymous("a = $2 AND b = $1"), None);
        assert_eq!(anonymous("a = $1 OR b = $1"), None);
        assert_eq!(anonymous("SELECT 1").as_deref(), Some("SELECT 1"));
    }

    #[test]
    fn wildcards_of_a_search_are_taken_literally() {
        assert_eq!(contains("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
