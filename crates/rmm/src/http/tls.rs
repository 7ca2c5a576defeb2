//! Servers that are not who they should be, or speak too old a language: refused before a token is sent.

use super::{Ask, Http, client::builder, policy::Reach, resolve::System, testing::account, tests::text};
use crate::RmmError;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
};

macro_rules! fixture {
    ($name:literal) => {
        &include_bytes!(concat!("../../tests/fixtures/", $name, ".der"))[..]
    };
}

/// Sends a token to a server on a TLS port: how that ended, and what the server heard.
async fn attempt(
    trusted: Option<&'static [u8]>,
    serve: impl FnOnce(TcpStream) -> Vec<u8> + Send + 'static,
) -> (RmmError, Vec<u8>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || serve(listener.accept().unwrap().0));
    let mut account = account(&format!("https://127.0.0.1:{port}"), Arc::default());
    account.limits.attempts = 1;
    let client = builder(Reach::Listed, &account, Arc::new(System));
    let client = match trusted {
        Some(root) => client.tls_certs_only([reqwest::Certificate::from_der(root).unwrap()]),
        None => client,
    };
    let http = Http::over(client, &account, "V").unwrap();
    let token = "canary".into();
    let ask = Ask { bearer: Some(&token), ..Ask::get("/") };
    let error = http.send(&ask, text).await.unwrap_err();
    // The connection ends while somebody else waits for that.
    (error, tokio::task::spawn_blocking(|| server.join().unwrap()).await.unwrap())
}

/// A TLS server with that certificate: what it hears until the connection ends.
fn listen(cert: &'static [u8], key: &'static [u8]) -> impl FnOnce(TcpStream) -> Vec<u8> + Send + 'static {
    move |mut stream| {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(cert)], key)
            .unwrap();
        let mut tls = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut heard = Vec::new();
        let _ = rustls::Stream::new(&mut tls, &mut stream).read_to_end(&mut heard);
        heard
    }
}

fn has_token(heard: &[u8]) -> bool {
    heard.windows(6).any(|w| w == b"canary")
}

#[tokio::test]
async fn a_certificate_that_is_not_good_is_refused_before_anything_is_sent() {
    let (root, key) = (fixture!("root.cert"), fixture!("leaf.key"));
    for (cert, told) in [
        (fixture!("other.cert"), "the certificate belongs to another host"),
        (fixture!("expired.cert"), "the certificate of the host has expired"),
    ] {
        let (error, heard) = attempt(Some(root), listen(cert, key)).await;
        assert!(matches!(&error, RmmError::Tls(why) if why == told), "{error:?}");
        assert_eq!(heard, b"", "{told}");
    }
    let (cert, key) = (fixture!("self-signed.cert"), fixture!("self-signed.key"));
    for trusted in [None, Some(root)] {
        let (error, heard) = attempt(trusted, listen(cert, key)).await;
        let told = "does not trust the certificate";
        assert!(matches!(&error, RmmError::Tls(why) if why.contains(told)), "{error:?}");
        assert_eq!(heard, b"");
    }
}

/// Or the tests above would hold for any reason.
#[tokio::test]
async fn a_good_certificate_is_taken() {
    let served = listen(fixture!("right.cert"), fixture!("leaf.key"));
    let (error, heard) = attempt(Some(fixture!("root.cert")), served).await;
    assert!(matches!(error, RmmError::Timeout), "it never answers: {error:?}");
    assert!(has_token(&heard));
}

/// A server hello of that version: a random of zeros, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
fn server_hello(minor: u8) -> Vec<u8> {
    let mut hello = vec![3, minor];
    hello.extend([0; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let length = u8::try_from(hello.len()).unwrap();
    [&[0x16, 3, minor, 0, length + 4, 2, 0, 0, length][..], &hello[..]].concat()
}

#[tokio::test]
async fn old_tls_and_no_tls_are_refused() {
    let alert_protocol_version = b"\x15\x03\x01\x00\x02\x02\x46".to_vec();
    for (reply, told) in [
        (alert_protocol_version, "refused the handshake"),
        (server_hello(1), "refused the handshake"),
        (server_hello(2), "refused the handshake"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "does not speak TLS"),
    ] {
        let (error, heard) = attempt(None, move |mut stream| {
            let mut heard = vec![0; 4096];
            let length = stream.read(&mut heard).unwrap();
            stream.write_all(&reply).unwrap();
            heard.truncate(length);
            _ = stream.read_to_end(&mut heard);
            heard
        })
        .await;
        assert!(matches!(&error, RmmError::Tls(why) if why.contains(told)), "{error:?}");
        assert!(!has_token(&heard));
    }
}
