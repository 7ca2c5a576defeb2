//! One folder per page: the screen's components, and `api` with its server functions.

pub mod account;
pub mod api_tokens;
pub mod audit;
pub mod companies;
pub mod company_links;
pub mod compliance;
pub mod device_types;
pub mod devices;
pub mod duplicates;
pub mod home;
pub mod integrations;
pub mod reports;
pub mod roles;
pub mod runs;
pub mod session;
pub mod users;
pub mod why;
pub mod wizard;
