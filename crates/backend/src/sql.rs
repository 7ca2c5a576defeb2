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

/// A row lock on PostgreSQL; SQLite's write transaction holds the whole database.
pub fn locked(db: &impl ConnectionTrait, clause: &'static str) -> &'static str {
    if db.get_database_backend() == DbBackend::Postgres { clause } else { "" }
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
    pattern(&text.to_lowercase())
}

fn pattern(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}

/// The condition that one of the columns, each an expression such as `lower(name)`, holds the text.
pub fn any_holds(columns: &[&str], text: &str, p: &mut Params) -> String {
    let like: Vec<String> = cases(text).iter().map(|text| p.push(pattern(text))).collect();
    let any = |c: &&str| like.iter().map(|like| format!("{c} LIKE {like} ESCAPE '\\'")).collect::<Vec<_>>();
    format!("({})", columns.iter().flat_map(any).collect::<Vec<_>>().join(" OR "))
}

/// Most letters that are looked for in every mixture of cases.
const MOST_MIXED: usize = 3;

/// How a text may stand where `lower` has been at work: that of SQLite knows ASCII alone, and leaves an Ö beside an ö. The
/// first is all in lower case. Of many such letters these are looked for: all small, all large, as it was typed, and words
/// that begin with a capital.
pub fn cases(text: &str) -> Vec<String> {
    let small = text.to_lowercase();
    let count = small.chars().filter(|c| capital(*c).is_some()).count();
    let mut all: Vec<String> = match count {
        0..=MOST_MIXED => {
            (0..1 << count).map(|mixture: usize| mixed(&small, |nth| mixture >> nth & 1 == 1)).collect()
        }
        _ => vec![small.clone(), mixed(&small, |_| true), named(&small)],
    };
    // Also what has no small letter of its own, such as İ.
    all.push(text.to_ascii_lowercase());
    let mut seen = Vec::new();
    all.retain(|form| {
        !seen.contains(form) && {
            seen.push(form.clone());
            true
        }
    });
    all
}

/// The capital of a letter beyond ASCII, if it is one letter.
fn capital(c: char) -> Option<char> {
    let mut upper = c.to_uppercase();
    upper.next().filter(|u| !c.is_ascii() && *u != c && upper.next().is_none())
}

/// The text with capitals for those of its letters beyond ASCII that `is_large` says, by their number.
fn mixed(small: &str, is_large: impl Fn(usize) -> bool) -> String {
    let mut nth = 0;
    let letter = |c: char| match capital(c) {
        Some(upper) => {
            nth += 1;
            if is_large(nth - 1) { upper } else { c }
        }
        None => c,
    };
    small.chars().map(letter).collect()
}

/// The text with capitals where its words begin.
fn named(small: &str) -> String {
    let mut inside = false;
    let letter = |c: char| {
        let begins = !inside;
        inside = c.is_alphanumeric();
        if begins { capital(c).unwrap_or(c) } else { c }
    };
    small.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_looked_for_in_both_cases() {
        assert_eq!(cases("Front DESK"), ["front desk"]);
        assert_eq!(cases("MÜLLER"), ["müller", "mÜller"]);
        assert_eq!(cases("Öl-Öfen"), ["öl-öfen", "Öl-öfen", "öl-Öfen", "Öl-Öfen"]);
        assert_eq!(cases("straße"), ["straße"], "a letter without a capital of its own");
        assert_eq!(cases("ΑΒΓΔ"), ["αβγδ", "ΑΒΓΔ", "Αβγδ"]);
        assert_eq!(cases("иван петров"), ["иван петров", "ИВАН ПЕТРОВ", "Иван Петров"]);
        assert_eq!(cases("ЖД-Терминал"), ["жд-терминал", "ЖД-ТЕРМИНАЛ", "Жд-Терминал", "ЖД-Терминал"]);
        assert_eq!(cases("İstanbul"), ["i\u{307}stanbul", "İstanbul"]);
    }

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
