use std::{
    io::{BufRead, BufReader},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
};

use testkit::Postgres;

use crate::eventually;

#[test]
fn databases_are_separate_and_end_with_the_server() {
    let server = Postgres::start().unwrap();
    let (one, two) = (server.create_database().unwrap(), server.create_database().unwrap());
    assert_ne!(one, two);
    sql(&one, "CREATE TABLE only_here (id int)");
    assert_eq!(sql(&one, "SELECT count(*) FROM only_here"), "0");
    assert_eq!(sql(&two, "SELECT to_regclass('only_here') IS NULL"), "t");
    assert_eq!(sql(&two, "SELECT upper('ä') || current_setting('fsync')"), "Äoff");

    let folder = server.folder().to_owned();
    let address = address_of(&one);
    drop(server);
    assert!(TcpStream::connect(address).is_err(), "the server still listens");
    assert!(!folder.exists(), "the folder is still there");
}

#[test]
fn one_server_serves_the_whole_process() {
    let (one, two) = (testkit::postgres_url().unwrap(), testkit::postgres_url().unwrap());
    assert_ne!(one, two);
    assert_eq!(address_of(&one), address_of(&two));
    assert_eq!(sql(&one, "SELECT 1"), "1");
}

#[test]
fn a_base_url_keeps_its_query() {
    let server = Postgres::start().unwrap();
    let url =
        testkit::create_database_on(&format!("{}?application_name=me", server.url("postgres"))).unwrap();
    assert_eq!(sql(&url, "SELECT current_setting('application_name')"), "me");
    assert!(testkit::create_database_on("postgres://postgres@127.0.0.1:1/postgres").is_err());
}

/// The process below is killed without a chance to clean up; its server must still go.
#[test]
fn a_killed_process_leaves_nothing() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["postgres::helper_holds_a_server", "--ignored", "--exact", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.map_while(Result::ok).find(|l| l.contains("holding ")).unwrap();
    let (_, words) = line.split_once("holding ").unwrap();
    let (folder, address) = words.split_once(' ').unwrap();
    assert!(TcpStream::connect(address).is_ok());

    child.kill().unwrap();
    child.wait().unwrap();
    eventually("the server is gone", || TcpStream::connect(address).is_err());
    eventually("the folder is gone", || !Path::new(folder).exists());
}

#[test]
#[ignore = "not a test: the process that a_killed_process_leaves_nothing kills"]
fn helper_holds_a_server() {
    let server = Postgres::start().unwrap();
    println!("holding {} {}", server.folder().display(), address_of(&server.url("postgres")));
    std::thread::sleep(std::time::Duration::from_secs(60));
}

fn address_of(url: &str) -> String {
    url.split(['@', '/']).nth(3).unwrap().to_owned()
}

fn sql(url: &str, statement: &str) -> String {
    let out =
        Command::new("psql").args(["-X", "-q", "-A", "-t", "-d", url, "-c", statement]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}
