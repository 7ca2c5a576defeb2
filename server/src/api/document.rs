//! Puts the document together.

use super::{
    arguments,
    endpoint::{Argument, Endpoint, Needs},
    responses,
    shape::{Schemas, Shape},
    table::server_functions,
};
use crate::if_match;
use axum::http::Method;
use backend::session::COOKIE;
use domain::{
    audit::{AuditAction, AuditKind},
    compliance::{Age, Check, Outcome},
    device::{BackupState, DeviceStatus},
    device_list::{ArchivedFilter, LocationFilter, SerialFilter, SupportFilter, WarrantyFilter},
    error::ErrorKind,
    ids::{CompanyId, DeviceTypeId, RunId, UserId},
    os::OsFamily,
    permissions::Area,
    run::{ChangeKind, Run},
};
use utoipa::openapi::{
    Components, ComponentsBuilder, Content, ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi,
    OpenApiBuilder, Paths, RefOr, Required, Response, ResponseBuilder, Schema, SecurityRequirement,
    path::{HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::Type,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// Names of the security schemes.
const SESSION: &str = "session";
const TOKEN: &str = "token";

const ABOUT: &str = "Reads are GET with query parameters, writes are POST with a JSON body; every answer is JSON. Ids are \
UUIDs, the vendor's own ids are texts; times are RFC 3339 in UTC. Every error is `{\"error\": {\"kind\", \"message\", \
\"field\"?, \"id\"?}}` with the fitting status. A request that changes something is refused when a browser says that \
another site sent it. Programs send `Authorization: Bearer` with an API token: it does what its role and its user may, but for \
what concerns people (signing in, users, tokens). Reads carry an `ETag` and answer 304 to an `If-None-Match` that names it. \
Writes take an `Idempotency-Key`. Edits take the `version` that was read, and answer 409 when it is not the present one; some take the read's `ETag` as `If-Match` \
instead, and answer 412.";

/// The whole description.
pub fn document() -> OpenApi {
    let functions = server_functions();
    let info =
        InfoBuilder::new().title("MSPortal").version(env!("CARGO_PKG_VERSION")).description(Some(ABOUT));
    let mut schemas = Schemas::new();
    responses::schemas(&mut schemas);
    let mut paths = Paths::new();
    for function in functions {
        let operation = operation(&function);
        schemas.extend(function.schemas);
        paths.add_path_operation(function.path, vec![http_method(&function.method)], operation);
    }
    paths.add_path_operation("/api/v1/runs/{run_id}/events", vec![HttpMethod::Get], events());
    paths.add_path_operation("/api/v1/reports/devices.csv", vec![HttpMethod::Get], report_devices());
    paths.add_path_operation("/api/v1/reports/companies.csv", vec![HttpMethod::Get], report_companies());
    paths.add_path_operation("/api/v1/runs/{run_id}/changes.csv", vec![HttpMethod::Get], changes());
    paths.add_path_operation("/api/v1/devices/export.csv", vec![HttpMethod::Get], devices());
    paths.add_path_operation("/api/v1/audit/export.csv", vec![HttpMethod::Get], audit());
    paths.add_path_operation("/api/v1/openapi.json", vec![HttpMethod::Get], description());
    paths.add_path_operation("/healthz", vec![HttpMethod::Get], health());
    OpenApiBuilder::new().info(info.build()).paths(paths).components(Some(components(schemas))).build()
}

fn http_method(method: &Method) -> HttpMethod {
    if *method == Method::GET { HttpMethod::Get } else { HttpMethod::Post }
}

fn components(schemas: Schemas) -> Components {
    let mut components = ComponentsBuilder::new();
    for (name, schema) in schemas {
        components = components.schema(name, schema);
    }
    for (name, response) in responses::all() {
        components = components.response(name, response);
    }
    let cookie = ApiKeyValue::with_description(
        COOKIE,
        "Set by session/sign_in and setup/create_portal. Behind TLS its name begins with `__Host-`.",
    );
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API token, made in the portal under *API tokens*. It counts before a cookie."))
        .build();
    components
        .security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)))
        .security_scheme(TOKEN, SecurityScheme::Http(token))
        .build()
}

fn operation(function: &Endpoint) -> Operation {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(function.name().replace('/', "_")))
        .tag(function.resource())
        .summary(Some(function.summary))
        .description(Some(who(function)))
        .response("200", answer("The answer.", "application/json", function.answer.clone()));
    if function.is_read() {
        for argument in &function.arguments {
            operation = operation.parameter(parameter(function, argument));
        }
        let same = "You have what there is, by the mark in If-None-Match.";
        operation = operation.response("304", ResponseBuilder::new().description(same));
    } else {
        operation = operation.request_body(Some(body(function)));
        operation = operation.response("413", responses::too_large());
        if function.takes_tokens() {
            operation = operation.parameter(key());
        }
        if let Some(read) = if_match::read_of(function.name()) {
            operation = operation.parameter(tag(read)).response("412", responses::precondition_failed());
        }
    }
    if function.needs > Needs::Nothing {
        operation = match function.takes_tokens() {
            true => operation.securities(Some(signed_in())),
            false => operation.security(by(SESSION)),
        };
    }
    operation = operation.response("408", responses::too_slow());
    for kind in responses::kinds(function) {
        operation = operation.response(kind.status().to_string(), responses::reference(kind));
    }
    operation.build()
}

/// Either of both ways.
fn signed_in() -> [SecurityRequirement; 2] {
    [by(SESSION), by(TOKEN)]
}

fn by(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, std::iter::empty::<String>())
}

/// What somebody who is limited to some companies gets.
const SCOPED: &str = " Whoever is limited to some companies sees these.";

/// Who may call it, and how.
fn who(function: &Endpoint) -> String {
    let people = function.needs > Needs::Nothing && !function.takes_tokens();
    let token = if people { " Not with an API token." } else { "" };
    let limited = match function.needs.permission() {
        None => "",
        Some(_) if function.takes_limited() => SCOPED,
        Some(_) => " Not for those who are limited to some companies.",
    };
    format!("{}{limited}{token}", needs(function.needs))
}

/// The caller's key of a write.
fn key() -> Parameter {
    let about = "Any text of up to 200 characters. Sent again within a day with the same key, the request is not done again: \
        the answer is the first one.";
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(<String as Shape>::shape()))
        .build()
}

/// The tag of what the caller has read.
fn tag(read: &str) -> Parameter {
    let about = format!(
        "The `ETag` of `{read}`: the edit is done only while that is what there is. It may stand in place of `version`."
    );
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(<String as Shape>::shape()))
        .build()
}

fn needs(needs: Needs) -> String {
    match needs {
        Needs::Nothing => "Open to everybody.".to_owned(),
        Needs::SignedIn => "For every signed-in user.".to_owned(),
        Needs::Read(area) => format!("For users who may view `{area}`."),
        Needs::Manage(area) => format!("For users who may manage `{area}`."),
    }
}

fn answer(description: &str, media_type: &str, schema: RefOr<Schema>) -> Response {
    ResponseBuilder::new().description(description).content(media_type, Content::new(Some(schema))).build()
}

fn parameter(function: &Endpoint, argument: &Argument) -> Parameter {
    ParameterBuilder::new()
        .name(argument.name)
        .parameter_in(ParameterIn::Query)
        .required(required(argument))
        .description(arguments::description(argument.name))
        .example(arguments::example(function.name(), argument.name))
        .schema(Some(argument.schema.clone()))
        .build()
}

fn required(argument: &Argument) -> Required {
    if argument.required { Required::True } else { Required::False }
}

/// A JSON object with a field per argument. A function without arguments takes an empty one.
fn body(function: &Endpoint) -> RequestBody {
    let mut object = ObjectBuilder::new();
    let mut example = serde_json::Map::new();
    for argument in &function.arguments {
        let schema = if argument.required { &argument.schema } else { &argument.nullable };
        object = object.property(argument.name, described(argument.name, schema.clone()));
        if argument.required {
            object = object.required(argument.name);
        }
        example.extend(
            arguments::example(function.name(), argument.name).map(|value| (argument.name.to_owned(), value)),
        );
    }
    let content =
        ContentBuilder::new().schema(Some(object)).example((!example.is_empty()).then(|| example.into()));
    RequestBodyBuilder::new()
        .content("application/json", content.build())
        .required(Some(Required::True))
        .build()
}

/// The schema with what the argument's name says.
fn described(name: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
    let Some(text) = arguments::description(name) else { return schema };
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            object.description = Some(text);
            object.into()
        }
        RefOr::Ref(mut reference) => {
            reference.description = text;
            reference.into()
        }
        other => other,
    }
}

fn run_id() -> Parameter {
    ParameterBuilder::new()
        .name("run_id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(<RunId as Shape>::shape()))
        .build()
}

/// An optional query parameter of a path that is no server function.
fn filter<T: Shape>(name: &'static str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(arguments::description(name))
        .schema(Some(T::shape()))
        .build()
}

/// The file that an operation answers, and how it is refused.
fn csv_file(operation: OperationBuilder, file: &str) -> OperationBuilder {
    let file = format!(
        "{file} What a spreadsheet would take for a formula has an apostrophe before it: at the beginning of a cell, and in it \
         after a semicolon, a tab or a line break."
    );
    operation
        .response("200", answer(&file, "text/csv", <String as Shape>::shape()))
        .response("401", responses::reference(ErrorKind::Unauthenticated))
        .response("403", responses::reference(ErrorKind::Forbidden))
        .response("408", responses::too_slow())
        .response("422", responses::reference(ErrorKind::Invalid))
        .response("429", responses::reference(ErrorKind::Throttled))
        .response("500", responses::reference(ErrorKind::Internal))
}

fn changes() -> Operation {
    let file = "A CSV file (RFC 4180, UTF-8) with the columns entity, remote_id, name, change, field, before, after: one \
                line per changed field.";
    let operation = OperationBuilder::new()
        .operation_id(Some("runs_changes_csv"))
        .tag("runs")
        .summary(Some("What a run changed, as a file."))
        .description(Some(needs(Needs::Read(Area::Integrations))))
        .parameter(run_id())
        .parameter(filter::<String>("entity"))
        .parameter(filter::<ChangeKind>("change"))
        .parameter(filter::<String>("search"))
        .securities(Some(signed_in()));
    csv_file(operation, file).response("404", responses::reference(ErrorKind::NotFound)).build()
}

/// A report as a file.
fn report(id: &str, summary: &str, file: &str) -> OperationBuilder {
    let operation = OperationBuilder::new()
        .operation_id(Some(id))
        .tag("reports")
        .summary(Some(summary))
        .description(Some(format!("{}{SCOPED}", needs(Needs::Read(Area::Reports)))))
        .securities(Some(signed_in()));
    csv_file(operation, file)
}

fn report_devices() -> Operation {
    let file = "A CSV file (RFC 4180, UTF-8), a line per device.";
    report("reports_devices_csv", "The devices behind a number of a report, as a file.", file)
        .parameter(filter::<String>("search"))
        .parameter(filter::<String>("sort"))
        .parameter(filter::<Check>("check"))
        .parameter(filter::<Outcome>("outcome"))
        .parameter(filter::<CompanyId>("company"))
        .parameter(filter::<DeviceTypeId>("device_type"))
        .parameter(filter::<String>("os"))
        .parameter(filter::<Age>("age"))
        .parameter(filter::<bool>("online"))
        .response("404", responses::reference(ErrorKind::NotFound))
        .build()
}

fn report_companies() -> Operation {
    let file = "A CSV file (RFC 4180, UTF-8), a line per company with its score and the devices that fail each check.";
    report("reports_companies_csv", "How all companies stand, as a file.", file).build()
}

fn devices() -> Operation {
    let file = "A CSV file (RFC 4180, UTF-8) with a row for each device and the columns of `cols`; the name's column has the \
                hostname behind it, a company's the location, and the last contact's the last user, unless they are named themselves.";
    let operation = OperationBuilder::new()
        .operation_id(Some("devices_export_csv"))
        .tag("devices")
        .summary(Some("The list of devices, as a file."))
        .description(Some(format!("{}{SCOPED}", needs(Needs::Read(Area::Devices)))))
        .parameter(filter::<String>("search"))
        .parameter(filter::<String>("sort"))
        .parameter(filter::<String>("cols"))
        .parameter(filter::<CompanyId>("company"))
        .parameter(filter::<LocationFilter>("location"))
        .parameter(filter::<DeviceTypeId>("device_type"))
        .parameter(filter::<DeviceStatus>("status"))
        .parameter(filter::<String>("source"))
        .parameter(filter::<BackupState>("backup"))
        .parameter(filter::<String>("owner"))
        .parameter(filter::<OsFamily>("os"))
        .parameter(filter::<SupportFilter>("os_support"))
        .parameter(filter::<String>("last_contact"))
        .parameter(filter::<WarrantyFilter>("warranty"))
        .parameter(filter::<SerialFilter>("serial"))
        .parameter(filter::<ArchivedFilter>("archived"))
        .securities(Some(signed_in()));
    csv_file(operation, file).response("404", responses::reference(ErrorKind::NotFound)).build()
}

fn audit() -> Operation {
    let file = "A CSV file (RFC 4180, UTF-8) with a line for each event, newest first.";
    let operation = OperationBuilder::new()
        .operation_id(Some("audit_export_csv"))
        .tag("audit")
        .summary(Some("The audit log, as a file."))
        .description(Some(needs(Needs::Read(Area::Settings))))
        .parameter(filter::<String>("search"))
        .parameter(filter::<AuditAction>("action"))
        .parameter(filter::<UserId>("user_id"))
        .parameter(filter::<AuditKind>("subject_kind"))
        .parameter(filter::<String>("from"))
        .parameter(filter::<String>("to"))
        .securities(Some(signed_in()));
    csv_file(operation, file).response("404", responses::reference(ErrorKind::NotFound)).build()
}

fn events() -> Operation {
    let stream = "Server-sent events: `event: run` with the run as JSON in `data`, whenever it moved on. The stream \
                  ends after the final state.";
    OperationBuilder::new()
        .operation_id(Some("runs_events"))
        .tag("runs")
        .summary(Some("The states of a run, as they happen."))
        .description(Some(needs(Needs::Read(Area::Integrations))))
        .parameter(run_id())
        .securities(Some(signed_in()))
        .response("200", answer(stream, "text/event-stream", <Run as Shape>::shape()))
        .response("401", responses::reference(ErrorKind::Unauthenticated))
        .response("403", responses::reference(ErrorKind::Forbidden))
        .response("404", responses::reference(ErrorKind::NotFound))
        .response("408", responses::too_slow())
        .response("429", responses::reference(ErrorKind::Throttled))
        .response("500", responses::reference(ErrorKind::Internal))
        .build()
}

fn description() -> Operation {
    let object = ObjectBuilder::new().schema_type(Type::Object).build().into();
    OperationBuilder::new()
        .operation_id(Some("openapi"))
        .tag("service")
        .summary(Some("This description, as OpenAPI 3.1."))
        .description(Some(needs(Needs::Nothing)))
        .response("200", answer("The description.", "application/json", object))
        .response("401", responses::reference(ErrorKind::Unauthenticated))
        .response("408", responses::too_slow())
        .response("429", responses::reference(ErrorKind::Throttled))
        .response("500", responses::reference(ErrorKind::Internal))
        .build()
}

fn health() -> Operation {
    OperationBuilder::new()
        .operation_id(Some("healthz"))
        .tag("service")
        .summary(Some("Whether the server answers."))
        .description(Some(needs(Needs::Nothing)))
        .response("200", answer("It does: `ok`.", "text/plain", <String as Shape>::shape()))
        .build()
}
