//! Where mails go out, from whom, and where their links lead.

use lettre::{
    AsyncSmtpTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{AsyncSmtpTransportBuilder, extension::ClientId},
};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::{Host, Url};

/// How long the mail server is waited for at each step.
const PATIENCE: Duration = Duration::from_secs(20);

const SMTP: &str = "--smtp-url takes smtps://user:password@mail.example:465, or smtp://user:password@mail.example:587?tls=required";
const FROM: &str =
    "--mail-from takes the sender of mails, such as \"MSPortal <portal@msp.example>\"; --smtp-url needs it";
const PUBLIC: &str = "--public-url takes the address of this portal as browsers know it, such as https://portal.example; --smtp-url needs it";

/// A mail server with what every mail needs; cheap to clone.
#[derive(Clone)]
pub struct MailSettings {
    pub(super) transport: AsyncSmtpTransport<Tokio1Executor>,
    pub(super) from: Mailbox,
    /// The portal's address, without a slash at its end.
    pub(super) base: String,
}

impl MailSettings {
    /// In: what an operator has set. Out: an error names the setting, and never what is in the URL.
    pub fn new(smtp: &SecretString, from: Option<&str>, public: Option<&str>) -> Result<Self, String> {
        let from = from.and_then(|from| from.parse::<Mailbox>().ok()).ok_or(FROM)?;
        let public = public.and_then(public_url).ok_or(PUBLIC)?;
        let host = public.host_str().unwrap_or_default().to_owned();
        let transport =
            transport(smtp.expose_secret())?.hello_name(ClientId::Domain(host)).timeout(Some(PATIENCE));
        let base = public.origin().ascii_serialization();
        Ok(Self { transport: transport.build(), from, base })
    }
}

fn transport(smtp: &str) -> Result<AsyncSmtpTransportBuilder, String> {
    let url = Url::parse(smtp).map_err(|_| SMTP)?;
    let secret = !url.username().is_empty() || url.password().is_some();
    let sealed = url.scheme() == "smtps" || url.query_pairs().any(|(k, v)| k == "tls" && v == "required");
    if secret && !sealed && !is_here(&url) {
        return Err(
            "--smtp-url would send its password unencrypted; use smtps://, or add ?tls=required".into()
        );
    }
    AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp).map_err(|_| SMTP.into())
}

/// Whether the mail server is on this machine.
fn is_here(url: &Url) -> bool {
    // A scheme that the standard of URLs does not know has its host as a text.
    let host = url.host_str().and_then(|host| Host::parse(host).ok());
    match host {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// A portal's address: nothing but where it is.
fn public_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let open = url.username().is_empty() && url.password().is_none() && url.has_host();
    (matches!(url.scheme(), "http" | "https") && plain && open).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(smtp: &str, from: Option<&str>, public: Option<&str>) -> Option<String> {
        MailSettings::new(&smtp.to_owned().into(), from, public).err()
    }

    const GOOD: &str = "smtps://portal:s3cret-canary@mail.example:465";
    const SENDER: Option<&str> = Some("MSPortal <portal@msp.example>");
    const HERE: Option<&str> = Some("https://portal.example/");

    #[tokio::test]
    async fn what_is_missing_is_named() {
        assert_eq!(refusal(GOOD, SENDER, HERE), None);
        for public in
            [None, Some("portal.example"), Some("https://a@b/"), Some("https://a/b"), Some("ftp://a")]
        {
            assert!(
                refusal(GOOD, SENDER, public).is_some_and(|e| e.starts_with("--public-url")),
                "{public:?}"
            );
        }
        for from in [None, Some("portal"), Some("a@b\r\nBcc: c@d")] {
            assert!(refusal(GOOD, from, HERE).is_some_and(|e| e.starts_with("--mail-from")), "{from:?}");
        }
        for smtp in ["", "mail.example", "https://u:s3cret-canary@mail.example", "smtp://u:s3cret-canary@:x"]
        {
            let refusal = refusal(smtp, SENDER, HERE).expect("a refusal");
            assert!(refusal.starts_with("--smtp-url") && !refusal.contains("canary"), "{refusal}");
        }
    }

    #[tokio::test]
    async fn a_password_is_not_sent_unencrypted() {
        for smtp in ["smtp://u:p@mail.example:587", "smtp://u:p@mail.example?tls=opportunistic"] {
            assert!(refusal(smtp, SENDER, HERE).is_some_and(|e| e.contains("unencrypted")), "{smtp}");
        }
        for smtp in
            ["smtp://u:p@mail.example:587?tls=required", "smtp://mail.example:25", "smtp://u:p@127.0.0.1:25"]
        {
            assert_eq!(refusal(smtp, SENDER, HERE), None, "{smtp}");
        }
    }
}
