//! Whatever is sent: an answer, and never one that blames the server.

use crate::support::{Answer, Client, Rows, Setup, Site, files, samples};
use axum::http::Method;
use domain::ids::TenantId;
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::select,
    strategy::ValueTree,
    test_runner::TestRunner,
};
use reqwest::header::{COOKIE, HeaderValue};
use serde_json::{Value, json};
use server::api::{BASE, Endpoint, server_functions};

on_both!(queries, bodies, pages);

/// Texts that break what was put together carelessly.
fn text() -> impl Strategy<Value = String> {
    let nasty = [
        "",
        " ",
        "\0",
        "a\0b",
        "%",
        "_",
        "\\",
        "'",
        "\"",
        "';--",
        "1e999",
        "-0",
        "-9223372036854775808",
        "NaN",
        "null",
        "18446744073709551616",
        "4294967295",
        "9999-99-99",
        "\u{202e}",
        "\u{feff}",
        "\u{fffd}",
        "İ",
        "ẞ",
        "=1+1",
        "<script>alert(1)</script>",
        "x'; DROP TABLE devices;--",
        "00000000-0000-0000-0000-000000000000",
        "name",
        "-name",
        "never",
        "0",
        "1",
        "true",
        "online",
        "(",
        "[",
        "*",
        "a.b",
        "\r\n",
        "💥",
    ];
    prop_oneof![3 => select(nasty.to_vec()).prop_map(str::to_owned), 2 => any::<String>(), 1 => long()]
}

fn long() -> impl Strategy<Value = String> {
    (select(vec!["x", "é", "\0", "%", "💥"]), 100_usize..2000).prop_map(|(piece, times)| piece.repeat(times))
}

/// JSON of any kind.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        5 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        let key = prop_oneof![
            select(vec!["filter", "ids", "link", "field", "value", "set", "search", "create"])
                .prop_map(str::to_owned),
            any::<String>()
        ];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key, inner), 0..4).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

/// Draws one after the other; always the same ones.
struct Draw(TestRunner);

impl Draw {
    fn new() -> Self {
        Self(TestRunner::deterministic())
    }

    fn one<T: std::fmt::Debug>(&mut self, strategy: &impl Strategy<Value = T>) -> T {
        strategy.new_tree(&mut self.0).expect("a value").current()
    }
}

/// The server is not to blame, and it says so in the form of every other error.
#[track_caller]
fn blameless(answer: &Answer, sent: &impl std::fmt::Debug) {
    // 502 stands for the vendor.
    let vendor = answer.status == 502 && answer.body["error"]["kind"] == "vendor";
    assert!(answer.status < 500 || vendor, "{answer:?} after {sent:?}");
}

async fn everything(site: &Site, owner: &mut Client) -> Rows {
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    Rows::insert(site, tenant, 0x200).await
}

fn endpoints(method: &Method) -> Vec<Endpoint> {
    // Signing out would end the test.
    server_functions().into_iter().filter(|e| e.method == *method && e.name() != "session/sign_out").collect()
}

async fn queries(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let rows = everything(&site, &mut owner).await;
    let (mut draw, text) = (Draw::new(), text());
    let mut read = 0;
    for endpoint in endpoints(&Method::GET).iter().filter(|e| !e.arguments.is_empty()) {
        for n in 0..12 {
            let mut arguments = samples(endpoint, &rows);
            let changed = endpoint.arguments.iter().cycle().skip(n).step_by(1 + n % 3).take(1 + n % 2);
            for argument in changed {
                arguments.insert(argument.name.to_owned(), draw.one(&text).into());
            }
            let answer = owner.call(&Method::GET, endpoint.path, &Value::Object(arguments.clone())).await;
            blameless(&answer, &(endpoint.path, arguments));
            read += usize::from(answer.status == 200);
        }
    }
    assert!(read > 50, "nearly everything was refused: {read}");
    // An event stream ends with its run.
    for path in files(&rows).iter().filter(|path| !path.ends_with("/events")) {
        for key in [
            "search",
            "sort",
            "cols",
            "company",
            "owner",
            "source",
            "last_contact",
            "action",
            "from",
            "entity",
        ] {
            let value = draw.one(&text);
            blameless(&owner.get(path, &[(key, &value)]).await, &(path, key, value));
        }
    }
    for path in
        ["runs/{}/events", "runs/{}/changes.csv", "/devices/{}", "/companies/{}", "/invite/{}", "/reset/{}"]
    {
        for _ in 0..8 {
            let id = draw.one(&text);
            let encoded: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
            blameless(&owner.get(&path.replace("{}", &encoded), &[]).await, &(path, id));
        }
    }
    // Queries that are none.
    for query in
        ["%", "%zz", "%ff%fe", "&&&=", "page=1&page=2", "search", "=x", "search=%00", "search=%F0%9F"]
    {
        let answer = owner.get(&format!("{BASE}/devices/list?{query}"), &[]).await;
        blameless(&answer, &query);
    }
}

async fn bodies(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let rows = everything(&site, &mut owner).await;
    let (mut draw, value) = (Draw::new(), value());
    for endpoint in endpoints(&Method::POST).iter().filter(|e| !e.arguments.is_empty()) {
        for n in 0..10 {
            let mut arguments = samples(endpoint, &rows);
            let argument = &endpoint.arguments[n % endpoint.arguments.len()];
            let sent = if n < 5 { json!(draw.one(&text())) } else { draw.one(&value) };
            arguments.insert(argument.name.to_owned(), sent);
            let answer = owner.post(endpoint.path, Value::Object(arguments.clone())).await;
            blameless(&answer, &(endpoint.path, arguments));
        }
    }
}

async fn pages(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let rows = everything(&site, &mut owner).await;
    let (mut draw, text) = (Draw::new(), text());
    let keys =
        ["search", "sort", "page", "status", "company", "view", "cols", "check", "kind", "tab", "from"];
    for page in [
        "/companies".to_owned(),
        "/devices".to_owned(),
        "/why".to_owned(),
        "/reports/devices".to_owned(),
        "/duplicates".to_owned(),
        format!("/companies/{}", rows.company),
        format!("/devices/{}", rows.device),
        format!("/integrations/{}/organizations", rows.integration),
    ] {
        for n in 0..6 {
            let query = [
                (keys[(n * 2) % keys.len()], draw.one(&text)),
                (keys[(n + 5) % keys.len()], draw.one(&text)),
            ];
            let query: Vec<(&str, &str)> = query.iter().map(|(key, value)| (*key, value.as_str())).collect();
            blameless(&owner.get(&page, &query).await, &(&page, query));
        }
    }
}

/// The forms that are sent without JavaScript.
#[tokio::test]
async fn forms() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let (mut nobody, mut draw, text) = (site.nobody(), Draw::new(), text());
    for n in 0..60 {
        let pair = (draw.one(&text), draw.one(&text));
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("email", &pair.0).append_pair("password", &pair.1);
        if n % 2 == 0 {
            form.append_pair(&draw.one(&text), &draw.one(&text));
        }
        let form = if n % 5 == 0 { draw.one(&text) } else { form.finish() };
        let next: String = url::form_urlencoded::byte_serialize(draw.one(&text).as_bytes()).collect();
        for path in ["/sign-in", "/sign-out"] {
            let request = nobody.request(Method::POST, &format!("{path}?next={next}"));
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let request = request.header("sec-fetch-site", "same-origin").body(form.clone());
            blameless(&nobody.send(request).await, &(path, &form, &next));
        }
    }
}

#[tokio::test]
async fn cookies() {
    let site = Setup::sqlite().start().await;
    let owner = site.owner().await;
    let mine = owner.cookie.clone().expect("a cookie");
    let name = mine.split('=').next().expect("a name").to_owned();
    let mut nobody = site.nobody();
    let mut draw = Draw::new();
    let piece = prop_oneof![
        select(vec![";", "=", ";;", "; =; ", " ", "\"", ",", "a=b", "$Version=1", "\t"])
            .prop_map(str::to_owned),
        "[ -~]{0,40}",
        Just(format!("{name}=")),
        Just(name.clone()),
        (Just(name.clone()), "[ -~]{0,60}").prop_map(|(name, value)| format!("{name}={value}")),
    ];
    let bytes = vec(any::<u8>(), 0..60);
    for n in 0..200 {
        let line = match n % 4 {
            0 => draw.one(&bytes),
            _ => draw.one(&vec(&piece, 0..8)).concat().into_bytes(),
        };
        let Ok(line) = HeaderValue::from_bytes(&line) else { continue };
        let request = nobody.request(Method::GET, "session/me").header(COOKIE, line.clone());
        assert_eq!(nobody.send(request).await.status, 401, "{line:?}");
    }
    // Among others, and behind what cannot be read, ours is still found.
    for line in [format!("a=b; {mine}"), format!(";;; =; \"x\"; {mine}; {mine}x")] {
        let request = nobody.request(Method::GET, "session/me").header(COOKIE, line.clone());
        assert_eq!(nobody.send(request).await.status, 200, "{line}");
        nobody.cookie = None;
    }
}
