//! Every key that our rows print is in NinjaOne's OpenAPI document, or in the list of what that document is known to
//! lack. The document cannot be shipped; without it the check says so and passes.

use crate::client::{Bench, fleet};
use serde_json::Value;
use serde_norway::Value as Yaml;
use std::collections::BTreeSet;
use std::path::Path;

/// What live answers have and the document lacks.
const LACKING: &[&str] = &[
    // Long device rows.
    "os",
    "system",
    "memory",
    "processors",
    "volumes",
    "lastLoggedInUser",
    "publicIPV6",
    // VM hosts, flat.
    "cpuMhz",
    "cpuModel",
    "htActive",
    "htAvailable",
    "lastBootTime",
    "memorySize",
    "model",
    "name",
    "cpuPackages",
    "cpuThreads",
    "serviceTag",
    "vendor",
    "releaseName",
    "version",
    "buildNumber",
    // Seen in an older copy of the document and in live user rows.
    "tags",
    "fields",
    // Made up, as an example of a key that nobody knows.
    "patchRing",
];

/// Address and schema of its answer.
const CASES: &[(&str, &str)] = &[
    ("/v2/organizations?pageSize=1000", "[Organization"),
    ("/v2/organizations-detailed?pageSize=1000", "[OrganizationDetailed"),
    ("/v2/organization/2", "OrganizationDetailed"),
    ("/v2/organization/2/locations", "[Location"),
    ("/v2/locations?pageSize=1000", "[LocationWithOrganizationRef"),
    (
        "/v2/devices?pageSize=1000&expand=organization,location,role,policy,rolePolicy,warranty,assignedOwner,backupUsage",
        "[NodeWithDetailedReferences",
    ),
    ("/v2/devices-detailed?pageSize=1000&expand=warranty", "[Device"),
    ("/v2/queries/logged-on-users", "LoggedOnUsersReport"),
    ("/v2/queries/operating-systems", "OperatingSystemsReport"),
    ("/v2/queries/computer-systems", "ComputerSystemsReport"),
    ("/v2/queries/device-health", "DeviceHealthReport"),
    ("/v2/queries/network-interfaces", "NetworkInterfacesReport"),
    ("/v2/queries/backup/usage?includeLastBackupJobTimes=true", "DeviceUsageReport"),
    ("/v2/backup/jobs", "BackupJobReport"),
    ("/v2/queries/scoped-custom-fields", "ScopedAttributesReport"),
    ("/v2/users?includeRoles=true", "[User"),
    ("/v2/contacts", "[Contact"),
    ("/v2/roles", "[NodeRole"),
    ("/v2/tag", "GetItamTagsResponse"),
    ("/v2/alerts", "[Alert"),
    ("/v2/activities", "ActivitiesResponse"),
];

#[tokio::test]
async fn every_key_is_known() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/ninjaone/openapi.yaml");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: the OpenAPI document is not here");
        return;
    };
    let document: Yaml = serde_norway::from_str(&text).unwrap();
    let schemas = &document["components"]["schemas"];
    let bench = Bench::new(fleet(60, 1000)).await;
    let mut unknown = BTreeSet::new();
    for (path, schema) in CASES {
        let answer = bench.json(path).await;
        let schema = match schema.strip_prefix('[') {
            Some(item) => {
                serde_norway::from_str(&format!("{{type: array, items: {{$ref: 'x/{item}'}}}}")).unwrap()
            }
            None => schemas[*schema].clone(),
        };
        check(schemas, &schema, &answer, path, &mut unknown);
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

/// Collects what does not fit a schema: unknown keys, wrong types, words that an enum lacks.
fn check(schemas: &Yaml, schema: &Yaml, value: &Value, at: &str, unknown: &mut BTreeSet<String>) {
    let schema = match schema["$ref"].as_str() {
        Some(name) => &schemas[name.rsplit('/').next().unwrap()],
        None => schema,
    };
    match value {
        Value::Object(map) if schema["properties"].is_mapping() => {
            for (key, value) in map {
                match schema["properties"].get(key.as_str()) {
                    Some(inner) => check(schemas, inner, value, &format!("{at} {key}"), unknown),
                    None if LACKING.contains(&key.as_str()) => {}
                    None => drop(unknown.insert(format!("{at}: key {key}"))),
                }
            }
        }
        Value::Array(items) if schema["type"] == "array" => {
            items.iter().for_each(|item| check(schemas, &schema["items"], item, at, unknown));
        }
        Value::String(word) if word != "QUANTUM_TOASTER" => {
            let words = schema["enum"].as_sequence();
            if schema["type"] != "string" || words.is_some_and(|words| !words.contains(&word.as_str().into()))
            {
                unknown.insert(format!("{at}: text {word}"));
            }
        }
        Value::Number(_) if schema["type"] != "integer" && schema["type"] != "number" => {
            unknown.insert(format!("{at}: a number"));
        }
        Value::Bool(_) if schema["type"] != "boolean" => drop(unknown.insert(format!("{at}: a boolean"))),
        Value::Array(_) => drop(unknown.insert(format!("{at}: an array"))),
        _ => {}
    }
}
