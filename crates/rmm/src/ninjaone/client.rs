//! Which endpoint answers what.

use super::{
    auth::{Auth, Token},
    fault, glance, hardware,
    page::{self, Cursor},
    remote, rows,
    value::Id,
    wire,
};
use crate::{
    Account, DeviceRow, DeviceState, MOST_NAMED, Page, Position, RawRow, RmmClient, RmmError,
    http::{Answer, Ask, Http, Trouble},
};
use async_trait::async_trait;
use bytes::Bytes;
use domain::remote::{
    RemoteBackup, RemoteClues, RemoteDeviceRef, RemoteLocation, RemoteLogon, RemoteOrganization, RemoteRole,
    RemoteUser,
};
use std::{collections::HashSet, sync::Arc};
use url::form_urlencoded;

/// The documented maximum: one big page makes a lost cursor rare.
const LOGONS_PAGE: u32 = 10_000;
/// No maximum is documented; a report ends by its cursor, so a server that gives fewer rows loses none.
const BACKUPS_PAGE: u32 = 25_000;

/// Reads one NinjaOne account.
pub struct Client {
    http: Http,
    /// Where a person waits, as at the connection test.
    brief: Http,
    auth: Auth,
    page_size: u32,
}

impl Client {
    pub fn new(account: &Account) -> Result<Self, RmmError> {
        let http = Http::new(account, super::NAME)?;
        Ok(Self {
            brief: http.brief(),
            http,
            auth: Auth::new(account),
            page_size: account.limits.page_size.max(1),
        })
    }

    /// A page of a list by `after`; `read` gets the body and that id.
    async fn list<T>(
        &self,
        what: What,
        at: &Position,
        read: impl Fn(&Bytes, Option<Id>) -> Result<T, Trouble> + Send + Sync,
    ) -> Result<T, RmmError> {
        let after = match at {
            Position::Start => None,
            Position::After(id) => Some(id.parse().map(Id).map_err(|_| misplaced(&what))?),
            Position::Cursor(_) => return Err(misplaced(&what)),
        };
        let mut path = format!("{}{}pageSize={}", what.path, what.joint(), self.page_size);
        if let Some(id) = after {
            path += &format!("&after={id}");
        }
        self.get(&self.http, &what, &Ask::get(&path), |body| read(body, after)).await
    }

    /// A page of a report by cursor; `read` gets the body and the cursor.
    async fn report<T>(
        &self,
        what: What,
        size: u32,
        at: &Position,
        read: impl Fn(&Bytes, Option<&Cursor>) -> Result<T, Trouble> + Send + Sync,
    ) -> Result<T, RmmError> {
        let cursor = match at {
            Position::Start => None,
            Position::Cursor(text) => Some(Cursor::parse(text).ok_or_else(|| misplaced(&what))?),
            Position::After(_) => return Err(misplaced(&what)),
        };
        let mut path = format!("{}{}pageSize={size}", what.path, what.joint());
        if let Some(cursor) = &cursor {
            path.extend(
                ["&cursor="].into_iter().chain(form_urlencoded::byte_serialize(cursor.name.as_bytes())),
            );
        }
        let ask = Ask { once: cursor.is_some(), ..Ask::get(&path) };
        self.get(&self.http, &what, &ask, |body| read(body, cursor.as_ref())).await
    }

    /// A list that comes in one piece.
    async fn whole<T>(
        &self,
        what: What,
        read: impl Fn(&Bytes) -> Result<T, Trouble> + Send + Sync,
    ) -> Result<T, RmmError> {
        self.get(&self.http, &what, &Ask::get(what.path), read).await
    }

    /// Reads with the token, and once more with a new one when it is refused. A refused request was not processed, so
    /// this holds for cursors too.
    async fn get<T>(
        &self,
        http: &Http,
        what: &What,
        ask: &Ask<'_>,
        read: impl Fn(&Bytes) -> Result<T, Trouble> + Send + Sync,
    ) -> Result<T, RmmError> {
        let token = self.auth.token(http).await?;
        match self.try_token(http, what, ask, &token, &read).await {
            Err(RmmError::Unauthorized) => {
                let token = self.auth.renewed(http, &token).await?;
                self.try_token(http, what, ask, &token, &read).await
            }
            outcome => outcome,
        }
    }

    async fn try_token<T>(
        &self,
        http: &Http,
        what: &What,
        ask: &Ask<'_>,
        token: &Arc<Token>,
        read: impl Fn(&Bytes) -> Result<T, Trouble> + Send + Sync,
    ) -> Result<T, RmmError> {
        let ask = Ask { bearer: Some(&token.secret), method: ask.method.clone(), ..*ask };
        let outcome = http.send(&ask, |answer| read(body(answer, what, ask.once)?)).await;
        if matches!(outcome, Ok(_) | Err(RmmError::Forbidden(_) | RmmError::NotAvailable(_))) {
            token.prove();
        }
        outcome
    }
}

/// An endpoint and what it is called in sentences.
struct What {
    path: &'static str,
    name: &'static str,
}

impl What {
    fn joint(&self) -> char {
        if self.path.contains('?') { '&' } else { '?' }
    }
}

fn what(path: &'static str, name: &'static str) -> What {
    What { path, name }
}

fn misplaced(what: &What) -> RmmError {
    RmmError::BadBody(format!("the position is not one of {}", what.name))
}

/// An id, which goes into a path.
fn number(id: &str) -> Result<i64, RmmError> {
    id.parse().map_err(|_| RmmError::BadBody("not an id of NinjaOne's".into()))
}

/// The body of a good answer, or what the status means.
fn body<'a>(answer: &'a Answer, what: &What, once: bool) -> Result<&'a Bytes, Trouble> {
    if let Some(trouble) = answer.common_trouble() {
        return Err(trouble);
    }
    let name = || what.name.to_owned();
    Err(Trouble::last(match answer.status {
        200 => return Ok(&answer.body),
        201..=299 => return Err(Trouble::unreadable(format!("status {} instead of 200", answer.status))),
        300..=399 => RmmError::NotThisVendor("it redirects".into()),
        401 if lacks_privileges(&answer.body) => RmmError::Forbidden(name()),
        401 => RmmError::Unauthorized,
        403 => RmmError::Forbidden(name()),
        // The cursor is gone.
        400 | 404 | 410 if once => RmmError::ReportLost,
        404 | 405 | 410 => RmmError::NotAvailable(name()),
        status => RmmError::Server(status),
    }))
}

/// A scope that is too small answers 401 on some endpoints; a new token would not help.
fn lacks_privileges(body: &[u8]) -> bool {
    matches!(fault::word(body).as_deref(), Some("insufficient_privileges" | "user_context_required"))
}

#[async_trait]
impl RmmClient for Client {
    async fn probe(&self) -> Result<i64, RmmError> {
        let path = format!("/v2/organizations?pageSize={}", self.page_size);
        let what = what("/v2/organizations", "organizations");
        let read = |body: &Bytes| page::list::<wire::Organization<'_>>(body, None, "");
        let page = self.get(&self.brief, &what, &Ask::get(&path), read).await?;
        Ok(i64::try_from(page.raw).unwrap_or(i64::MAX))
    }

    async fn organizations(&self, at: &Position) -> Result<Page<RemoteOrganization>, RmmError> {
        let what = what("/v2/organizations", "organizations");
        self.list(what, at, |body, after| page::list::<wire::Organization<'_>>(body, after, self.http.base()))
            .await
    }

    /// Secure values come masked: `showSecureValues` is never sent.
    async fn organization_clues(&self, at: &Position) -> Result<Page<RemoteClues>, RmmError> {
        let what =
            what("/v2/queries/scoped-custom-fields?scopes=ORGANIZATION", "the report of custom fields");
        let read = |body: &Bytes, at: Option<&Cursor>| {
            page::report::<wire::ScopedFields<'_>>(body, at, self.http.base())
        };
        self.report(what, self.page_size, at, read).await
    }

    async fn clues_of(&self, organization: &str) -> Result<Option<String>, RmmError> {
        let what = what("/v2/organization", "an organization's custom fields");
        let path = format!("{}/{}/custom-fields", what.path, number(organization)?);
        let read = |body: &Bytes| Ok(remote::clues_in(&rows::object(body)?));
        self.get(&self.http, &what, &Ask::get(&path), read).await
    }

    async fn locations(&self, at: &Position) -> Result<Page<RemoteLocation>, RmmError> {
        let what = what("/v2/locations", "locations");
        self.list(what, at, |body, after| page::list::<wire::Location<'_>>(body, after, self.http.base()))
            .await
    }

    async fn device_refs(&self, at: &Position) -> Result<Page<RemoteDeviceRef>, RmmError> {
        let what = what("/v2/devices", "devices");
        self.list(what, at, |body, after| page::list::<wire::DeviceRef>(body, after, self.http.base())).await
    }

    /// Approved devices only: that is the API's default, and pending or decommissioned ones are not managed.
    async fn devices(&self, at: &Position) -> Result<Page<DeviceRow>, RmmError> {
        let what = what("/v2/devices-detailed?expand=warranty", "devices");
        self.list(what, at, |body, after| glance::page(body, after, self.http.base())).await
    }

    async fn devices_named(&self, ids: &[String], state: DeviceState) -> Result<Vec<String>, RmmError> {
        let what = what("/v2/devices", "devices");
        let word = match state {
            DeviceState::Approved => "APPROVED",
            DeviceState::Pending => "PENDING",
            DeviceState::Decommissioned => "DECOMMISSIONED",
        };
        let filter = format!("id in ({}) AND status = {word}", ids.join(","));
        let df: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let df = df.replace('+', "%20");
        let asked: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let (mut named, mut after) = (Vec::new(), None);
        loop {
            // The public clients encode blanks as %20; whether + works is not known.
            let mut path = format!("{}?pageSize={}&df={df}", what.path, MOST_NAMED * 5);
            if let Some(id) = after {
                path += &format!("&after={id}");
            }
            let read = |body: &Bytes| page::list::<wire::DeviceRef>(body, after, "");
            let page = self.get(&self.http, &what, &Ask::get(&path), read).await?;
            let told = page.ordered && page.raw == page.ids.len();
            if !told || !page.ids.iter().all(|id| asked.contains(id.as_str())) {
                // Some instances are said to ignore filters: then the answer proves nothing.
                return Err(RmmError::BadBody("the filter by id was not followed".into()));
            }
            named.extend(page.ids);
            after = match page.next {
                Some(Position::After(id)) => id.parse().ok().map(Id),
                _ => None,
            };
            // No more than were asked for can come.
            if after.is_none() || named.len() >= ids.len() {
                return Ok(named);
            }
        }
    }

    async fn raw_device(&self, id: &str) -> Result<Option<RawRow>, RmmError> {
        let what = what("/v2/device", "a device");
        let path = format!("{}/{}", what.path, number(id)?);
        match self.get(&self.brief, &what, &Ask::get(&path), |body| rows::object(body)).await {
            Ok(fields) => Ok(Some(RawRow { hardware: hardware::hardware(&fields), fields })),
            Err(RmmError::NotAvailable(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn locations_of(&self, organization: &str) -> Result<Option<Vec<String>>, RmmError> {
        let what = what("/v2/organization", "an organization's locations");
        let path = format!("{}/{}/locations", what.path, number(organization)?);
        let read = |body: &Bytes| page::whole::<wire::Location<'_>>(body, self.http.base());
        match self.get(&self.http, &what, &Ask::get(&path), read).await {
            Ok(page) => Ok(Some(page.ids)),
            Err(RmmError::NotAvailable(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn roles(&self) -> Result<Page<RemoteRole>, RmmError> {
        let what = what("/v2/roles", "device roles");
        self.whole(what, |body| page::whole::<wire::Role<'_>>(body, self.http.base())).await
    }

    /// Technicians and end users: without `userType` both come.
    async fn users(&self) -> Result<Page<RemoteUser>, RmmError> {
        let what = what("/v2/users", "users");
        self.whole(what, |body| page::whole::<wire::User<'_>>(body, self.http.base())).await
    }

    async fn logons(&self, at: &Position) -> Result<Page<RemoteLogon>, RmmError> {
        let what = what("/v2/queries/logged-on-users", "the report of logged-on users");
        let read =
            |body: &Bytes, at: Option<&Cursor>| page::report::<wire::Logon<'_>>(body, at, self.http.base());
        self.report(what, LOGONS_PAGE, at, read).await
    }

    async fn backups(&self, at: &Position) -> Result<Page<RemoteBackup>, RmmError> {
        let what = what("/v2/queries/backup/usage?includeLastBackupJobTimes=true", "the backup report");
        let read =
            |body: &Bytes, at: Option<&Cursor>| page::report::<wire::Backup>(body, at, self.http.base());
        self.report(what, BACKUPS_PAGE, at, read).await
    }
}
