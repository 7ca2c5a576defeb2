//! What stands in a mail.

use super::MailSettings;
use crate::{Error, Result, clock::new_id};
use domain::Time;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

/// Which link it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Invitation,
    /// An administrator has reset the password.
    Password,
    /// Somebody, perhaps the user, has said that the password is forgotten.
    Forgotten,
    /// A visitor wants a portal.
    SignUp,
    /// A visitor wants a portal, and has an account already.
    Account,
}

/// A mail before it is one.
pub(super) struct Letter {
    pub kind: Kind,
    pub to: String,
    pub portal_name: String,
    /// Who invites, where that is known.
    pub from_whom: Option<String>,
    /// Where it leads to in the portal.
    pub path: String,
    pub expires_at: Time,
}

impl Letter {
    /// The mail, or `None` when nothing can be sent to the address.
    pub fn message(&self, settings: &MailSettings) -> Result<Option<Message>> {
        let Ok(to) = self.to.parse::<Address>() else { return Ok(None) };
        let id = format!("<{}@{}>", new_id(), settings.from.email.domain());
        let link = format!("{}{}", settings.base, self.path);
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = Message::builder()
            .message_id(Some(id))
            .from(settings.from.clone())
            .to(Mailbox::new(None, to))
            .subject(self.subject())
            .raw_header(HeaderValue::new(automatic, "auto-generated".into()))
            .multipart(MultiPart::alternative_plain_html(self.text(&link), self.html(&link)));
        message.map(Some).map_err(Error::internal)
    }

    fn subject(&self) -> String {
        let name = one_line(&self.portal_name);
        match self.kind {
            Kind::Invitation => format!("Join {name}"),
            Kind::Password | Kind::Forgotten => format!("Your new password for {name}"),
            // What a stranger typed goes to nobody in a mail of the portal.
            Kind::SignUp => "Create your portal".into(),
            Kind::Account => "You have an account".into(),
        }
    }

    /// Why it comes, what to do, and what else there is to know.
    fn words(&self) -> [String; 3] {
        let name = one_line(&self.portal_name);
        let until = self.expires_at.format("%Y-%m-%d %H:%M UTC");
        let once = format!("The link works once, until {until}.");
        match self.kind {
            Kind::Invitation => [
                match &self.from_whom {
                    Some(who) => format!("{} invites you to {name} on MSPortal.", one_line(who)),
                    None => format!("You are invited to {name} on MSPortal."),
                },
                "Open this link to choose your name and password:".into(),
                format!("{once} If you know nothing about this, leave it alone."),
            ],
            Kind::Password => [
                format!("An administrator of {name} lets you choose a new password."),
                "Open this link to choose it:".into(),
                format!("{once} Until then your present password works."),
            ],
            Kind::Forgotten => [
                format!("Somebody asked for a new password for your account at {name}."),
                "If that was you, open this link to choose it:".into(),
                format!("{once} If it was not you, leave it alone: your password stays as it is."),
            ],
            Kind::SignUp => [
                "Somebody wants to create a portal on MSPortal with this address.".into(),
                "If that was you, open this link, which shows its name, to choose yours and a password:".into(),
                format!("{once} If it was not you, leave it alone: there will be no portal."),
            ],
            Kind::Account => [
                "Somebody wanted to create a portal on MSPortal with this address, which has an account already.".into(),
                "If that was you, sign in here; who has forgotten the password chooses a new one there:".into(),
                "If you cannot sign in, ask an administrator of your portal. If it was not you, leave it alone: nothing has changed.".into(),
            ],
        }
    }

    fn text(&self, link: &str) -> String {
        let [why, what, else_] = self.words();
        format!("{why}\n\n{what}\n\n{link}\n\n{else_}\n")
    }

    fn html(&self, link: &str) -> String {
        let [why, what, else_] = self.words().map(|words| escaped(&words));
        let link = escaped(link);
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<body style=\"font-family: sans-serif\">\n<p>{why}</p>\n<p>{what}</p>\n\
             <p><a href=\"{link}\">{link}</a></p>\n<p>{else_}</p>\n</body>\n</html>\n"
        )
    }
}

/// A name as it stands in a line: whatever would end the line, or turn the reading round, is a blank.
fn one_line(text: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let plain: String = text.chars().map(|c| if odd(c) { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(portal_name: &str, to: &str) -> Letter {
        Letter {
            kind: Kind::Invitation,
            to: to.into(),
            portal_name: portal_name.into(),
            from_whom: Some("Sam\r\nBcc: eve@evil.example <b>".into()),
            path: "/invite/abc".into(),
            expires_at: Time::default(),
        }
    }

    fn settings() -> MailSettings {
        MailSettings::new(
            &"smtp://localhost".to_owned().into(),
            Some("P <p@msp.example>"),
            Some("https://portal.example"),
        )
        .expect("settings")
    }

    #[tokio::test]
    async fn names_cannot_add_headers() {
        let odd = "Ev\u{202E}il\r\nBcc: eve@evil.example\r\n\r\n<script>alert(1)</script>";
        let message = letter(odd, "robin@northwind.example").message(&settings()).unwrap().unwrap();
        let whole = String::from_utf8(message.formatted()).unwrap();
        let (head, body) = whole.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> =
            head.split("\r\n").filter(|l| !l.starts_with(' ')).filter_map(|l| l.split(':').next()).collect();
        assert!(!names.contains(&"Bcc"), "{head}");
        assert!(
            head.contains("To: robin@northwind.example") && head.contains("Auto-Submitted: auto-generated"),
            "{head}"
        );
        assert!(!body.contains("<script>") && !body.contains("\nBcc"), "{body}");
        assert_eq!(message.envelope().to().len(), 1);
    }

    #[tokio::test]
    async fn an_address_that_is_none_gets_nothing() {
        for to in ["robin", "a@b\r\nRCPT TO:<eve@evil.example>", "a b@c"] {
            assert!(letter("Northwind", to).message(&settings()).unwrap().is_none(), "{to:?}");
        }
    }
}
