//! Why a device is here, or is not.

use crate::{
    fleet::Fleet,
    staged::Staged,
    support::{TestPortal, kind_of, refused},
};
use backend::{WhyAsked, clock::new_id};
use domain::{
    device_edit::{DeviceField, FieldValue},
    error::ErrorKind::{Invalid, NotFound},
    import::ImportSelection,
    mapping::{NodeClassChoice, OrganizationChoice},
    run::RunKind,
    why::{
        Why, WhyChain,
        WhyCode::{self, *},
        WhyPlace,
    },
};

on_both!(each_reason_is_named, any_notation_finds_it, people_and_merges_are_named, strangers);
on_both_with_fleet!(the_runs_behind_it_are_linked);

fn text(text: &str) -> WhyAsked {
    WhyAsked { search: Some(text.into()), ..WhyAsked::default() }
}

async fn chain(staged: &Staged<'_>, asked: &str) -> WhyChain {
    let chain = staged.admin().why(text(asked)).await.unwrap().chain.unwrap_or_else(|| panic!("{asked}"));
    for step in &chain.steps {
        assert!(!step.links.is_empty(), "{asked}: {} leads nowhere", step.code);
    }
    chain
}

/// Where the links of a step lead.
fn places(chain: &WhyChain, code: WhyCode) -> Vec<WhyPlace> {
    let step = chain.steps.iter().find(|step| step.code == code).expect("the step is there");
    step.links.iter().map(|link| link.place).collect()
}

fn codes(chain: &WhyChain) -> Vec<WhyCode> {
    chain.steps.iter().map(|step| step.code).collect()
}

async fn each_reason_is_named(test: TestPortal) {
    let staged = Staged::new(&test).await;
    for organization in ["mapped", "unmapped", "ignored", "archived", "pending"] {
        staged.organization(organization, &format!("Org {organization}"), 1).await;
    }
    let (good, bad) = (staged.company("Good").await, staged.company("Bad").await);
    staged.link("mapped", good).await;
    staged.link("archived", bad).await;
    let tenant = staged.admin();
    tenant.archive_company(bad, true).await.unwrap();
    tenant.save_organization(staged.id, "ignored", OrganizationChoice::Ignore, None, true).await.unwrap();
    for (id, organization, class) in [
        ("arch", "archived", "MAC"),
        ("igno", "ignored", "MAC"),
        ("miss", "mapped", "MAC"),
        ("here", "mapped", "MAC"),
        ("type", "mapped", "NEW"),
        ("unma", "unmapped", "MAC"),
        ("clou", "mapped", "CLOUD"),
        ("late", "mapped", "MAC"),
        ("pend", "pending", "MAC"),
        ("gone", "mapped", "MAC"),
        ("anew", "mapped", "MAC"),
    ] {
        staged.device(id, organization, None, class).await;
    }
    staged.map_class("MAC", "Laptop").await;
    let ignore = NodeClassChoice { ignore: Some(true), ..NodeClassChoice::default() };
    tenant.save_node_class(staged.id, "CLOUD", ignore).await.unwrap();
    staged.lose("remote_devices", "miss").await;
    let proposed = "UPDATE organization_mappings SET status = 'pending', mapped_by = 'quick_match'
        WHERE tenant_id = $1 AND remote_id = 'pending'";
    staged.link("pending", good).await;
    assert_eq!(test.execute(proposed, vec![test.tenant_id()]).await, 1);
    staged.lose("remote_devices", "gone").await;
    let retired =
        "UPDATE remote_devices SET approval = 'DECOMMISSIONED' WHERE tenant_id = $1 AND remote_id = 'gone'";
    test.execute(retired, vec![test.tenant_id()]).await;
    let named = |ids: &[&str]| ImportSelection::RemoteIds(ids.iter().map(|s| (*s).to_owned()).collect());
    staged.import(named(&["here", "unma"])).await;

    let steps = async |id: &str| codes(&chain(&staged, id).await);
    assert_eq!(steps("here").await, [NotProven, OrganizationMapped, TypeMapped, Imported]);
    assert_eq!(steps("late").await, [NotProven, OrganizationMapped, TypeMapped, Ready]);
    assert_eq!(steps("unma").await, [NotProven, OrganizationUnmapped, TypeMapped, Blocked, ImportFailed]);
    assert_eq!(steps("igno").await, [NotProven, OrganizationIgnored, TypeMapped, Blocked]);
    assert_eq!(steps("arch").await, [NotProven, CompanyArchived, TypeMapped, Blocked]);
    assert_eq!(steps("type").await, [NotProven, OrganizationMapped, TypeUnmapped, Blocked]);
    assert_eq!(steps("clou").await, [NotProven, OrganizationMapped, TypeIgnored, Blocked]);
    assert_eq!(steps("miss").await, [Missing, OrganizationMapped, TypeMapped, Blocked]);

    assert_eq!(steps("pend").await, [NotProven, OrganizationPending, TypeMapped, Blocked]);
    assert_eq!(steps("gone").await, [Decommissioned, OrganizationMapped, TypeMapped, Blocked]);
    let same = "UPDATE remote_devices SET same_as = (SELECT id FROM devices WHERE tenant_id = $1 AND remote_id = 'here')
        WHERE tenant_id = $1 AND remote_id = 'anew'";
    test.execute(same, vec![test.tenant_id()]).await;
    let anew = chain(&staged, "anew").await;
    assert_eq!(codes(&anew), [NotProven, OrganizationMapped, TypeMapped, Blocked]);
    assert_eq!(places(&anew, Blocked), [WhyPlace::Staged, WhyPlace::Device]);
    assert!(anew.verdict.contains("enrolled again"), "{}", anew.verdict);

    let here = chain(&staged, "PC-here").await;
    assert_eq!(here.verdict, "It is in the inventory: Laptop at Good.");
    assert_eq!(here.steps[1].text, "Its organization Org mapped is mapped to Good by Sam Owner.");
    let company = here.steps[1].links.iter().find(|l| l.place == WhyPlace::Company).unwrap();
    assert_eq!(company.id, Some(good.0));
    assert_eq!(
        chain(&staged, "late").await.verdict,
        "It is not in the inventory yet: nobody has imported it."
    );
    let unmapped = chain(&staged, "unma").await;
    assert_eq!(unmapped.verdict, "It is not in the inventory. Its organization is not mapped to a company.");
    // Unmapped afterwards: the device waits where it is.
    tenant.save_organization(staged.id, "mapped", OrganizationChoice::Unmap, None, true).await.unwrap();
    assert_eq!(steps("here").await, [NotProven, OrganizationUnmapped, TypeMapped, Imported, Waiting]);
}

async fn any_notation_finds_it(test: TestPortal) {
    let staged = Staged::new(&test).await;
    for id in ["1", "12", "123"] {
        staged.device(id, "o", None, "MAC").await;
    }
    let set = "UPDATE remote_devices SET mac_addresses = '[\"D0:67:26:00:03:52\"]', hostname = 'desk', serial = '5CG1'
            , search_key = 'pc-12' || chr || 'desk' || chr || '5cg1' || chr || 'd0:67:26:00:03:52'
        WHERE tenant_id = $1 AND remote_id = '12'";
    // What a sync writes there: lines of lower-case texts.
    let set = set.replace("chr", "'\n'");
    assert_eq!(test.execute(&set, vec![test.tenant_id()]).await, 1);
    let found = async |sought: &str| -> Why { staged.admin().why(text(sought)).await.unwrap() };
    for mac in ["d0:67:26:00:03:52", "D0-67-26-00-03-52", "d067.2600.0352", "D06726000352"] {
        let why = found(mac).await;
        assert_eq!(why.chain.unwrap().remote_id.as_deref(), Some("12"), "{mac}");
        assert_eq!((why.candidates[0].matched.as_str(), why.candidates[0].exact), ("MAC address", true));
    }
    for whole in ["12", "PC-12", "DESK", "5cg1"] {
        let why = found(whole).await;
        assert_eq!(why.chain.expect(whole).remote_id.as_deref(), Some("12"), "{whole}");
    }
    let several = found("pc-1").await;
    assert_eq!(several.candidates.len(), 3);
    assert_eq!(several.chain.unwrap().remote_id.as_deref(), Some("1"), "the only one that fits whole");
    let several = found("pc").await;
    assert!(several.chain.is_none() && several.candidates.iter().all(|c| !c.exact), "to choose from");
    let nothing = found("%").await;
    assert!(nothing.candidates.is_empty() && nothing.chain.is_none(), "wildcards are taken literally");
    let looked = &nothing.looked[0];
    assert_eq!((looked.devices, looked.run_id, looked.integration.as_str()), (3, None, "NinjaOne"));
}

async fn people_and_merges_are_named(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = staged.company("Contoso").await;
    staged.inventory(company, "MANUAL1").await;
    staged.inventory(company, "MANUAL2").await;
    let id = |serial: &str| format!("(SELECT id FROM devices WHERE serial = '{serial}')");
    let merge = format!(
        "UPDATE devices SET merged_into = {}, archived_at = 7 WHERE serial = 'MANUAL1' AND tenant_id = $1",
        id("MANUAL2")
    );
    test.execute(&merge, vec![test.tenant_id()]).await;
    let found = staged.admin().why(text("manual2")).await.unwrap().chain.unwrap().device_id.unwrap();
    let set = FieldValue { field: DeviceField::Model, value: Some("Latitude".into()) };
    staged.admin().update_device(found, None, vec![set]).await.unwrap();
    let hidden = chain(&staged, "manual1").await;
    assert_eq!(codes(&hidden), [NoSource, Imported, Merged, Archived]);
    assert_eq!(places(&hidden, Merged), [WhyPlace::Device, WhyPlace::Merged]);
    assert_eq!(hidden.verdict, "Lists leave it out: it was merged into x.");
    let kept = chain(&staged, "manual2").await;
    assert_eq!(codes(&kept), [NoSource, Imported, Owned]);
    assert_eq!(kept.steps[2].text, "Set by people, so that syncs leave it alone: Model (Sam Owner).");
    let by_id = WhyAsked { device: kept.device_id, ..WhyAsked::default() };
    assert_eq!(staged.admin().why(by_id).await.unwrap().chain, Some(kept));
}

async fn strangers(test: TestPortal) {
    let staged = Staged::new(&test).await;
    staged.device("secret", "o", None, "MAC").await;
    let theirs = test.stranger().await;
    let why = theirs.why(text("secret")).await.unwrap();
    assert!(why.candidates.is_empty() && why.chain.is_none() && why.looked.is_empty());
    let ask =
        WhyAsked { integration: Some(staged.id), remote_id: Some("secret".into()), ..WhyAsked::default() };
    assert_eq!(kind_of(theirs.why(ask.clone()).await), (NotFound, None));
    assert!(staged.admin().why(ask).await.unwrap().chain.is_some());
    let unknown = WhyAsked { device: Some(new_id().into()), ..WhyAsked::default() };
    assert_eq!(kind_of(staged.admin().why(unknown).await), (NotFound, None));
    let half = WhyAsked { remote_id: Some("secret".into()), ..WhyAsked::default() };
    assert_eq!(refused(staged.admin().why(half).await).field.as_deref(), Some("remote_id"));
    let long = refused(staged.admin().why(text(&"x".repeat(500))).await);
    assert_eq!((long.kind, long.field.as_deref()), (Invalid, Some("search")));
}

async fn the_runs_behind_it_are_linked(fleet: Fleet) {
    let it = fleet.connect().await;
    let run = fleet.sync(it, RunKind::Devices).await;
    let ids = fleet.control().approved_device_ids();
    let of =
        |id: i64| WhyAsked { integration: Some(it), remote_id: Some(id.to_string()), ..WhyAsked::default() };
    let why = fleet.tenant().why(of(ids[0])).await.unwrap();
    let read = i64::try_from(ids.len()).unwrap();
    assert_eq!((why.looked[0].run_id, why.looked[0].rows), (Some(run.id), Some(read)));
    let seen = &why.chain.unwrap().steps[0];
    assert_eq!((seen.code, seen.links[0].id), (Seen, Some(run.id.0)));
    assert!(seen.text.contains(&format!("read {read} devices")), "{}", seen.text);
    fleet.control().delete_device(ids[0]);
    let lost = fleet.sync(it, RunKind::Devices).await;
    let missing = &fleet.tenant().why(of(ids[0])).await.unwrap().chain.unwrap().steps[0];
    assert_eq!((missing.code, missing.links[0].id), (Missing, Some(lost.id.0)));

    // Everything but a few goes at once: the breaker holds it back and the chain says so.
    for id in &ids[1..200] {
        fleet.control().delete_device(*id);
    }
    fleet.sync(it, RunKind::Devices).await;
    let held = fleet.tenant().why(of(ids[1])).await.unwrap().chain.unwrap();
    let step = held.steps.iter().find(|s| s.code == HeldBack).expect("held back");
    assert!(step.links.iter().any(|l| l.place == WhyPlace::Questions), "a way to decide");
}
