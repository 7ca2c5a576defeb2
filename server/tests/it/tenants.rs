//! Two tenants of one installation see nothing of each other.

use crate::{
    foreign::everything,
    support::{Client, PASSWORD, Rows, Setup, Site},
};
use domain::ids::TenantId;
use serde_json::{Value, json};
use std::process::Command;

on_both!(tenants_see_nothing_of_each_other);

async fn signs_up(client: &mut Client, portal: &str, email: &str) -> Value {
    let founder =
        json!({ "portal_name": portal, "name": "Kim Founder", "email": email, "password": PASSWORD });
    client.post("setup/sign_up", founder).await.ok()
}

/// A row of everything in somebody's tenant.
async fn rows_of(site: &Site, client: &mut Client, seed: u128) -> Rows {
    let me = client.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    Rows::insert(site, tenant, seed).await
}

async fn tenants_see_nothing_of_each_other(setup: Setup) {
    let site = setup.with(|config| config.sign_up = true).start().await;
    let (mut owner, mut kim) = (site.owner().await, site.nobody());
    let me = signs_up(&mut kim, "Contoso IT", "kim@contoso.example").await;
    assert_eq!((me["tenant"]["name"].as_str(), me["role"].as_str()), (Some("Contoso IT"), Some("admin")));
    let mine = rows_of(&site, &mut owner, 0x200).await;
    let theirs = rows_of(&site, &mut kim, 0x300).await;
    for (client, own, other, names) in [
        (&mut owner, &mine, &theirs, ["Contoso IT", "Kim Founder", "kim@contoso.example"]),
        (&mut kim, &theirs, &mine, ["Northwind MSP", "Sam Owner", "sam@northwind.example"]),
    ] {
        let seen = everything(client, own).await;
        assert!(seen.len() > 40, "{} endpoints", seen.len());
        for (path, answer) in seen {
            let text = answer.to_string();
            let ids = [
                other.company,
                other.location,
                other.device_type,
                other.integration,
                other.run,
                other.device,
            ];
            let ids = ids.into_iter().chain([
                other.question,
                other.user,
                other.session,
                other.invitation,
                other.view,
            ]);
            for hidden in ids.map(|id| id.to_string()).chain(names.map(str::to_owned)) {
                assert!(!text.contains(&hidden), "{path} shows {hidden}: {text}");
            }
        }
        for list in ["companies/list", "locations/list", "devices/list", "integrations/list"] {
            assert_eq!(client.get(list, &[]).await.ok()["total"], 1, "{list}");
        }
        for file in ["devices/export.csv", "reports/devices.csv", "reports/companies.csv", "audit/export.csv"]
        {
            let file = client.get(file, &[]).await.text;
            for hidden in names.into_iter().chain([format!("Device {}", other.remote).as_str()]) {
                assert!(!file.contains(hidden), "a file shows {hidden}: {file}");
            }
        }
    }
    // Its events are in the log of the tenant that was created.
    let events = kim.all("audit/list", &[]).await;
    let first: Vec<_> = events.iter().rev().take(2).map(|e| (&e["actor"], &e["action"])).collect();
    assert_eq!(
        first,
        [(&json!("Kim Founder"), &json!("portal_created")), (&json!("Kim Founder"), &json!("signed_in"))]
    );
}

#[tokio::test]
async fn nobody_signs_up_unless_it_is_allowed() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let founder = json!({ "portal_name": "Contoso", "name": "Kim", "email": "kim@contoso.example", "password": PASSWORD });
    let before = site.row_counts().await;
    site.nobody().post("setup/sign_up", founder).await.refused(403, "forbidden");
    assert_eq!(site.row_counts().await, before);
    assert!(!site.nobody().get("/sign-in", &[]).await.text.contains("/sign-up"));

    let site = Setup::sqlite().with(|config| config.sign_up = true).start().await;
    site.owner().await;
    assert!(site.nobody().get("/sign-in", &[]).await.text.contains("href=\"/sign-up\""));
    assert!(
        site.nobody().get("/sign-up", &[]).await.text.contains("Name your portal and create your account.")
    );
}

#[tokio::test]
async fn an_operator_creates_and_lists_tenants() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msportal"));
        command.args(arguments).arg("--data-dir").arg(site.setup.folder.path()).env_remove("DATABASE_URL");
        let output = command.output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let said = run(&["tenant", "create", "--name", "Contoso IT", "--admin-email", "kim@contoso.example"]);
    assert!(said.starts_with("created Contoso IT; the invitation for kim@contoso.example:"), "{said}");
    let token = said.trim().rsplit('/').next().expect("a link").to_owned();
    let list = run(&["tenant", "list"]);
    let lines: Vec<&str> = list.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].contains("Northwind MSP") && lines[1].ends_with("owner nobody yet"),
        "{list}"
    );
    let id = lines[1].split_whitespace().next().expect("an id");
    let again = run(&["tenant", "invite", "--tenant", id, "--admin-email", "kim@contoso.example"]);
    let newer = again.trim().rsplit('/').next().expect("a link").to_owned();
    let join = |token: &str| json!({ "token": token, "name": "Kim", "password": PASSWORD });
    site.nobody().post("users/accept", join(&token)).await.refused(404, "not_found");
    let me = site.nobody().post("users/accept", join(&newer)).await.ok();
    assert_eq!(me["tenant"]["name"], "Contoso IT");
    assert!(
        run(&["tenant", "list"])
            .lines()
            .last()
            .is_some_and(|line| line.ends_with("owner kim@contoso.example"))
    );
}
