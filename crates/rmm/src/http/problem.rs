//! Errors in the user's words: what is wrong, and what to do about it.

use crate::RmmError;
use domain::vendor::Problem;

const COPY_AGAIN: &str = "Copy the Access Key ID and the Secret again, without spaces before or after them.";
const NEW_SECRET: &str =
    "The secret is shown only once: if it is lost, generate a new one in the API application.";
const REGION: &str = "Select the region that the address of your console begins with, such as eu or ca.";
const MACHINE: &str = "Check that the application's platform is API Services (machine-to-machine).";
const GRANT: &str = "Check that the grant type Client Credentials is ticked.";
const SCOPE: &str = "Check that the scope Monitoring is ticked.";
const WAIT: &str = "Try again in a few minutes.";

/// The cause and the fix of an error of that vendor (its display name). Codes are stable; fields are keys of the
/// Connect form: `base_url`, `client_id`, `client_secret`.
pub fn problem(error: &RmmError, vendor: &str) -> Problem {
    let (code, field) = label(error);
    let (message, hints) = words(error, vendor);
    Problem {
        code: code.into(),
        message,
        hints: hints.iter().map(ToString::to_string).collect(),
        field: field.map(Into::into),
    }
}

fn label(error: &RmmError) -> (&'static str, Option<&'static str>) {
    match error {
        RmmError::BadUrl(_) => ("bad_url", Some("base_url")),
        RmmError::Blocked(_) => ("blocked_host", Some("base_url")),
        RmmError::Unreachable(_) => ("unreachable", Some("base_url")),
        RmmError::Tls(_) => ("tls", Some("base_url")),
        RmmError::Timeout => ("timeout", None),
        RmmError::NotThisVendor(_) => ("not_ninjaone", Some("base_url")),
        RmmError::UnknownClient => ("unknown_client", Some("client_id")),
        RmmError::WrongSecret => ("wrong_secret", Some("client_secret")),
        RmmError::MissingScope => ("missing_scope", None),
        RmmError::GrantRefused => ("grant_refused", None),
        RmmError::Unauthorized => ("unauthorized", None),
        RmmError::Forbidden(_) => ("forbidden", None),
        RmmError::NotAvailable(_) => ("not_available", None),
        RmmError::Throttled { .. } => ("throttled", None),
        RmmError::Server(_) => ("server_error", None),
        RmmError::BadBody(_) => ("bad_answer", None),
        RmmError::ReportLost => ("report_lost", None),
    }
}

fn words(error: &RmmError, vendor: &str) -> (String, &'static [&'static str]) {
    match error {
        RmmError::BadUrl(_) | RmmError::Blocked(_) | RmmError::NotThisVendor(_) => place(error, vendor),
        RmmError::Unreachable(_) | RmmError::Tls(_) | RmmError::Timeout => connection(error, vendor),
        error if error.is_credentials() => credentials(error, vendor),
        _ => answer(error, vendor),
    }
}

/// The base URL is to blame.
fn place(error: &RmmError, vendor: &str) -> (String, &'static [&'static str]) {
    match error {
        RmmError::BadUrl(what) => (
            format!("The base URL cannot be used: {what}."),
            &["Enter the address of your console up to the host name, such as https://app.ninjarmm.com."],
        ),
        RmmError::Blocked(host) => (
            format!("{host} is not on the public internet, so it is not contacted."),
            &[
                "Check the base URL for typing errors.",
                "An operator of this server can allow a private host by its name and port.",
            ],
        ),
        _ => (
            format!("The base URL leads to something other than the {vendor} API."),
            &[
                "Check the base URL for typing errors.",
                REGION,
                "A console under your own brand is also the host of its API: choose Custom URL.",
            ],
        ),
    }
}

/// The way there is to blame.
fn connection(error: &RmmError, vendor: &str) -> (String, &'static [&'static str]) {
    match error {
        RmmError::Tls(what) => (
            format!("No secure connection to {vendor} could be made: {what}."),
            &[
                "Check the base URL for typing errors.",
                "Check whether a firewall or proxy replaces certificates.",
                "Check the clock and the root certificates of this server.",
            ],
        ),
        RmmError::Timeout => (
            format!("{vendor} did not answer in time."),
            &[WAIT, "Check whether a firewall lets this server reach the base URL."],
        ),
        _ => (
            format!("{vendor} could not be reached under this base URL."),
            &["Check the base URL for typing errors.", "Check that this server may reach the internet."],
        ),
    }
}

fn credentials(error: &RmmError, vendor: &str) -> (String, &'static [&'static str]) {
    match error {
        RmmError::UnknownClient => (
            format!("{vendor} does not know this Access Key ID in the selected region."),
            &[REGION, COPY_AGAIN, "Check that the API application has not been deleted."],
        ),
        RmmError::WrongSecret => (
            "The Access Key ID is known, but the Secret does not belong to it.".into(),
            &[COPY_AGAIN, NEW_SECRET],
        ),
        RmmError::MissingScope => (
            "The API application may not read monitoring data.".into(),
            &["Tick the scope Monitoring in the API application and save it."],
        ),
        RmmError::GrantRefused => (
            "The API application may not sign in with an Access Key ID and Secret.".into(),
            &[MACHINE, GRANT, "If the platform differs, add a new application."],
        ),
        _ => (
            format!("{vendor} refuses these credentials."),
            &[COPY_AGAIN, REGION, MACHINE, GRANT, SCOPE, "If nothing helps, generate new credentials."],
        ),
    }
}

fn answer(error: &RmmError, vendor: &str) -> (String, &'static [&'static str]) {
    match error {
        RmmError::Forbidden(what) => (
            format!("The API application may not read {what}."),
            &[SCOPE, "Check that the account that made the application is a system administrator."],
        ),
        RmmError::NotAvailable(what) => (
            format!("This {vendor} instance does not offer {what}."),
            &["Nothing needs to be done: the rest is synced without it."],
        ),
        RmmError::Throttled { retry_after } => {
            (throttled(vendor, *retry_after), &["The next sync tries again by itself."])
        }
        RmmError::Server(status) => (
            format!("{vendor} has a fault of its own (status {status})."),
            &[WAIT, "Look at the status page of the vendor."],
        ),
        RmmError::ReportLost => (
            format!("{vendor} interrupted a report half-way."),
            &["The report is read again from its start at the next sync."],
        ),
        _ => (format!("{vendor} sent an answer that could not be read."), &[WAIT, REGION]),
    }
}

fn throttled(vendor: &str, retry_after: Option<std::time::Duration>) -> String {
    match retry_after.map(|pause| pause.as_secs().div_ceil(60)) {
        Some(minutes @ 2..) => format!("{vendor} asks to wait {minutes} minutes before the next request."),
        Some(_) => format!("{vendor} asks to wait a minute before the next request."),
        None => format!("{vendor} takes no more requests for now."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn all() -> Vec<RmmError> {
        let text = || "x".to_owned();
        vec![
            RmmError::BadUrl(text()),
            RmmError::Blocked(text()),
            RmmError::Unreachable(text()),
            RmmError::Tls(text()),
            RmmError::Timeout,
            RmmError::NotThisVendor(text()),
            RmmError::UnknownClient,
            RmmError::WrongSecret,
            RmmError::MissingScope,
            RmmError::GrantRefused,
            RmmError::Unauthorized,
            RmmError::Forbidden(text()),
            RmmError::NotAvailable(text()),
            RmmError::Throttled { retry_after: None },
            RmmError::Server(500),
            RmmError::BadBody(text()),
            RmmError::ReportLost,
        ]
    }

    #[test]
    fn every_error_has_its_own_code_a_sentence_and_a_hint() {
        let mut codes = std::collections::BTreeSet::new();
        for error in all() {
            let problem = problem(&error, "NinjaOne");
            assert!(codes.insert(problem.code.clone()), "{}", problem.code);
            assert!(problem.message.ends_with('.') && !problem.hints.is_empty(), "{problem:?}");
        }
    }

    #[test]
    fn the_field_to_mend_is_named() {
        let field = |e: RmmError| problem(&e, "NinjaOne").field;
        assert_eq!(field(RmmError::UnknownClient).as_deref(), Some("client_id"));
        assert_eq!(field(RmmError::WrongSecret).as_deref(), Some("client_secret"));
        assert_eq!(field(RmmError::Unreachable(String::new())).as_deref(), Some("base_url"));
        assert_eq!(field(RmmError::GrantRefused), None);
    }

    #[test]
    fn a_long_wait_is_told_in_minutes() {
        let told = |seconds| {
            problem(&RmmError::Throttled { retry_after: Some(Duration::from_secs(seconds)) }, "V").message
        };
        assert_eq!(told(601), "V asks to wait 11 minutes before the next request.");
        assert_eq!(told(5), "V asks to wait a minute before the next request.");
    }
}
