//! A browser without the browser: requests with a cookie, answers as JSON.

use futures::StreamExt;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use url::Url;

/// Longest wait for a run.
const PATIENCE: Duration = Duration::from_secs(90);

/// Query parameters.
pub type Query<'a> = &'a [(&'a str, &'a str)];

/// Somebody who talks to the server.
#[derive(Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
    pub cookie: Option<String>,
    /// An API token.
    pub token: Option<String>,
    /// The text of every answer so far, headers included; shared by clones.
    pub seen: Arc<Mutex<String>>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub text: String,
    /// `null` when it is not JSON.
    pub body: Value,
    /// Where it sends the caller, if anywhere.
    pub location: Option<String>,
    /// What the call was, for messages.
    what: String,
}

impl Client {
    #[expect(clippy::disallowed_methods, reason = "a test plays the browser: no retries, no rate limit")]
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(120))
            .build()
            .expect("a client");
        Self { base: base.to_owned(), http, cookie: None, token: None, seen: Arc::default() }
    }

    /// Is refused as often as the audit log notes it for a user; what is refused from now on writes nothing.
    pub async fn refused_enough(&mut self) {
        for _ in 0..10 {
            self.get("audit/list", &[]).await.refused(403, "forbidden");
        }
    }

    /// The same user at another address.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The same, with another API token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    fn url(&self, path: &str) -> Url {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/api/v1/{path}") };
        Url::parse(&format!("{}{path}", self.base)).expect("a URL")
    }

    /// A request, to be completed.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, self.url(path));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    /// Sends a request; a cookie that is set is kept.
    pub async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().expect("a request");
        let what = format!("{} {}", request.method(), request.url().path());
        let response = self.http.execute(request).await.unwrap_or_else(|e| panic!("{what}: {e:?}"));
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("a text").split(';').next().unwrap_or_default();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        let location = response.headers().get("location").and_then(|to| to.to_str().ok()).map(str::to_owned);
        let (status, headers) = (response.status().as_u16(), format!("{:?}", response.headers()));
        let text = response.text().await.unwrap_or_else(|e| panic!("{what}: {e:?}"));
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        if !headers.contains("set-cookie") {
            self.seen.lock().expect("no panic").push_str(&headers);
        }
        self.seen.lock().expect("no panic").push_str(&text);
        Answer { status, text, body, location, what }
    }

    /// GET with query parameters.
    pub async fn get(&mut self, path: &str, query: Query<'_>) -> Answer {
        let mut url = self.url(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let path = url[url::Position::BeforePath..].to_owned();
        let request = self.request(Method::GET, &path);
        self.send(request).await
    }

    /// POST with a JSON body.
    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).json(&body);
        self.send(request).await
    }

    /// Calls an endpoint with arguments, where it expects them.
    pub async fn call(&mut self, method: &Method, path: &str, arguments: &Value) -> Answer {
        if method == Method::POST {
            return self.post(path, arguments.clone()).await;
        }
        let arguments = arguments.as_object().expect("an object");
        let pairs: Vec<(String, String)> = arguments.iter().map(|(k, v)| (k.clone(), plain(v))).collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        self.get(path, &pairs).await
    }

    /// Waits until a run has ended, and answers it.
    pub async fn ended(&mut self, run: &Value) -> Value {
        let id = run["id"].as_str().unwrap_or_else(|| panic!("a run: {run}")).to_owned();
        let started = Instant::now();
        loop {
            let run = self.get("runs/get", &[("run_id", &id)]).await.ok();
            if is_final(&run) {
                return run;
            }
            assert!(started.elapsed() < PATIENCE, "the run does not end: {run}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a run shows what `wanted` looks for.
    pub async fn until(&mut self, run: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
        let id = run["id"].as_str().unwrap_or_else(|| panic!("a run: {run}")).to_owned();
        let started = Instant::now();
        loop {
            let run = self.get("runs/get", &[("run_id", &id)]).await.ok();
            if wanted(&run) {
                return run;
            }
            assert!(!is_final(&run) && started.elapsed() < PATIENCE, "the run does not come to it: {run}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Starts a run and waits for its end.
    pub async fn run(&mut self, integration: &str, kind: &str) -> Value {
        let run = self.post("runs/start", json!({ "integration_id": integration, "kind": kind })).await.ok();
        self.ended(&run).await
    }

    /// The events of a run until the server ends the stream: name and data.
    pub async fn events(&self, run: &str) -> Vec<(String, Value)> {
        let request = self.request(Method::GET, &format!("runs/{run}/events"));
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let mut text = String::new();
        let mut stream = response.bytes_stream();
        while let Some(bytes) = stream.next().await {
            text.push_str(std::str::from_utf8(&bytes.expect("the stream ends well")).expect("UTF-8"));
        }
        self.seen.lock().expect("no panic").push_str(&text);
        text.split("\n\n").filter_map(event).collect()
    }

    /// Every row of a list, page by page.
    pub async fn all(&mut self, path: &str, query: Query<'_>) -> Vec<Value> {
        let (mut rows, mut page) = (Vec::new(), 1);
        loop {
            let number = page.to_string();
            let mut with_page = query.to_vec();
            with_page.extend([("page", number.as_str()), ("page_size", "200")]);
            let list = self.get(path, &with_page).await.ok();
            let items = list["items"].as_array().expect("items").clone();
            if items.is_empty() {
                assert_eq!(list["total"], rows.len(), "{path}: the total is the number of rows");
                return rows;
            }
            rows.extend(items);
            page += 1;
        }
    }
}

fn is_final(run: &Value) -> bool {
    !matches!(run["state"].as_str(), Some("queued" | "running" | "paused"))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn event(block: &str) -> Option<(String, Value)> {
    let field = |name: &str| block.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned());
    let data = field("data:")?;
    Some((field("event:")?, serde_json::from_str(&data).expect("JSON")))
}

impl Answer {
    /// The body of a call that succeeded.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}: {}", self.what, self.text);
        self.body
    }

    /// Asserts an error of that kind, with the status that goes with it and a sentence; answers the field it names.
    #[track_caller]
    pub fn refused(&self, status: u16, kind: &str) -> Option<String> {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        let error = &self.body["error"];
        assert_eq!(error["kind"], kind, "{}: {}", self.what, self.text);
        let message = error["message"].as_str().unwrap_or_default();
        assert!(
            message.ends_with('.') && message.contains(' '),
            "{}: not a sentence: {}",
            self.what,
            self.text
        );
        error["field"].as_str().map(str::to_owned)
    }

    /// Status and body: what a stranger could tell two answers apart by.
    pub fn outside(&self) -> (u16, &str) {
        (self.status, &self.text)
    }
}
