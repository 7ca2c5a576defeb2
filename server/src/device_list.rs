//! `GET /api/v1/devices/export.csv`: a list of devices as a file, sent while it is read.

use crate::csv::{Asked, answer, asked, attachment, given, scoped_reader, word};
use axum::{Extension, extract::State, response::Response};
use backend::{Portal, session::Session};
use domain::{device::DeviceFilter, device_list::Columns, error::UserError, page::ListQuery};

/// The filters of `devices/list`, by its names and by those of the list's address; an empty one is none.
#[derive(serde::Deserialize)]
pub struct Filters {
    search: Option<String>,
    sort: Option<String>,
    cols: Option<String>,
    company: Option<String>,
    location: Option<String>,
    #[serde(alias = "type")]
    device_type: Option<String>,
    status: Option<String>,
    source: Option<String>,
    backup: Option<String>,
    owner: Option<String>,
    os: Option<String>,
    os_support: Option<String>,
    last_contact: Option<String>,
    warranty: Option<String>,
    serial: Option<String>,
    archived: Option<String>,
}

/// An attachment with a row for each device.
pub async fn csv(
    State(portal): State<Portal>,
    session: Option<Extension<Session>>,
    filters: Asked<Filters>,
) -> Response {
    answer(open(&portal, session, filters).await)
}

async fn open(
    portal: &Portal,
    session: Option<Extension<Session>>,
    filters: Asked<Filters>,
) -> Result<Response, UserError> {
    let (tenant, asker) = scoped_reader(portal, session, domain::permissions::Area::Devices)?;
    let filters = asked(filters)?;
    let columns = Columns::parse(filters.cols.as_deref());
    let query =
        ListQuery { search: filters.search.clone(), sort: filters.sort.clone(), ..ListQuery::default() };
    let pieces = tenant.export_devices(query, filters.read()?, columns).await;
    Ok(attachment(asker, "msportal-devices.csv", pieces.map_err(backend::Error::into_user_error)?))
}

impl Filters {
    fn read(self) -> Result<DeviceFilter, UserError> {
        Ok(DeviceFilter {
            company: word("company", self.company)?,
            location: word("location", self.location)?,
            device_type: word("device_type", self.device_type)?,
            status: word("status", self.status)?,
            source: given(self.source),
            backup: word("backup", self.backup)?,
            owner: given(self.owner),
            os: word("os", self.os)?,
            os_support: word("os_support", self.os_support)?,
            last_contact: given(self.last_contact),
            warranty: word("warranty", self.warranty)?,
            serial: word("serial", self.serial)?,
            archived: word("archived", self.archived)?,
        })
    }
}
