//! What the document knows of an endpoint.

use super::shape::{Schemas, Shape};
use axum::http::Method;
use domain::permissions::{Area, Level};
use utoipa::openapi::{RefOr, Schema};

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Everybody, signed in or not.
    Nothing,
    /// Every signed-in user.
    SignedIn,
    /// Users who may view an area.
    Read(Area),
    /// Users who may manage an area.
    Manage(Area),
}

impl Needs {
    /// The permission that it takes.
    pub fn permission(self) -> Option<(Area, Level)> {
        match self {
            Needs::Nothing | Needs::SignedIn => None,
            Needs::Read(area) => Some((area, Level::Read)),
            Needs::Manage(area) => Some((area, Level::Manage)),
        }
    }
}

/// Resources that are for people alone: with a token nobody makes another one, signs in, or changes who may.
const FOR_PEOPLE: [&str; 5] = ["api_tokens", "roles", "session", "setup", "users"];

/// Whether the endpoint at a path may be called with an API token.
pub fn takes_tokens(path: &str) -> bool {
    let name = path.strip_prefix(super::BASE).unwrap_or(path).trim_start_matches('/');
    let resource = name.split('/').next().unwrap_or_default();
    name == "session/me" || !FOR_PEOPLE.contains(&resource)
}

/// A server function as the API offers it.
#[derive(Clone)]
pub struct Endpoint {
    pub method: Method,
    /// The whole path, such as `/api/v1/companies/list`.
    pub path: &'static str,
    pub needs: Needs,
    /// Whether it keeps to the companies that somebody is limited to; otherwise it is refused to them.
    in_scope: bool,
    /// One sentence.
    pub summary: &'static str,
    pub arguments: Vec<Argument>,
    pub(super) answer: RefOr<Schema>,
    pub(super) schemas: Schemas,
}

/// An argument: a query parameter of a GET, a field of the JSON body of a POST.
#[derive(Clone)]
pub struct Argument {
    pub name: &'static str,
    pub required: bool,
    pub(super) schema: RefOr<Schema>,
    /// The same, or null.
    pub(super) nullable: RefOr<Schema>,
    /// Whether a query may have that value.
    pub(super) reads: fn(&str) -> bool,
}

impl Endpoint {
    pub(super) fn new<Answer: Shape>(
        method: Method,
        path: &'static str,
        needs: Needs,
        summary: &'static str,
    ) -> Self {
        let mut schemas = Schemas::default();
        Answer::collect(&mut schemas);
        let answer = Answer::shape();
        Self { method, path, needs, in_scope: false, summary, arguments: Vec::new(), answer, schemas }
    }

    /// Open also to those who are limited to some companies.
    pub(super) fn scope(self) -> Self {
        Self { in_scope: true, ..self }
    }

    /// Whether somebody who is limited to some companies may call it: what is their own, and what keeps to these.
    pub fn takes_limited(&self) -> bool {
        self.in_scope || self.needs.permission().is_none()
    }

    pub(super) fn with<T: Shape>(mut self, name: &'static str) -> Self {
        T::collect(&mut self.schemas);
        let (schema, nullable) = (T::shape(), T::nullable());
        self.arguments.push(Argument { name, required: T::REQUIRED, schema, nullable, reads: T::reads });
        self
    }

    /// The path after the base, such as `companies/list`.
    pub fn name(&self) -> &'static str {
        self.path.trim_start_matches(super::BASE).trim_start_matches('/')
    }

    /// `companies` of `companies/list`.
    pub(super) fn resource(&self) -> &'static str {
        self.name().split('/').next().unwrap_or_default()
    }

    /// Whether it may be called with an API token.
    pub fn takes_tokens(&self) -> bool {
        takes_tokens(self.path)
    }

    /// Whether this is a read.
    pub fn is_read(&self) -> bool {
        self.method == Method::GET
    }
}
