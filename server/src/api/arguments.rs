//! What an argument's name says, wherever it stands, with an example where one helps.

use domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};
use serde_json::{Value, json};

/// What the argument of that name means, if the name does not say it all.
pub fn description(name: &str) -> Option<String> {
    let text = match name {
        "page" => "Page, counted from 1.",
        "page_size" => {
            return Some(format!("Rows of a page, 1 to {MAX_PAGE_SIZE}; {DEFAULT_PAGE_SIZE} when left out."));
        }
        "search" => "Text to look for, anywhere and in any case.",
        "sort" => "Field to sort by; with a leading minus, descending.",
        "version" => {
            "The version that was read; when it is no longer the present one, the answer is a conflict."
        }
        "archived" => {
            "For lists: the archived rows instead of the others; devices: `only` or `with`. For writes: `false` restores."
        }
        "dry_run" => "Only reports what an import would do.",
        "remote_id" => "The vendor's own id.",
        "organization" => "The organization's remote id.",
        "threshold" => "Confidence from 0 to 1 from which a match is mapped without asking.",
        "confirm_name" => "The integration's name, as a confirmation.",
        "source" => "An integration's id, or `manual` for devices without one.",
        "owner" => "Part of the owner's name or e-mail, or `none` for devices without an owner.",
        "query" => "Filters, sort and columns as they stand in the list's address, encoded.",
        "cols" => "Columns, separated by commas, such as `company,status,ip`; the usual ones when left out.",
        "shared" => "Whether everybody in the portal sees it.",
        "last_contact" => "A number of days since the last contact, or `never`.",
        "region" => "Key of one of the vendor's regions; `custom` takes a base URL.",
        "entity" => "What was changed, such as `device` or `organization`.",
        "percent" => "Share of the rows in percent, 1 to 100.",
        "rows" => "Number of rows below which nothing is held back, at least 1.",
        "until" => "The last day on which it holds, as YYYY-MM-DD; none when left out.",
        "outcome" => "How the check came out; failing when left out.",
        "os" => "The key of an operating system, as in the summary.",
        "days" => "How many days back, 90 when left out.",
        "code" => {
            "What the authenticator app shows, or where it is asked besides the password, a recovery code."
        }
        "current" => "The present password.",
        "new" => "The new password, of at least 10 characters.",
        "user_id" => "Another user of the portal; for administrators.",
        "token" => "The last part of the link's address.",
        "role" => {
            "What somebody may do: read, manage (also change), admin (everything), or the id of a custom role."
        }
        "permissions" => "How much of each area: none, read, or manage.",
        "replacement" => "The role for those who have the deleted one; needed while somebody has it.",
        "from" => "The first day, as YYYY-MM-DD in UTC.",
        "to" => "The last day, as YYYY-MM-DD in UTC.",
        "subject_kind" => "What kind of thing something was done to.",
        "expires_in_days" => "Days until it expires, 1 to 366; 90 when left out.",
        "unmap" => "Takes the device type away.",
        _ => return None,
    };
    Some(text.to_owned())
}

/// A value that could stand there.
pub fn example(endpoint: &str, name: &str) -> Option<Value> {
    Some(match name {
        "choice" if endpoint == "staged_devices/resolve" => json!("same"),
        "role" => json!("read"),
        "permissions" => json!({
            "integrations": "read", "mappings": "manage", "companies": "read", "devices": "read",
            "reports": "read", "users": "none", "settings": "none",
        }),
        "replacement" => json!("read"),
        "name" if endpoint.starts_with("roles/") => json!("Night shift"),
        "expires_in_days" => json!(90),
        "name" if endpoint == "api_tokens/create" => json!("Nightly export"),
        "email" => json!("sam@example.com"),
        "code" => json!("287082"),
        "portal_name" => json!("Northwind MSP"),
        "vendor" => json!("ninjaone"),
        "region" => json!("eu"),
        "csv" => json!(
            "name,domain,phone,address,psa_ref\nHarbour Dental Group,harbourdental.example,,,CMP-1001\n"
        ),
        "sort" => json!("-name"),
        "rules" => json!([{"check": "offline", "on": true, "days": 30, "scored": true}]),
        "until" => json!("2027-12-31"),
        "reason" => json!("Replaced in spring, the order is placed."),
        "decision" => json!("discard"),
        "query" => json!("status=offline&sort=-last_contact"),
        "percent" => json!(20),
        "rows" => json!(10),
        "node_class" => json!("WINDOWS_SERVER"),
        "choice" => json!({"link": "01890a5d-ac96-774b-bcce-b302099a8057"}),
        "select" if endpoint == "imports/start" => {
            json!({"filter": {"node_class": "WINDOWS_SERVER", "status": "ready"}})
        }
        _ => return None,
    })
}
