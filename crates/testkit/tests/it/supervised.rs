use std::{process::Command, time::Duration};

use testkit::Supervised;

const SOON: Duration = Duration::from_secs(10);

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn waits_for_a_line_and_stops_politely() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap 'echo bye; exit 3' TERM; echo listening on $WHERE; while :; do sleep 0.05; done";
    let mut command = shell(script);
    command.env("WHERE", "here");
    let log = folder.path().join("log");
    let mut child = Supervised::start("it", &command, &log).unwrap();
    assert_eq!(child.wait_for("listening on", SOON).unwrap(), "here");
    assert!(child.is_running());
    assert_eq!(child.stop().unwrap().code(), Some(3));
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "listening on here\nbye\n");
}

#[test]
fn says_why_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let command = shell("echo no such luck >&2; exit 1");
    let mut child = Supervised::start("it", &command, &folder.path().join("log")).unwrap();
    let problem = child.wait_for("ready", SOON).unwrap_err().to_string();
    assert!(problem.contains("it ended") && problem.contains("no such luck"), "{problem}");
    assert!(!child.is_running());
}

#[test]
fn says_that_it_never_came() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Supervised::start("it", &shell("sleep 5"), &folder.path().join("log")).unwrap();
    let problem = child.wait_for("ready", Duration::from_millis(100)).unwrap_err().to_string();
    assert!(problem.contains("did not say \"ready\""), "{problem}");
}

#[test]
fn sqlite_files_are_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (testkit::sqlite_url(folder.path()), testkit::sqlite_url(folder.path()));
    assert_ne!(one, two);
    assert!(one.starts_with("sqlite:///") && one.ends_with(".db?mode=rwc"), "{one}");
}
