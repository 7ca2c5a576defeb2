//! Why a device is where it is, or why it is not in the inventory. Reads only.

mod chain;
mod device;
mod find;
mod looked;
mod remote;
mod scan;
mod source;

use crate::{Result, Tenant, tenant::Access};
use domain::{
    error::UserError,
    ids::{DeviceId, IntegrationId},
    page::ListQuery,
    why::{Why, WhyCandidate, WhyChain, WhyPlace},
};

/// What is asked for: a text, or a device that was chosen.
#[derive(Clone, Debug, Default)]
pub struct WhyAsked {
    pub search: Option<String>,
    pub device: Option<DeviceId>,
    pub integration: Option<IntegrationId>,
    pub remote_id: Option<String>,
}

impl<A: Access> Tenant<A> {
    /// What fits a serial number, name, hostname, MAC or IP address or NinjaOne id, and the chain of the one that is meant:
    /// the chosen one, or the only one that fits.
    pub async fn why(&self, asked: WhyAsked) -> Result<Why> {
        let query = ListQuery { search: asked.search, ..ListQuery::default() };
        let search = query.text()?.map(str::to_owned);
        let (mut candidates, mut more) = (Vec::new(), false);
        if let Some(text) = &search {
            (candidates, more) = self.candidates(text).await?;
        }
        let chosen = self.chosen(asked.device, asked.integration, asked.remote_id).await?;
        let chain = match chosen.or_else(|| only(&candidates)) {
            Some(of) => Some(self.known_chain(of).await?),
            None => None,
        };
        let looked = self.looked(asked.integration).await?;
        Ok(Why { search, candidates, more, chain, looked })
    }

    /// The chain of one device. Who is limited to some companies is led to devices and companies alone: runs, mappings and staging
    /// are the whole portal's.
    async fn known_chain(&self, of: Of) -> Result<WhyChain> {
        let mut chain = self.chain(of).await?;
        if self.is_limited() {
            for step in &mut chain.steps {
                step.links.retain(|link| matches!(link.place, WhyPlace::Device | WhyPlace::Company));
            }
        }
        Ok(chain)
    }

    /// ` AND …`: that a row of staging under this alias is of a company that the tenant is limited to, and feeds no device of another.
    fn why_within(&self, alias: &str) -> String {
        if !self.is_limited() {
            return String::new();
        }
        let fed = format!(
            "EXISTS (SELECT 1 FROM devices own_d WHERE own_d.integration_id = {alias}.integration_id
                AND own_d.remote_id = {alias}.remote_id"
        );
        let (staged, own) = (self.staged_within(alias), self.within("own_d.company_id"));
        format!("{staged} AND (NOT {fed}) OR {fed}{own}))")
    }

    /// The device that was chosen, of the inventory or of staging.
    async fn chosen(
        &self,
        device: Option<DeviceId>,
        integration: Option<IntegrationId>,
        remote_id: Option<String>,
    ) -> Result<Option<Of>> {
        let remote = match (integration, remote_id) {
            (Some(integration), Some(remote_id)) => Some((integration, remote_id)),
            (Some(_), None) | (None, None) => None,
            (None, Some(_)) => {
                let message = "Say with integration_id which integration has that id.";
                return Err(UserError::invalid("remote_id", message).into());
            }
        };
        if let Some(integration) = integration {
            self.integration_exists(integration).await?;
        }
        Ok((device.is_some() || remote.is_some()).then_some(Of { device, remote }))
    }
}

/// A device: of the inventory, of staging, or both.
pub(super) struct Of {
    pub device: Option<DeviceId>,
    pub remote: Option<(IntegrationId, String)>,
}

/// The one that is meant when nobody chose: the only one that fits, or the only one that fits whole.
fn only(candidates: &[WhyCandidate]) -> Option<Of> {
    let exact: Vec<&WhyCandidate> = candidates.iter().filter(|c| c.exact).collect();
    let one = match (candidates, exact.as_slice()) {
        ([one], _) => one,
        (_, [one]) => *one,
        _ => return None,
    };
    Some(Of { device: one.device_id, remote: one.integration_id.zip(one.remote_id.clone()) })
}
