//! HTTP over one connection that stays open, as plainly as it can be done: the floor must not pay for a client.

use crate::Outcome;
use serde::{Deserialize, Serialize};
use std::{
    fmt::Write as _,
    io::{Read, Write},
    net::TcpStream,
};

/// Where a simulator is, and who may ask.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Address {
    /// Such as `127.0.0.1:41234`.
    pub host: String,
    pub client_id: String,
    pub client_secret: String,
}

/// A connection with a token.
pub struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
    authorization: String,
    pub requests: u64,
}

impl Http {
    pub fn open(address: &Address) -> Outcome<Self> {
        let stream = TcpStream::connect(&address.host)?;
        stream.set_nodelay(true)?;
        let mut http = Self { stream, buffer: vec![0; 4 << 20], authorization: String::new(), requests: 0 };
        let form = format!(
            "grant_type=client_credentials&scope=monitoring&client_id={}&client_secret={}",
            address.client_id, address.client_secret
        );
        let answer = http.post("/ws/oauth/token", "application/x-www-form-urlencoded", &form)?;
        let token = answer["access_token"].as_str().ok_or("no token")?;
        http.authorization = format!("Authorization: Bearer {token}\r\n");
        Ok(http)
    }

    /// Reads a page.
    pub fn get(&mut self, path: &str) -> Outcome<&[u8]> {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: simulator\r\n{}\r\n", self.authorization))?;
        self.receive()
    }

    pub fn post(&mut self, path: &str, kind: &str, body: &str) -> Outcome<serde_json::Value> {
        let mut head = format!("POST {path} HTTP/1.1\r\nHost: simulator\r\nContent-Type: {kind}\r\n");
        write!(head, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        self.send(&head)?;
        Ok(serde_json::from_slice(self.receive()?)?)
    }

    fn send(&mut self, text: &str) -> Outcome<()> {
        self.requests += 1;
        Ok(self.stream.write_all(text.as_bytes())?)
    }

    fn receive(&mut self) -> Outcome<&[u8]> {
        let mut have = 0;
        loop {
            let n = self.stream.read(&mut self.buffer[have..])?;
            if n == 0 {
                return Err("the connection was closed".into());
            }
            have += n;
            let Some(head) = find(&self.buffer[..have], b"\r\n\r\n") else { continue };
            let start = head + 4;
            let end = start + length(&self.buffer[..start])?;
            if self.buffer.len() < end {
                self.buffer.resize(end, 0);
            }
            if have < end {
                self.stream.read_exact(&mut self.buffer[have..end])?;
            }
            return Ok(&self.buffer[start..end]);
        }
    }
}

/// The content length of a good answer.
fn length(head: &[u8]) -> Outcome<usize> {
    let head = std::str::from_utf8(head)?.to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(head.into());
    }
    let value = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    Ok(value.ok_or("no content length")?.parse()?)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|w| w == wanted)
}
