//! `If-Match`: an edit that is done only while what the caller has read is what there is.
//!
//! An edit's `version` says the same inside of the request, and the backend looks at it as it writes. So the tag is read as the
//! version that it was made of and handed on: nobody can come between the look and the edit.

use crate::{api, auth::refuse};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::error::{ErrorKind, UserError};
use serde_json::{Map, Value};

/// An edit, and the read whose tag it takes.
struct Edit {
    name: &'static str,
    read: &'static str,
    /// The argument that says which one, for both.
    id: Option<&'static str>,
    /// Where the version stands in what is read.
    version: &'static str,
}

const EDITS: [Edit; 6] = [
    Edit { name: "companies/update", read: "companies/get", id: Some("company_id"), version: "/version" },
    Edit {
        name: "locations/update",
        read: "locations/overview",
        id: Some("location_id"),
        version: "/location/version",
    },
    Edit {
        name: "device_types/update",
        read: "device_types/get",
        id: Some("device_type_id"),
        version: "/version",
    },
    Edit { name: "devices/update", read: "devices/get", id: Some("device_id"), version: "/version" },
    Edit {
        name: "integrations/update_breaker",
        read: "integrations/get",
        id: Some("integration_id"),
        version: "/version",
    },
    Edit { name: "compliance/save_rules", read: "compliance/rules", id: None, version: "/version" },
];

/// Whether the endpoint of that name, such as `companies/update`, takes `If-Match`; and which read has the tag.
pub fn read_of(name: &str) -> Option<&'static str> {
    edit(name).map(|edit| edit.read)
}

fn edit(name: &str) -> Option<&'static Edit> {
    EDITS.iter().find(|edit| edit.name == name)
}

/// Stands before edits. In: the session is known by now.
pub async fn check(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if *request.method() != Method::POST
        || !api::is_inside(path)
        || !request.headers().contains_key(header::IF_MATCH)
    {
        return next.run(request).await;
    }
    let Some(edit) = edit(path.trim_start_matches(api::BASE).trim_start_matches('/')) else {
        return refuse(UserError::invalid("If-Match", "This takes no If-Match. Leave the header out."));
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return refuse(UserError::new(ErrorKind::Invalid, "The request was cut off."));
    };
    let Ok(arguments) = serde_json::from_slice::<Map<String, Value>>(&body) else {
        // The endpoint says what is wrong with it.
        return next.run(Request::from_parts(parts, Body::from(body))).await;
    };
    Asked { edit, parts, arguments }.answer(next).await
}

/// An edit with `If-Match`.
struct Asked {
    edit: &'static Edit,
    parts: Parts,
    arguments: Map<String, Value>,
}

impl Asked {
    async fn answer(mut self, next: Next) -> Response {
        let now = match self.current(next.clone()).await {
            Ok(now) => now,
            // Nobody is signed in, the thing is not there: as the read says.
            Err(refusal) => return refusal,
        };
        let matches = names(&self.parts.headers, &now.tag);
        let asked = self.arguments.get("version").and_then(Value::as_i64);
        if !matches || asked.is_some_and(|asked| asked != now.version) {
            return precondition_failed(&now.tag);
        }
        self.arguments.insert("version".into(), now.version.into());
        let response = self.edit(next.clone()).await;
        if response.status() != StatusCode::CONFLICT {
            return response;
        }
        // Somebody was faster, or something else is in the way.
        match self.current(next).await {
            Ok(then) if then.version != now.version => precondition_failed(&then.tag),
            _ => response,
        }
    }

    async fn edit(&self, next: Next) -> Response {
        let body = serde_json::to_vec(&self.arguments).unwrap_or_default();
        let mut parts = self.parts.clone();
        parts.headers.insert(header::CONTENT_LENGTH, body.len().into());
        next.run(Request::from_parts(parts, Body::from(body))).await
    }

    /// What there is now, as the same caller reads it.
    async fn current(&self, next: Next) -> Result<Current, Response> {
        let path = format!("{}/{}", api::BASE, self.edit.read);
        let query = self.edit.id.map(|id| {
            let value = self.arguments.get(id).and_then(Value::as_str).unwrap_or_default();
            url::form_urlencoded::Serializer::new(String::new()).append_pair(id, value).finish()
        });
        let uri = query.map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
        let mut parts = self.parts.clone();
        parts.method = Method::GET;
        parts.uri = uri.parse::<Uri>().map_err(|_| lost())?;
        for name in [header::IF_MATCH, header::IF_NONE_MATCH, header::CONTENT_LENGTH, header::CONTENT_TYPE] {
            parts.headers.remove(name);
        }
        let response = next.run(Request::from_parts(parts, Body::empty())).await;
        if response.status() != StatusCode::OK {
            return Err(response);
        }
        let (parts, body) = response.into_parts();
        let tag = parts.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let body: Bytes = to_bytes(body, usize::MAX).await.map_err(|_| lost())?;
        let body: Value = serde_json::from_slice(&body).map_err(|_| lost())?;
        let version = body.pointer(self.edit.version).and_then(Value::as_i64);
        match (tag, version) {
            (Some(tag), Some(version)) => Ok(Current { tag, version }),
            _ => Err(lost()),
        }
    }
}

/// What there is, as its tag and its version.
struct Current {
    tag: String,
    version: i64,
}

fn lost() -> Response {
    refuse(UserError::new(ErrorKind::Internal, "What this is about could not be read. Try again."))
}

/// Whether one of the tags is that of what there is, in either strength, or any will do.
fn names(headers: &HeaderMap, tag: &str) -> bool {
    let mut lines = headers.get_all(header::IF_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.any(|line| crate::etag::names(line, tag))
}

fn precondition_failed(tag: &str) -> Response {
    let error = UserError::conflict(
        "This was changed since it was read, and nothing was done. Read it again, and send the edit with the new ETag.",
    );
    let body = axum::Json(serde_json::json!({ "error": error }));
    (StatusCode::PRECONDITION_FAILED, [(header::ETAG, tag)], body).into_response()
}
