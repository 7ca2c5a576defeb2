//! Filters: the small language of `df`, `sf`, `ptf` and `stf`.
//!
//! NinjaOne: `key op value` joined by `AND` (or `&&`), no `OR`; lists as `id in (1,2)`. What cannot be read is
//! answered with status 500.

/// A filter that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadFilter;

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub key: String,
    pub op: Op,
    pub values: Vec<String>,
}

/// How a key is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    In,
    NotIn,
    Before,
    After,
    Between,
    /// No operator: `online`, `group 5`.
    Bare,
}

impl Op {
    fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "=" | "eq" => Self::Eq,
            "!=" | "neq" | "<>" => Self::Ne,
            "in" => Self::In,
            "nin" | "notin" | "!in" => Self::NotIn,
            "<" | "lt" | "before" => Self::Before,
            ">" | "gt" | "after" => Self::After,
            "between" => Self::Between,
            _ => return None,
        })
    }

    /// Takes a list in parentheses.
    fn takes_list(self) -> bool {
        matches!(self, Self::In | Self::NotIn | Self::Between)
    }

    /// Says what must not be.
    pub fn negates(self) -> bool {
        matches!(self, Self::Ne | Self::NotIn)
    }
}

/// Reads a filter into its conditions; an empty text has none.
pub(crate) fn parse(text: &str) -> Result<Vec<Clause>, BadFilter> {
    let tokens = tokens(text);
    let mut rest = tokens.as_slice();
    let mut clauses = Vec::new();
    while !rest.is_empty() {
        if !clauses.is_empty() {
            rest = match rest {
                [and, tail @ ..] if and == "&&" || and.eq_ignore_ascii_case("and") => tail,
                _ => return Err(BadFilter),
            };
        }
        clauses.push(clause(&mut rest)?);
    }
    Ok(clauses)
}

/// Takes one condition off the front.
fn clause(rest: &mut &[String]) -> Result<Clause, BadFilter> {
    let key = take(rest)?.to_ascii_lowercase();
    if matches!(key.as_str(), "online" | "offline") {
        return Ok(Clause { key, op: Op::Bare, values: Vec::new() });
    }
    if key == "group" {
        return Ok(Clause { key, op: Op::Bare, values: vec![take(rest)?.clone()] });
    }
    let op = Op::parse(take(rest)?).ok_or(BadFilter)?;
    let values = if op.takes_list() { list(rest)? } else { vec![value(rest)?] };
    Ok(Clause { key, op, values })
}

fn take<'a>(rest: &mut &'a [String]) -> Result<&'a String, BadFilter> {
    let (first, tail) = rest.split_first().ok_or(BadFilter)?;
    *rest = tail;
    Ok(first)
}

fn value(rest: &mut &[String]) -> Result<String, BadFilter> {
    let word = take(rest)?;
    if matches!(word.as_str(), "(" | ")" | "," | "&&") { Err(BadFilter) } else { Ok(word.clone()) }
}

/// Takes `(a, b, c)` off the front.
fn list(rest: &mut &[String]) -> Result<Vec<String>, BadFilter> {
    if take(rest)? != "(" {
        return Err(BadFilter);
    }
    let mut values = vec![value(rest)?];
    loop {
        match take(rest)?.as_str() {
            ")" => return Ok(values),
            "," => values.push(value(rest)?),
            _ => return Err(BadFilter),
        }
    }
}

/// Splits into words, parentheses, commas and operators.
fn tokens(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => word.push(c),
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c.is_whitespace() => flush(&mut word, &mut all),
            None if "(),".contains(c) => {
                flush(&mut word, &mut all);
                all.push(c.to_string());
            }
            None => {
                let sign = |c: char| "=<>!&|".contains(c);
                let edge = word.chars().last().is_some_and(|last| sign(last) != sign(c));
                if edge && word != "!" {
                    flush(&mut word, &mut all);
                }
                word.push(c);
            }
        }
    }
    flush(&mut word, &mut all);
    all
}

fn flush(word: &mut String, all: &mut Vec<String>) {
    if !word.is_empty() {
        all.push(std::mem::take(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Op, Vec<String>)> {
        parse(text).unwrap().into_iter().map(|c| (c.key, c.op, c.values)).collect()
    }

    #[test]
    fn every_documented_form_is_read() {
        let one = |key: &str, op, values: &[&str]| {
            (key.to_owned(), op, values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(read("id=5948"), [one("id", Op::Eq, &["5948"])]);
        assert_eq!(read("org neq 3 && offline"), [one("org", Op::Ne, &["3"]), one("offline", Op::Bare, &[])]);
        assert_eq!(
            read("id !in (1, 2)AND class in(MAC)"),
            [one("id", Op::NotIn, &["1", "2"]), one("class", Op::In, &["MAC"])]
        );
        assert_eq!(read("created after 2026-01-02"), [one("created", Op::After, &["2026-01-02"])]);
        assert_eq!(read("startTime between (a,b)"), [one("starttime", Op::Between, &["a", "b"])]);
        assert_eq!(read("org<>7"), [one("org", Op::Ne, &["7"])]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn or_and_half_a_condition_are_refused() {
        for text in [
            "id = 1 OR id = 2",
            "id = 1 || id = 2",
            "id",
            "id =",
            "id in 1,2",
            "id in (1,",
            "id = 1 AND",
            "id ~ 1",
        ] {
            assert_eq!(parse(text), Err(BadFilter), "{text}");
        }
    }
}
