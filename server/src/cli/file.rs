//! The configuration file, as defaults of the flags.

use clap::error::ErrorKind;
use std::path::Path;

/// Keys and values of a file.
pub(super) fn read(path: &Path) -> Result<Vec<(String, String)>, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|e| format!("cannot read the configuration file {name}: {e}"))?;
    let table = text
        .parse::<toml::Table>()
        .map_err(|e| format!("{} {name} is not TOML: {HINT}", place(&text, &e)))?;
    let plain = |(key, value): (String, toml::Value)| match value {
        toml::Value::String(s) => Ok((key, s)),
        toml::Value::Boolean(_) | toml::Value::Integer(_) | toml::Value::Float(_) => {
            Ok((key, value.to_string()))
        }
        toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => {
            Ok((key, items.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")))
        }
        _ => Err(format!(
            "the configuration file {name}: \"{key}\" must be a text, a number, true, false or a list of texts"
        )),
    };
    table.into_iter().map(plain).collect()
}

const HINT: &str = "look for a text without quotes, a quote that is not closed, a key that stands twice, or a number that is too \
    large";

/// Where a file is not TOML, as the beginning of a sentence. No more than that: the line may hold a secret, and what the parser says
/// of it may quote it.
fn place(text: &str, error: &toml::de::Error) -> String {
    let Some(span) = error.span() else { return "the configuration file".into() };
    let line = 1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count();
    format!("line {line} of the configuration file")
}

/// Sets the file's values as defaults of the flags with those names, in every subcommand that has them.
pub(super) fn with_defaults(
    mut command: clap::Command,
    values: &[(String, String)],
) -> Result<clap::Command, clap::Error> {
    for (key, value) in values {
        let id = key.replace('-', "_");
        let mut known = false;
        command = set_default(command, &id, value, &mut known);
        if !known {
            let message =
                format!("the configuration file has an unknown key \"{key}\"; see --help for the names\n");
            return Err(command.error(ErrorKind::UnknownArgument, message));
        }
    }
    Ok(command)
}

fn set_default(mut command: clap::Command, id: &str, value: &str, known: &mut bool) -> clap::Command {
    if id != "config" && command.get_arguments().any(|a| a.get_id() == id) {
        *known = true;
        let (id, value) = (id.to_owned(), value.to_owned());
        command = command.mut_arg(id, move |a| a.default_value(value));
    }
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        let (id, value) = (id.to_owned(), value.to_owned());
        let mut found = false;
        command = command.mut_subcommand(name, |c| set_default(c, &id, &value, &mut found));
        *known |= found;
    }
    command
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_wrong_is_named_by_its_line_or_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("msportal.toml");
        for (line, named) in [
            ("database-url = postgres://portal:d4ta-canary@db.example/portal", "line 2 of"),
            ("master-key = \"k3y-canary", "line 2 of"),
            ("master-key = 98765432109876543210", "line 2 of"),
            ("demo = false\nmaster-key = \"k3y-canary\"", "line 2 of"),
            ("smtp-url = { url = \"m41l-canary\" }", "\"smtp-url\""),
            ("smtp-url = [1, \"m41l-canary\"]", "\"smtp-url\""),
        ] {
            std::fs::write(&file, format!("demo = true\n{line}\n")).unwrap();
            let message = read(&file).unwrap_err();
            assert!(message.contains(named), "{line}: {message}");
            assert!(!message.contains("canary") && !message.contains("98765"), "{message}");
        }
    }
}
