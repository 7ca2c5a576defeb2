//! One folder per page: the screen's components, and `api` with its server functions.

pub mod companies;
pub mod company_links;
pub mod device_types;
pub mod devices;
pub mod home;
pub mod integrations;
pub mod runs;
pub mod session;
pub mod wizard;
