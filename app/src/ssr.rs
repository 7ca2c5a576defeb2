//! What exists on the server only: from a request to the tenant it may touch.
#![cfg(feature = "ssr")]

pub use crate::error::AppError;
use axum::http::{HeaderValue, header, request::Parts};
use backend::{
    Portal, Tenant,
    session::{Session, SignedIn, Visitor},
    tenant::Access,
};
pub use backend::{
    TokenInput, WhyAsked,
    devices::ViewInput,
    tenant::{Admin, Manage, Read},
};
pub use domain::{
    audit::AuditFilter,
    breaker::BreakerSettings,
    company::{CompanyInput, LocationInput},
    compliance::{ReportFilter, SubjectInput, TermsInput},
    device::DeviceFilter,
    import::StagedFilter,
    integration::ConnectInput,
    mapping::NodeClassChoice,
    page::ListQuery,
    permissions::{Area, Level},
    roles::RoleInput,
};
use domain::{
    error::{ErrorKind, UserError},
    session::Me,
};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// The portal that serves this request.
pub fn portal() -> Result<Portal, AppError> {
    use_context::<Portal>()
        .ok_or_else(|| UserError::new(ErrorKind::Internal, "The portal is not ready. Try again.").into())
}

/// The signed-in user's tenant with the access to an area that the caller needs; otherwise 401 or 403.
pub async fn tenant<A: Access>(area: Area) -> Result<Tenant<A>, AppError> {
    Ok(portal()?.tenant::<A>(&who()?, area)?)
}

/// The same also for somebody who is limited to some companies, whom [`tenant`] refuses: the answer keeps to these.
pub async fn scoped<A: Access>(area: Area) -> Result<Tenant<A>, AppError> {
    Ok(portal()?.scoped::<A>(&who()?, area)?)
}

/// The signed-in user's tenant for what is the user's own; otherwise 401.
pub fn own() -> Result<Tenant<Read>, AppError> {
    Ok(portal()?.own(&who()?)?)
}

/// Who asks, by cookie or API token; otherwise 401.
pub fn who() -> Result<Session, AppError> {
    let nobody =
        || UserError::new(ErrorKind::Unauthenticated, "You are signed out. Sign in and try again.").into();
    session().ok_or_else(nobody)
}

/// The session of a person who asks; otherwise 401, and 403 for a program.
pub fn present() -> Result<Session, AppError> {
    let session = who()?;
    if session.token.is_some() {
        return Err(UserError::new(ErrorKind::Forbidden, "An API token cannot do this.").into());
    }
    Ok(session)
}

/// Who sent the request, as the server's middleware found it.
pub fn visitor() -> Visitor {
    use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned()).unwrap_or_default()
}

/// Whether the signed-in user may do that much in an area; refuses nobody.
pub fn has(area: Area, level: Level) -> bool {
    session().is_some_and(|session| session.me().permissions.allow(area, level))
}

/// The session that the request's cookie stands for, as the server's middleware found it.
fn session() -> Option<Session> {
    use_context::<Parts>()?.extensions.get::<Session>().cloned()
}

/// Sets the cookies of a new session and answers who signed in.
pub fn remember(signed_in: SignedIn) -> Me {
    set_cookie(&signed_in.cookie);
    set_cookie(&signed_in.device_cookie);
    signed_in.me
}

/// Ends the session in the database and in the browser.
pub async fn forget() -> Result<(), AppError> {
    let portal = portal()?;
    if let Some(session) = session() {
        portal.sign_out(&session).await?;
    }
    set_cookie(&portal.no_session());
    Ok(())
}

fn set_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(header::SET_COOKIE, value);
    }
}
