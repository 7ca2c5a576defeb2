//! `GET /api/v1/reports/devices.csv` and `companies.csv`: reports as files, sent while they are read.

use crate::csv::{Asked, answer, asked, attachment, given, scoped_reader, word};
use axum::{Extension, extract::State, response::Response};
use backend::{Error, Portal, session::Session};
use domain::{compliance::ReportFilter, error::UserError, page::ListQuery};

type Signed = Option<Extension<Session>>;

/// The filters of `reports/devices`; an empty one is none.
#[derive(serde::Deserialize)]
pub struct Filters {
    search: Option<String>,
    sort: Option<String>,
    check: Option<String>,
    outcome: Option<String>,
    company: Option<String>,
    device_type: Option<String>,
    os: Option<String>,
    age: Option<String>,
    online: Option<String>,
}

/// The devices under a filter.
pub async fn devices(State(portal): State<Portal>, session: Signed, filters: Asked<Filters>) -> Response {
    let open = async {
        let (tenant, asker) = scoped_reader(&portal, session, domain::permissions::Area::Reports)?;
        let (query, filter) = asked(filters)?.read()?;
        let pieces = tenant.export_report_devices(query, filter).await.map_err(Error::into_user_error)?;
        Ok(attachment(asker, "msportal-report-devices.csv", pieces))
    };
    answer(open.await)
}

/// How all companies stand.
pub async fn companies(State(portal): State<Portal>, session: Signed) -> Response {
    let open = async {
        let (tenant, asker) = scoped_reader(&portal, session, domain::permissions::Area::Reports)?;
        let pieces = tenant.export_report_companies().await.map_err(Error::into_user_error)?;
        Ok(attachment(asker, "msportal-report-companies.csv", pieces))
    };
    answer(open.await)
}

impl Filters {
    fn read(self) -> Result<(ListQuery, ReportFilter), UserError> {
        let filter = ReportFilter {
            check: word("check", self.check)?,
            outcome: word("outcome", self.outcome)?,
            company: word("company", self.company)?,
            device_type: word("device_type", self.device_type)?,
            os: given(self.os),
            age: word("age", self.age)?,
            online: word("online", self.online)?,
        };
        let query = ListQuery { search: given(self.search), sort: given(self.sort), ..ListQuery::default() };
        Ok((query, filter))
    }
}
