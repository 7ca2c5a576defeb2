//! Query parameters are looked at before the server function, because its own decoder cannot say which one is wrong.

use super::{endpoint::Endpoint, table::server_functions};
use crate::auth::refuse;
use axum::{extract::Request, middleware::Next, response::Response};
use domain::error::UserError;
use std::{collections::HashMap, sync::LazyLock};

/// Refuses a query parameter that cannot be what its endpoint expects, and names it.
pub async fn check(request: Request, next: Next) -> Response {
    match wrong(request.uri().path(), request.uri().query().unwrap_or_default()) {
        Some(name) => {
            let message =
                format!("The value of {name} cannot be read. See /api/v1/openapi.json for what it may be.");
            refuse(UserError::invalid(name, message))
        }
        None => next.run(request).await,
    }
}

static READS: LazyLock<HashMap<&str, Endpoint>> =
    LazyLock::new(|| server_functions().into_iter().filter(Endpoint::is_read).map(|e| (e.path, e)).collect());

/// Whether a path is that of a server function that reads.
pub fn is_read(path: &str) -> bool {
    READS.contains_key(path)
}

/// The name of the first parameter that has a wrong value.
fn wrong(path: &str, query: &str) -> Option<&'static str> {
    let endpoint = READS.get(path)?;
    url::form_urlencoded::parse(query.as_bytes()).find_map(|(name, value)| {
        let argument = endpoint.arguments.iter().find(|a| a.name == name)?;
        (!(argument.reads)(&value)).then_some(argument.name)
    })
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn a_value_that_is_none_is_told_from_one_that_is() {
        let list = |query| wrong("/api/v1/devices/list", query);
        assert_eq!(
            list("page=2&status=online&company=01890a5d-ac96-774b-bcce-b302099a8057&search=%25"),
            None
        );
        assert_eq!(list("page=&search=&status="), None);
        assert_eq!(list("search=x&page=-1"), Some("page"));
        assert_eq!(list("status=asleep"), Some("status"));
        assert_eq!(list("company=7"), Some("company"));
        assert_eq!(list("unheard_of=7"), None);
        assert_eq!(wrong("/api/v1/companies/get", "company_id="), Some("company_id"));
        assert_eq!(wrong("/devices", "page=x"), None);
    }
}
