//! What can be answered when a call does not succeed.

use super::{
    endpoint::{Endpoint, Needs},
    shape::{Schemas, Shape},
};
use domain::error::{ErrorKind, UserError};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder},
};

/// How every error is answered.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct ErrorAnswer {
    error: UserError,
}

/// The schemas of errors.
pub fn schemas(into: &mut Schemas) {
    UserError::collect(into);
    into.insert(ErrorAnswer::name().into_owned(), ErrorAnswer::schema());
}

/// The kinds of error with their responses, named as the kinds are.
pub fn all() -> impl Iterator<Item = (&'static str, Response)> {
    ErrorKind::ALL.iter().map(|kind| (kind.as_str(), response(*kind)))
}

/// A reference to the response of that kind.
pub fn reference(kind: ErrorKind) -> RefOr<Response> {
    Ref::from_response_name(kind.as_str()).into()
}

fn response(kind: ErrorKind) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ErrorAnswer::name())))
        .example(Some(example(kind)))
        .build();
    ResponseBuilder::new().description(meaning(kind)).content("application/json", content).build()
}

/// `If-Match` names what is not there any more.
pub fn precondition_failed() -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ErrorAnswer::name())))
        .example(Some(example(ErrorKind::Conflict)));
    let about = "It was changed since it was read, and nothing was done; `ETag` names what there is now.";
    ResponseBuilder::new().description(about).content("application/json", content.build()).build()
}

/// A body is larger than it may be.
pub fn too_large() -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ErrorAnswer::name())))
        .example(Some(example(ErrorKind::Invalid)));
    let about = "The body is larger than 2 MB, or than 32 MB where a CSV file is taken; without a session, than 64 KB.";
    ResponseBuilder::new().description(about).content("application/json", content.build()).build()
}

/// A request takes too long to arrive, or its answer to begin.
pub fn too_slow() -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ErrorAnswer::name())))
        .example(Some(example(ErrorKind::Invalid)));
    let about = "The request did not arrive in time, or the work on it took more than five minutes.";
    ResponseBuilder::new().description(about).content("application/json", content.build()).build()
}

fn meaning(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Invalid => "Something in the request cannot be accepted; `field` names it.",
        ErrorKind::Unauthenticated => "Nobody is signed in, or the credentials or the API token are wrong.",
        ErrorKind::Forbidden => {
            "The role of the user or of the API token does not allow this, or the request came from another site."
        }
        ErrorKind::NotFound => "Nothing that this user can see has that id.",
        ErrorKind::Conflict => "Something else came first: another change, another row of the same name.",
        ErrorKind::Throttled => "Too many requests; try again later.",
        ErrorKind::Vendor => "The vendor refused or could not be reached.",
        ErrorKind::Internal => {
            "Something went wrong on our side; `id` finds it in the log. With `Retry-After` nothing was done."
        }
    }
}

fn example(kind: ErrorKind) -> Value {
    let error = match kind {
        ErrorKind::Invalid => UserError::invalid("name", "Enter a name."),
        ErrorKind::NotFound => UserError::not_found("company"),
        ErrorKind::Internal => UserError {
            id: Some("8f3a01c2d4e6".into()),
            ..UserError::new(kind, "Something went wrong on our side.")
        },
        kind => UserError::new(kind, meaning(kind)),
    };
    json!({ "error": error })
}

/// Arguments that name rows, or hold what names them, without being called an id.
const PLACES: [&str; 9] =
    ["companies", "company", "device", "device_type", "fields", "location", "role", "select", "source"];

/// The kinds of error that an endpoint may answer.
pub fn kinds(endpoint: &Endpoint) -> Vec<ErrorKind> {
    let by_link = endpoint.arguments.iter().any(|a| a.name == "token");
    let names_a_thing =
        by_link || endpoint.arguments.iter().any(|a| a.name.ends_with("_id") && a.name != "client_id");
    let in_a_value = endpoint.arguments.iter().any(|a| PLACES.contains(&a.name));
    // The key that sealed the secret of a second factor may be lost.
    let second_factor = endpoint.name().ends_with("_second_factor")
        || ["session/sign_in", "session/new_recovery_codes"].contains(&endpoint.name());
    // A device that no integration feeds has nobody to ask.
    let of_vendor = endpoint.name() == "devices/raw";
    let asks_vendor = of_vendor || endpoint.name() == "integrations/connect";
    let kinds = [
        (ErrorKind::Unauthenticated, true),
        (
            ErrorKind::Forbidden,
            endpoint.needs > Needs::SignedIn || !endpoint.is_read() || !endpoint.takes_tokens(),
        ),
        (ErrorKind::NotFound, names_a_thing || in_a_value),
        (
            ErrorKind::Conflict,
            of_vendor || !endpoint.is_read() && (endpoint.resource() != "session" || second_factor),
        ),
        (ErrorKind::Invalid, !endpoint.arguments.is_empty() || !endpoint.is_read()),
        // Of a program with a token everything is counted, also what is not for programs.
        (ErrorKind::Throttled, true),
        (ErrorKind::Vendor, asks_vendor),
        (ErrorKind::Internal, true),
    ];
    kinds.into_iter().filter(|(_, may)| *may).map(|(kind, _)| kind).collect()
}
