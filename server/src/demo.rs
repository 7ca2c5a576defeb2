//! The demo: a seeded portal and a simulated NinjaOne beside it, so that the main job can be tried with no account.

use backend::{
    Demo, Portal,
    session::{Session, SignedIn, Visitor},
    tenant::Manage,
};
use domain::{
    company::{CompanyInput, LocationInput},
    error::ErrorKind,
    permissions::Area,
    session::{DemoAccount, DemoIntegration},
};
use simulator::{FleetSpec, Simulator, demo_companies};
use std::{net::SocketAddr, path::Path};

const EMAIL: &str = "demo@msportal.example";
const PASSWORD: &str = "demo-portal";
/// The file of the data folder that keeps the simulator's address.
const ADDRESS: &str = "demo-ninjaone";

/// Starts the simulator and says what the pages show.
pub async fn start(folder: &Path) -> Result<(Simulator, Demo), String> {
    let simulator = simulator(folder).await?;
    let demo = Demo {
        account: DemoAccount { email: EMAIL.into(), password: PASSWORD.into() },
        integration: DemoIntegration {
            base_url: simulator.base_url.clone(),
            client_id: simulator.client_id().into(),
            client_secret: simulator.client_secret().into(),
        },
    };
    Ok((simulator, demo))
}

/// The simulator, where it listened the last time: what was connected then works after a restart too.
async fn simulator(folder: &Path) -> Result<Simulator, String> {
    let file = folder.join(ADDRESS);
    let known: Option<SocketAddr> =
        std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
    let address = known.unwrap_or(([127, 0, 0, 1], 0).into());
    let simulator = Simulator::bind(address, FleetSpec::demo()).await.map_err(|e| {
        format!(
            "the demo's NinjaOne cannot listen on {address} as before: {e}. Does this demo run already? \
             If not, remove {} and connect again in the portal",
            file.display()
        )
    })?;
    let keep = || std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, simulator.host_port()));
    keep().map_err(|e| format!("cannot write {}: {e}", file.display()))?;
    Ok(simulator)
}

/// Fills an empty portal with companies and PSA locations. A portal that is in real use stays as it is: that is an
/// error.
pub async fn seed(portal: &Portal) -> Result<(), String> {
    if portal.state().await.map_err(say)?.created {
        return expect_demo(portal).await;
    }
    let created =
        portal.create_portal(&Visitor::default(), "Demo MSP", "Demo Technician", EMAIL, PASSWORD).await;
    let session = session(portal, &created.map_err(say)?).await?;
    let tenant = portal.tenant::<Manage>(&session, Area::Companies).map_err(say)?;
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

/// The account that the sign-in page shows must open the portal.
async fn expect_demo(portal: &Portal) -> Result<(), String> {
    let signed_in = portal.sign_in(&Visitor::default(), EMAIL, PASSWORD, None).await;
    match signed_in.map_err(backend::Error::into_user_error) {
        Ok(signed_in) => {
            let session = session(portal, &signed_in).await?;
            portal.sign_out(&session).await.map_err(say)
        }
        Err(error) if error.kind == ErrorKind::Unauthenticated => Err(
            "this portal is not a demo: start it without --demo, or give the demo a --data-dir of its own"
                .into(),
        ),
        Err(error) => Err(error.message),
    }
}

async fn session(portal: &Portal, signed_in: &SignedIn) -> Result<Session, String> {
    let token = signed_in.cookie.split(['=', ';']).nth(1).unwrap_or_default();
    portal.authenticate(token).await.map_err(say)?.ok_or_else(|| "the demo user could not sign in".into())
}

fn say(error: backend::Error) -> String {
    error.into_user_error().message
}
