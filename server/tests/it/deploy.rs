//! What stands in `deploy` goes with the program and with itself: settings, commands, ports and places.

use crate::support::Setup;
use clap::{Arg, ArgAction, CommandFactory};
use server::cli::{self, Cli, ServeArgs};
use std::{collections::BTreeMap, ffi::OsString, fs, net::IpAddr, path::Path};
use url::Url;

fn file(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    fs::read_to_string(root.join(name)).expect(name)
}

/// What is set for a process, by name.
type Environment = BTreeMap<String, String>;

/// Every flag of the program that an environment variable stands for, by its name.
fn settings() -> BTreeMap<String, Arg> {
    let (mut found, mut commands) = (BTreeMap::new(), vec![Cli::command()]);
    while let Some(command) = commands.pop() {
        for arg in command.get_arguments() {
            if let Some(name) = arg.get_env() {
                found.insert(name.to_string_lossy().into_owned(), arg.clone());
            }
        }
        commands.extend(command.get_subcommands().cloned());
    }
    found
}

fn is_ours(name: &str) -> bool {
    name.starts_with("MSPORTAL_") || name.starts_with("DATABASE_")
}

/// Words like names of settings, comments included.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_')
        .filter(|word| is_ours(word))
}

/// Name and value of `NAME=value`.
fn pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or_else(|| panic!("no value: {text}"));
    (name.to_owned(), value.to_owned())
}

fn parsed(arguments: Vec<String>) -> cli::Command {
    let arguments = arguments.into_iter().map(OsString::from);
    cli::parse(arguments).unwrap_or_else(|error| panic!("{error}")).command
}

/// How the program would serve: its settings as flags, since all tests share the environment of their process.
fn serves(mut line: Vec<String>, environment: &Environment) -> ServeArgs {
    let known = settings();
    for (name, value) in environment {
        let arg = known.get(name).unwrap_or_else(|| panic!("the program has no {name}"));
        let flag = format!("--{}", arg.get_long().expect("a long name"));
        match (arg.get_action(), value.as_str()) {
            (ArgAction::SetTrue, "true") => line.push(flag),
            (ArgAction::SetTrue, _) => assert_eq!(value, "false", "{name}"),
            _ => line.push(format!("{flag}={value}")),
        }
    }
    match parsed(line) {
        cli::Command::Serve(args) => args,
        other => panic!("it does not serve: {other:?}"),
    }
}

/// The Dockerfile's last stage.
struct Image(String);

impl Image {
    fn read() -> Self {
        let all = file("deploy/Dockerfile").replace("\\\n", " ");
        Self(all.rsplit_once("\nFROM ").expect("stages").1.to_owned())
    }

    fn instruction(&self, name: &str) -> &str {
        let found = self.0.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("no {name}")).trim()
    }

    /// The words of a command in the form of a JSON list.
    fn words(&self, name: &str) -> Vec<String> {
        let text = self.instruction(name);
        let list = &text[text.find('[').expect("a list")..];
        serde_json::from_str(list).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn environment(&self) -> Environment {
        self.instruction("ENV").split_whitespace().map(pair).collect()
    }

    fn command(&self) -> Vec<String> {
        [self.words("ENTRYPOINT"), self.words("CMD")].concat()
    }
}

/// The lines of the compose file that are no comments, without the blanks around them.
fn composed() -> Vec<String> {
    let text = file("deploy/compose.yaml");
    assert!(!text.contains('\t'), "YAML has no tabs");
    text.lines().map(str::trim).filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// What stands behind `before` in the one line that begins with it.
fn behind<'a>(lines: &'a [String], before: &str) -> &'a str {
    let found: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix(before)).collect();
    assert_eq!(found.len(), 1, "lines that begin with {before:?}: {found:?}");
    found[0].trim().trim_matches('"')
}

#[test]
fn every_setting_that_is_named_is_one_of_the_program() {
    let known = settings();
    for (name, least) in
        [("deploy/Dockerfile", 2), ("deploy/compose.yaml", 7), ("deploy/msportal.service", 4)]
    {
        let text = file(name);
        let unknown: Vec<&str> = named(&text).filter(|word| !known.contains_key(*word)).collect();
        assert!(unknown.is_empty(), "{name} names what the program does not know: {unknown:?}");
        assert!(named(&text).count() >= least, "{name} names fewer settings than it did");
    }
}

#[tokio::test]
async fn the_image_serves_where_it_says() {
    let image = Image::read();
    let args = serves(image.command(), &image.environment());
    assert!(args.listen.ip().is_unspecified(), "from outside of the container");
    assert_eq!(image.instruction("EXPOSE"), args.listen.port().to_string());
    let asked = image.words("HEALTHCHECK");
    let asked = Url::parse(asked.last().expect("an address")).expect("an address");
    assert_eq!(asked.port(), Some(args.listen.port()));
    let site = Setup::sqlite().start().await;
    assert_eq!(site.nobody().get(asked.path(), &[]).await.status, 200);

    let folder = args.storage.data_dir.to_str().expect("a text");
    assert_eq!(image.instruction("VOLUME"), folder);
    let made = image.instruction("RUN");
    assert!(made.contains(&format!("--home-dir {folder} ")), "{made}");
    assert!(made.contains(&format!("-m 0700 {folder}")), "{made}");
    assert!(made.contains(&format!("useradd --system --uid 10001 --gid {} ", image.instruction("USER"))));
    let version = file("Cargo.toml");
    let version = version.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("a version");
    let from = format!("FROM rust:{}-", version.trim_matches('"'));
    assert!(file("deploy/Dockerfile").contains(&from), "no {from}");
}

#[test]
fn the_composed_portal_serves_from_the_image() {
    let (image, lines) = (Image::read(), composed());
    let set = lines.iter().filter_map(|line| line.split_once(": ")).filter(|(name, _)| is_ours(name));
    let set = set.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()));
    let environment: Environment = image.environment().into_iter().chain(set).collect();
    let args = serves(image.command(), &environment);

    assert_eq!(behind(&lines, "dockerfile: "), "deploy/Dockerfile");
    let port = behind(&lines, "- \"127.0.0.1:").rsplit(':').next();
    assert_eq!(port, Some(args.listen.port().to_string().as_str()), "the published port");
    assert!(args.watch.metrics_listen.is_none_or(|at| at.port() != args.listen.port()));
    assert_eq!(behind(&lines, "- data:"), args.storage.data_dir.to_str().expect("a text"));
    let gateway: IpAddr = behind(&lines, "gateway: ").parse().expect("an address");
    assert_eq!((args.trusted_proxies, args.behind_tls), (vec![gateway], true));
    for volume in ["data:", "database:"] {
        assert!(lines.iter().any(|line| line == volume), "{volume} is not declared");
    }
    let secrets = lines.iter().filter_map(|line| line.split_once("/run/secrets/")).map(|(_, name)| name);
    for name in secrets {
        for wanted in [format!("- {name}"), format!("{name}:"), format!("file: ./secrets/{name}")] {
            assert!(lines.contains(&wanted), "no line {wanted:?}");
        }
    }
}

#[test]
fn what_the_compose_file_tells_to_do_first_is_a_command() {
    let text = file("deploy/compose.yaml");
    let told = text.lines().find_map(|line| line.split_once(" run --rm portal ")).expect("a command").1;
    // Every second piece stands in quotes.
    let quoted = |(n, piece): (usize, &str)| -> Vec<String> {
        if n % 2 == 1 {
            vec![piece.to_owned()]
        } else {
            piece.split_whitespace().map(str::to_owned).collect()
        }
    };
    let words = told.split('"').enumerate().flat_map(quoted);
    let command = parsed(["msportal".to_owned()].into_iter().chain(words).collect());
    assert!(matches!(command, cli::Command::Tenant(cli::TenantCommand::Create(_))), "{command:?}");
    let owner =
        format!("--uid {}", text.split_once("chown ").expect("an owner").1.split(' ').next().expect("one"));
    assert!(file("deploy/Dockerfile").contains(&owner), "the image's user is not {owner}");
}

#[test]
fn the_unit_serves_from_where_its_first_lines_put_it() {
    let text = file("deploy/msportal.service");
    let of = |key: &str| {
        let values = text.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        values.collect::<Vec<&str>>()
    };
    let line: Vec<String> = of("ExecStart").concat().split_whitespace().map(str::to_owned).collect();
    assert!(text.contains(&format!("install -m 0755 msportal {}\n", line[0])), "{line:?}");
    let args = serves(line, &of("Environment").into_iter().map(pair).collect());
    assert!(args.listen.ip().is_loopback(), "a proxy is before it");
    let folder = args.storage.data_dir.to_str().expect("a text");
    assert_eq!(of("StateDirectory"), [folder.trim_start_matches("/var/lib/")]);
    assert!(text.contains(&format!("--home-dir {folder} ")), "the user's folder is another one");
    let told = format!("# Settings go into {},", of("EnvironmentFile").concat().trim_start_matches('-'));
    assert!(text.contains(&told), "no {told:?}");
    assert_eq!(of("User"), of("Group"));
}
