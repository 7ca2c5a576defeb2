use super::super::api::{import_companies, import_locations};
use crate::error::AppError;
use domain::csv_import::{COMPANY_COLUMNS, ImportReport, LOCATION_COLUMNS};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Companies,
    Locations,
}

impl Kind {
    /// From the word in the address; companies when there is none.
    pub fn from_word(word: Option<&str>) -> Self {
        if word == Some("locations") { Self::Locations } else { Self::Companies }
    }

    /// One of them, several of them.
    pub fn nouns(self) -> (&'static str, &'static str) {
        match self {
            Self::Companies => ("company", "companies"),
            Self::Locations => ("location", "locations"),
        }
    }

    /// Which columns the file needs, in words.
    pub fn columns(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Companies => {
                (COMPANY_COLUMNS, "Only the name is needed. A company that exists by that name is updated.")
            }
            Self::Locations => (
                LOCATION_COLUMNS,
                "Company and name are needed, and the company must exist. Import the companies first.",
            ),
        }
    }

    /// Name of the sample file and its text as a link.
    pub fn sample(self) -> (&'static str, &'static str) {
        match self {
            Self::Companies => (
                "companies.csv",
                "data:text/csv;charset=utf-8,name,domain,phone,address,psa_ref%0AContoso,contoso.com,%2B1%20555%200100,%221%20Main%20Street,%20Springfield%22,C-1001%0AFabrikam,fabrikam.com,,,C-1002%0A",
            ),
            Self::Locations => (
                "locations.csv",
                "data:text/csv;charset=utf-8,company,name,address,psa_ref%0AContoso,Headquarters,%221%20Main%20Street,%20Springfield%22,L-1%0AContoso,Warehouse,,L-2%0A",
            ),
        }
    }

    /// Imports the text, or with `dry_run` only says what an import would do.
    pub async fn import(self, csv: String, dry_run: bool) -> Result<ImportReport, AppError> {
        match self {
            Self::Companies => import_companies(csv, dry_run).await,
            Self::Locations => import_locations(csv, dry_run).await,
        }
    }
}
