//! Who has forgotten the password, as a browser meets it; and what an operator has to set for mails.

use crate::support::Setup;
use backend::{Config, mail::MailSettings};
use serde_json::json;
use std::process::Command;

on_both!(whoever_asks_gets_the_same_answer, whoever_signs_up_gets_the_same_answer);

/// A mail server that is away.
fn with_mail(config: &mut Config) {
    let settings = MailSettings::new(
        &"smtp://127.0.0.1:9".to_owned().into(),
        Some("portal@msp.example"),
        Some("https://portal.example"),
    );
    config.mail = Some(settings.expect("settings"));
}

async fn whoever_asks_gets_the_same_answer(setup: Setup) {
    let site = setup.with(with_mail).start().await;
    site.owner().await;
    let mut visitor = site.nobody();
    assert!(visitor.get("/sign-in", &[]).await.text.contains("href=\"/forgot-password\""));
    let page = visitor.get("/forgot-password", &[]).await;
    assert!(page.status == 200 && page.text.contains("Send the mail"), "{}", page.status);
    let mut told = Vec::new();
    for _ in 0..4 {
        for email in ["sam@northwind.example", "nobody@northwind.example"] {
            let answer = visitor.post("users/forgot_password", json!({ "email": email })).await;
            told.push((answer.status, answer.text));
        }
    }
    assert_eq!(
        told.iter().map(|(status, _)| *status).collect::<Vec<_>>(),
        [200, 200, 200, 200, 200, 200, 429, 429]
    );
    for pair in told.chunks(2) {
        assert_eq!(pair[0], pair[1], "known and unknown");
    }
}

async fn whoever_signs_up_gets_the_same_answer(setup: Setup) {
    let change = |config: &mut Config| {
        with_mail(config);
        config.sign_up = true;
    };
    let site = setup.with(change).start().await;
    site.owner().await;
    let mut visitor = site.nobody();
    let page = visitor.get("/sign-up", &[]).await;
    assert!(page.status == 200 && page.text.contains("Send the mail"), "{}", page.status);
    let mut told = Vec::new();
    for _ in 0..4 {
        for email in ["sam@northwind.example", "nobody@northwind.example"] {
            let body = json!({ "portal_name": "Contoso IT", "email": email });
            let answer = visitor.post("setup/request_sign_up", body).await;
            told.push((answer.status, answer.text, visitor.cookie.clone()));
        }
    }
    assert_eq!(
        told.iter().map(|(status, ..)| *status).collect::<Vec<_>>(),
        [200, 200, 200, 200, 200, 200, 429, 429]
    );
    for pair in told.chunks(2) {
        assert_eq!(pair[0], pair[1], "known and unknown");
    }
    let founder = json!({ "portal_name": "Contoso", "name": "Kim", "email": "sam@northwind.example", "password": "a long password" });
    visitor.post("setup/sign_up", founder).await.refused(403, "forbidden");
}

#[tokio::test]
async fn without_mails_nothing_is_offered() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let mut visitor = site.nobody();
    assert!(!visitor.get("/sign-in", &[]).await.text.contains("/forgot-password"));
    let page = visitor.get("/forgot-password", &[]).await.text;
    assert!(page.contains("This portal sends no mail.") && !page.contains("Send the mail"));
    let asked = visitor.post("users/forgot_password", json!({ "email": "sam@northwind.example" })).await;
    asked.refused(403, "forbidden");
}

/// The program does not start with half of it, says which setting is missing, and not what the others are.
#[test]
fn a_setting_that_is_missing_is_named() {
    let folder = tempfile::tempdir().expect("a temp folder");
    let url = "smtps://portal:m41l-canary@mail.example";
    let sender = ["--mail-from", "portal@msp.example"];
    for (process, given, missing) in [
        ("serve", &sender[..], "--public-url"),
        ("worker", &["--public-url", "https://portal.example"][..], "--mail-from"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msportal"));
        command.arg(process).arg("--data-dir").arg(folder.path()).args(given).env("MSPORTAL_SMTP_URL", url);
        let output = command.output().expect("it runs");
        let said = String::from_utf8([output.stderr, output.stdout].concat()).expect("text");
        assert!(!output.status.success() && said.contains(missing) && !said.contains("canary"), "{said}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_msportal"));
        let help = command.args([process, "--help"]).env("MSPORTAL_SMTP_URL", url).output().expect("it runs");
        let help = String::from_utf8(help.stdout).expect("text");
        assert!(help.contains("--smtp-url") && !help.contains("canary"));
    }
}
