//! The chain of one device, in the order in which things are decided.

use super::{Of, device::Device, remote::Remote};
use crate::{Result, Tenant, clock::time, tenant::Access};
use domain::{
    error::UserError,
    ids::DeviceId,
    why::{self, WhyChain, WhyLink, WhyPlace, WhyStep, WhyTone},
};

impl<A: Access> Tenant<A> {
    /// Everything that decides where a device is.
    pub(super) async fn chain(&self, of: Of) -> Result<WhyChain> {
        let mut remote = match &of.remote {
            Some((integration, id)) => Some(self.why_remote(*integration, id).await?),
            None => None,
        };
        let id = of.device.or_else(|| remote.as_ref().and_then(|r| r.device_id).map(DeviceId));
        let device = match id {
            Some(id) => Some(self.why_device(id).await?),
            None => None,
        };
        if let Some((integration, id)) = device.as_ref().and_then(fed_by) {
            // A device speaks of the row that feeds it, whichever led to it.
            remote = match self.why_remote(integration.into(), &id).await {
                Ok(found) => Some(found),
                Err(crate::Error::User(_)) => None,
                Err(error) => return Err(error),
            };
        }
        match (device, remote) {
            (Some(device), remote) => self.chain_of_device(device, remote).await,
            (None, Some(remote)) => self.chain_of_remote(remote).await,
            (None, None) => Err(UserError::not_found("device").into()),
        }
    }

    async fn chain_of_device(&self, device: Device, remote: Option<Remote>) -> Result<WhyChain> {
        let mut steps = Vec::new();
        match &remote {
            Some(remote) => {
                let source = self.why_source(remote.integration_id.into(), &remote.remote_id).await?;
                steps.extend([remote.source(&source), remote.organization(), remote.node_class()]);
            }
            None if self.is_limited() && device.integration.is_some() => {}
            None => steps.push(device.without_source()),
        }
        let import = match &remote {
            Some(r) => self.why_import(r.integration_id.into(), &r.remote_id, true).await?,
            None => None,
        };
        let import =
            import.unwrap_or_else(|| WhyStep::imported(None, None).when(Some(time(device.created_at))));
        steps.push(import.link(WhyLink::to(WhyPlace::Device, "Its page", device.id)));
        if let Some(remote) = &remote {
            steps.extend(self.why_held(remote.integration_id.into(), &remote.remote_id).await?);
            let elsewhere = remote.company_id.filter(|id| *id != device.company_id);
            if let (Some(id), Some(company), None) = (elsewhere, &remote.company, device.waiting()) {
                let step = WhyStep::moves(&device.company, company);
                let now = WhyLink::to(WhyPlace::Company, &device.company, device.company_id);
                steps.push(step.link(now).link(WhyLink::to(WhyPlace::Company, company, id)));
            }
        }
        steps.extend(device.waiting());
        steps.extend(self.why_acts(&device).await?);
        let (tone, verdict) = verdict_of(&device, remote.as_ref());
        Ok(WhyChain {
            name: device.name,
            device_id: Some(device.id.into()),
            integration_id: device.integration_id.map(Into::into),
            remote_id: device.remote_id,
            verdict,
            tone,
            steps,
        })
    }

    async fn chain_of_remote(&self, remote: Remote) -> Result<WhyChain> {
        let integration = remote.integration_id.into();
        let source = self.why_source(integration, &remote.remote_id).await?;
        let mut steps = vec![remote.source(&source), remote.organization(), remote.node_class()];
        let (standing, by) = remote.standing()?;
        steps.push(standing);
        steps.extend(self.why_import(integration, &remote.remote_id, false).await?);
        steps.extend(self.why_held(integration, &remote.remote_id).await?);
        Ok(WhyChain {
            name: remote.name,
            device_id: None,
            integration_id: Some(integration),
            remote_id: Some(remote.remote_id),
            verdict: why::verdict_not_imported(by),
            tone: WhyTone::Stop,
            steps,
        })
    }
}

fn fed_by(device: &Device) -> Option<(uuid::Uuid, String)> {
    device.integration_id.zip(device.remote_id.clone())
}

fn verdict_of(device: &Device, remote: Option<&Remote>) -> (WhyTone, String) {
    let missing = remote.is_some_and(|r| r.missing_since.is_some());
    let site = device.location.as_deref();
    match (&device.merged_name, device.is_live()) {
        (Some(name), _) => (WhyTone::Stop, why::verdict_merged(name)),
        (None, false) => (WhyTone::Stop, why::VERDICT_ARCHIVED.to_owned()),
        (None, true) => {
            let tone = if missing { WhyTone::Note } else { WhyTone::Good };
            (tone, why::verdict_live(&device.device_type, &device.company, site, missing))
        }
    }
}
