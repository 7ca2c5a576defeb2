//! The demo: a seeded portal and a simulated NinjaOne beside it, so that the main job can be tried with no account.

use backend::{Demo, Portal, tenant::Manage};
use domain::{
    company::{CompanyInput, LocationInput},
    session::{DemoAccount, DemoIntegration},
};
use simulator::{FleetSpec, Simulator, demo_companies};

const EMAIL: &str = "demo@msportal.example";
const PASSWORD: &str = "demo-portal";

/// Starts the simulator and says what the pages show.
pub async fn start() -> (Simulator, Demo) {
    let simulator = Simulator::start(FleetSpec::demo()).await;
    let demo = Demo {
        account: DemoAccount { email: EMAIL.into(), password: PASSWORD.into() },
        integration: DemoIntegration {
            base_url: simulator.base_url.clone(),
            client_id: simulator.client_id().into(),
            client_secret: simulator.client_secret().into(),
        },
    };
    (simulator, demo)
}

/// Fills an empty portal with companies and PSA locations.
pub async fn seed(portal: &Portal) -> Result<(), String> {
    let say = |e: backend::Error| e.into_user_error().message;
    if portal.state().await.map_err(say)?.created {
        return Ok(());
    }
    let signed_in =
        portal.create_portal("Demo MSP", "Demo Technician", EMAIL, PASSWORD).await.map_err(say)?;
    let token = signed_in.cookie.split(['=', ';']).nth(1).unwrap_or_default().to_owned();
    let session = portal.authenticate(&token).await.map_err(say)?.ok_or("the demo user could not sign in")?;
    let tenant = portal.tenant::<Manage>(&session).map_err(say)?;
    for company in demo_companies() {
        let input = CompanyInput {
            name: company.name,
            domain: Some(company.domain),
            phone: Some(company.phone),
            address: Some(company.address),
            psa_ref: Some(company.psa_ref),
        };
        let created = tenant.create_company(input).await.map_err(say)?;
        for location in company.locations {
            let input = LocationInput { name: location.name, address: Some(location.address), psa_ref: None };
            tenant.create_location(created.id, input).await.map_err(say)?;
        }
    }
    portal.sign_out(&session).await.map_err(say)
}
