use crate::support::{TestPortal, refused};
use domain::{
    company::{Company, Location},
    csv_import::{ImportReport, MAX_BYTES, MAX_LINES},
    error::ErrorKind::Invalid,
    page::ListQuery,
};
use sea_orm::{ConnectionTrait, TransactionTrait};
use std::time::Duration;

on_both!(companies, dialects, bad_lines, bad_files, locations, what_others_edit_meanwhile, large);

fn figures(report: &ImportReport) -> (i64, i64, i64) {
    (report.created, report.updated, report.unchanged)
}

fn rejected(report: &ImportReport) -> Vec<(i64, &str)> {
    report.rejected.iter().map(|r| (r.line, r.field.as_str())).collect()
}

async fn all(test: &TestPortal) -> Vec<Company> {
    test.admin().companies(ListQuery::default(), false).await.unwrap().items
}

async fn all_locations(test: &TestPortal) -> Vec<Location> {
    test.admin().locations(ListQuery::default(), None, false).await.unwrap().items
}

async fn companies(test: TestPortal) {
    let tenant = test.admin();
    let csv =
        "\u{FEFF}PSA Ref,Name,domain,notes\r\nC-1,\"Contoso, Inc.\",Contoso.example,x\r\n,Fabrikam,,\r\n";
    let dry = tenant.import_companies(csv, true).await.unwrap();
    assert_eq!((figures(&dry), dry.rejected.len()), ((2, 0, 0), 0));
    assert_eq!(all(&test).await, vec![], "a dry run writes nothing");
    assert_eq!(tenant.import_companies(csv, false).await.unwrap(), dry);
    let first = all(&test).await;
    assert_eq!(first[0].name, "Contoso, Inc.");
    assert_eq!(first[0].psa_ref.as_deref(), Some("C-1"));
    assert_eq!(first[0].domain.as_deref(), Some("contoso.example"));

    test.clock.advance(60);
    assert_eq!(figures(&tenant.import_companies(csv, false).await.unwrap()), (0, 0, 2));
    assert_eq!(all(&test).await, first, "the same file again changes nothing");

    let more = "name,psa_ref,domain,phone\n\"CONTOSO,  inc.\",C-2,,555\nfabrikam,,,\nNew,,,\n";
    let dry = tenant.import_companies(more, true).await.unwrap();
    assert_eq!(figures(&dry), (1, 2, 0));
    assert_eq!(all(&test).await, first);
    assert_eq!(tenant.import_companies(more, false).await.unwrap(), dry);
    let second = all(&test).await;
    let contoso = &second[0];
    assert_eq!((contoso.id, contoso.name.as_str(), contoso.version), (first[0].id, "CONTOSO, inc.", 2));
    assert_eq!((contoso.psa_ref.as_deref(), contoso.phone.as_deref()), (Some("C-2"), Some("555")));
    assert_eq!(contoso.domain.as_deref(), Some("contoso.example"), "an empty cell leaves the field");
    assert_eq!(figures(&tenant.import_companies(more, false).await.unwrap()), (0, 0, 3));

    tenant.archive_company(contoso.id, true).await.unwrap();
    let again = tenant.import_companies("name\n\"Contoso, Inc.\"\n", false).await.unwrap();
    assert_eq!(figures(&again), (1, 0, 0), "an archived company is left alone");
    assert!(tenant.company(contoso.id).await.unwrap().archived);
}

async fn dialects(test: TestPortal) {
    let tenant = test.admin();
    let semicolons = "name;address\nA, B & C;\"Line 1\r\nLine \"\"2\"\"; end\"\n;\n";
    assert_eq!(figures(&tenant.import_companies(semicolons, false).await.unwrap()), (1, 0, 0));
    let tabs = "\n\nADDRESS\tNAME\nSomewhere\tTab; Co, Ltd";
    assert_eq!(figures(&tenant.import_companies(tabs, false).await.unwrap()), (1, 0, 0));
    let alone = "name\r  Old Mac  \r\"\"\r";
    assert_eq!(figures(&tenant.import_companies(alone, false).await.unwrap()), (1, 0, 0));
    let there = all(&test).await;
    let told: Vec<_> = there.iter().map(|c| (c.name.as_str(), c.address.as_deref())).collect();
    let two_lines = "Line 1\r\nLine \"2\"; end";
    assert_eq!(told, [("A, B & C", Some(two_lines)), ("Old Mac", None), ("Tab; Co, Ltd", Some("Somewhere"))]);
}

async fn bad_lines(test: TestPortal) {
    let tenant = test.admin();
    let long = "x".repeat(501);
    let csv = format!(
        "name,phone\nFine,1\n\n\"Two\nlines\",2\n,3\nBad\u{FFFD},4\nNul,5\u{0}\nShort\nLong,1,2\nFINE,9\n,\nLengthy,{long}\nLast,6\n"
    );
    let report = tenant.import_companies(&csv, false).await.unwrap();
    assert_eq!(figures(&report), (3, 0, 0));
    let lines =
        [(6, "name"), (7, "name"), (8, "phone"), (9, "line"), (10, "line"), (11, "name"), (13, "phone")];
    assert_eq!(rejected(&report), lines);
    assert_eq!(report.rejected[5].message, "Same name as line 2. Keep one of the two.");
    let names: Vec<_> = all(&test).await.into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["Fine", "Last", "Two lines"]);

    let open = "name,phone\nFirst,1\nSecond,\"2\nThird,3\nFourth,4\n";
    let report = tenant.import_companies(open, false).await.unwrap();
    assert_eq!((figures(&report), rejected(&report)), ((1, 0, 0), vec![(3, "line")]));
    assert!(report.rejected[0].message.contains("never closed"), "{}", report.rejected[0].message);
    let inch = tenant.import_companies("name,phone\nScreens 24\",7", false).await.unwrap();
    assert_eq!(figures(&inch), (1, 0, 0), "a quote within a text is a quote");
}

async fn bad_files(test: TestPortal) {
    let tenant = test.admin();
    for (csv, part) in [
        ("", "The file is empty."),
        ("\u{FEFF}\r\n", "The file is empty."),
        ("company,phone\nContoso,1\n", "\"name\" is missing"),
        ("company,phone\nContoso,1\n", "domain, phone, address, psa_ref"),
        ("name,Name\nA,B\n", "\"name\" stands twice"),
        ("na\u{FFFD}me,phone\nA,1\n", "unreadable"),
        ("n\u{0}a\u{0}m\u{0}e\u{0}\n", "unreadable"),
    ] {
        let error = refused(tenant.import_companies(csv, true).await);
        assert_eq!((error.kind, error.field.as_deref()), (Invalid, Some("csv")), "{csv:?}");
        assert!(error.message.contains(part), "{csv:?}: {}", error.message);
    }
    let error = refused(tenant.import_locations("name,address\nHQ,1\n", false).await);
    assert!(error.message.contains("\"company\" is missing"), "{}", error.message);
    let many = "name\n".to_owned() + &"x\n".repeat(MAX_LINES + 1);
    let error = refused(tenant.import_companies(&many, true).await);
    assert!(error.message.contains("more than 50000 lines"), "{}", error.message);
    let error = refused(tenant.import_companies(&"x".repeat(MAX_BYTES + 1), true).await);
    assert!(error.message.contains("larger than 16 MB"), "{}", error.message);
    let only = tenant.import_companies("name,phone\n", false).await.unwrap();
    assert_eq!(only, ImportReport::default(), "a header alone is an empty import");
    assert_eq!(all(&test).await, vec![]);
}

async fn locations(test: TestPortal) {
    let tenant = test.admin();
    tenant.import_companies("name\nContoso\nFabrikam\nGone\n", false).await.unwrap();
    let gone = all(&test).await.into_iter().find(|c| c.name == "Gone").unwrap();
    tenant.archive_company(gone.id, true).await.unwrap();

    let csv = "name,company,address,psa_ref\nHQ,contoso,1 Main St,L-1\nHQ,Fabrikam,,\nHQ,Nobody,,\nHQ,Gone,,\nhq,CONTOSO,2,\n,Contoso,,\nX,,,\n";
    let dry = tenant.import_locations(csv, true).await.unwrap();
    assert_eq!(figures(&dry), (2, 0, 0));
    let lines = [(4, "company"), (5, "company"), (6, "name"), (7, "name"), (8, "company")];
    assert_eq!(rejected(&dry), lines);
    assert_eq!(
        dry.rejected[0].message,
        "There is no company named \"Nobody\". Add it first, or correct the name."
    );
    assert_eq!(all_locations(&test).await, vec![], "a dry run writes nothing");
    assert_eq!(tenant.import_locations(csv, false).await.unwrap(), dry);
    let first = all_locations(&test).await;
    let told: Vec<_> = first.iter().map(|l| (l.company_name.as_str(), l.address.as_deref())).collect();
    assert_eq!(told, [("Contoso", Some("1 Main St")), ("Fabrikam", None)]);

    test.clock.advance(60);
    assert_eq!(figures(&tenant.import_locations(csv, false).await.unwrap()), (0, 0, 2));
    assert_eq!(all_locations(&test).await, first, "the same file again changes nothing");
    let more = "company,name,address\nContoso,HQ,\nFabrikam,HQ,9 High St\n";
    assert_eq!(figures(&tenant.import_locations(more, false).await.unwrap()), (0, 1, 1));
    let second = all_locations(&test).await;
    assert_eq!(second[0], first[0]);
    assert_eq!((second[1].address.as_deref(), second[1].version), (Some("9 High St"), 2));
}

/// A file is compared with what is there when it is written: somebody who is at the same row is waited for.
async fn what_others_edit_meanwhile(test: TestPortal) {
    const COMPANIES: &str = "name,phone\nContoso,1\n";
    const LOCATIONS: &str = "company,name,address\nContoso,HQ,1 Main St\n";
    let (tenant, elsewhere) = (test.admin(), test.elsewhere().await);
    tenant.import_companies(COMPANIES, false).await.unwrap();
    tenant.import_locations(LOCATIONS, false).await.unwrap();
    for edited in ["companies SET phone = '2'", "locations SET address = '2 High St'"] {
        let edit = elsewhere.begin().await.unwrap();
        edit.execute_unprepared(&format!("UPDATE {edited}, version = version + 1")).await.unwrap();
        let tenant = test.admin();
        let import = tokio::spawn(async move {
            match edited.starts_with("companies") {
                true => tenant.import_companies(COMPANIES, false).await,
                false => tenant.import_locations(LOCATIONS, false).await,
            }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!import.is_finished(), "{edited}: the file did not wait");
        edit.commit().await.unwrap();
        let report = import.await.unwrap().unwrap();
        assert_eq!(figures(&report), (0, 1, 0), "{edited}: it saw what the edit has left");
    }
    assert_eq!(all(&test).await[0].phone.as_deref(), Some("1"));
    assert_eq!(all_locations(&test).await[0].address.as_deref(), Some("1 Main St"));
    elsewhere.close().await.unwrap();
}

async fn large(test: TestPortal) {
    let tenant = test.admin();
    let mut companies = String::from("name,domain,psa_ref\n");
    let mut locations = String::from("company,name\n");
    for n in 0..MAX_LINES {
        companies += &format!("Company {n},c{n}.example,{n}\n");
        locations += &format!("Company {},Site {n}\n", n / 10);
    }
    let most = MAX_LINES as i64;
    assert_eq!(figures(&tenant.import_companies(&companies, false).await.unwrap()), (most, 0, 0));
    assert_eq!(figures(&tenant.import_companies(&companies, false).await.unwrap()), (0, 0, most));
    assert_eq!(figures(&tenant.import_locations(&locations, false).await.unwrap()), (most, 0, 0));
    assert_eq!(figures(&tenant.import_locations(&locations, false).await.unwrap()), (0, 0, most));
    assert_eq!(tenant.companies(ListQuery::default(), false).await.unwrap().total, most);
    assert_eq!(tenant.locations(ListQuery::default(), None, false).await.unwrap().total, most);
}
