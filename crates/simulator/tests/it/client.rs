//! A client without any politeness: one call, one answer.

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use simulator::{Control, FleetSpec, Simulator};
use std::sync::Once;

/// A simulator, and a client with a token for it.
pub struct Bench {
    pub simulator: Simulator,
    pub control: Control,
    pub http: Client,
    pub token: String,
}

/// One answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub retry_after: Option<String>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub fn rows(&self) -> Vec<Value> {
        self.json().as_array().expect("an array").clone()
    }
}

/// A fleet of a size.
pub fn fleet(organizations: u32, devices: u32) -> FleetSpec {
    FleetSpec { organizations, devices, ..FleetSpec::default() }
}

impl Bench {
    #[expect(clippy::disallowed_methods, reason = "faults must be seen as they are, without retries")]
    pub async fn new(spec: FleetSpec) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let simulator = Simulator::start(spec).await;
        let control = simulator.control();
        let mut bench = Self { simulator, control, http: Client::new(), token: String::new() };
        bench.token = bench.fresh_token().await;
        bench
    }

    pub async fn small() -> Self {
        Self::new(FleetSpec::default()).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.base_url)
    }

    pub async fn fresh_token(&self) -> String {
        let (id, secret) = (self.simulator.client_id(), self.simulator.client_secret());
        let answer = self
            .form(&[
                ("grant_type", "client_credentials"),
                ("client_id", id),
                ("client_secret", secret),
                ("scope", "monitoring"),
            ])
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A token request.
    pub async fn form(&self, fields: &[(&str, &str)]) -> Answer {
        send(self.http.post(self.url("/ws/oauth/token")).form(fields)).await.unwrap()
    }

    /// A GET with the token; the error when no whole answer came.
    pub async fn attempt(&self, path: &str) -> reqwest::Result<Answer> {
        send(self.http.get(self.url(path)).bearer_auth(&self.token)).await
    }

    /// A GET with the token.
    pub async fn get(&self, path: &str) -> Answer {
        self.attempt(path).await.unwrap()
    }

    /// A GET that must succeed.
    pub async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    /// Rows of a list that must succeed.
    pub async fn rows(&self, path: &str) -> Vec<Value> {
        self.json(path).await.as_array().expect("an array").clone()
    }

    /// A call of a control endpoint.
    pub async fn script(&self, name: &str, body: Value) -> Answer {
        send(self.http.post(self.url(&format!("/_sim/{name}"))).body(body.to_string())).await.unwrap()
    }
}

/// The ids of rows.
pub fn ids(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["id"].as_i64().expect("an id")).collect()
}

pub async fn send(request: RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let header = |name: &str| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
    Ok(Answer {
        status: response.status().as_u16(),
        content_type: header("content-type").unwrap_or_default(),
        retry_after: header("retry-after"),
        text: response.text().await?,
    })
}
