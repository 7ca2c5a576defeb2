//! Testing and saving credentials.

use super::account::{self, Entered, hint};
use crate::{
    Error, Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    db::{self, Tx},
    error::is_duplicate,
    roles, runs, sql,
    tenant::CanAdmin,
    vault::Owner,
};
use domain::{
    audit::{AuditAction, AuditKind},
    error::{ErrorKind, UserError},
    ids::IntegrationId,
    integration::{ConnectInput, Integration},
    run::{RunKind, StartedBy},
    vendor::{ConnectionTest, Problem},
};
use rmm::{RmmError, Unobserved};
use secrecy::ExposeSecret;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// A connection test that takes longer than this is ended with a reason.
const PATIENCE: Duration = Duration::from_secs(45);

impl<A: CanAdmin> Tenant<A> {
    /// Tries credentials; with `integration_id` what is left empty is taken from the stored ones. Changes nothing.
    pub async fn test_connection(&self, input: ConnectInput) -> Result<ConnectionTest> {
        let known = input.integration_id;
        let entered = self.entered(input).await?;
        let answer = self.probe(&entered).await?;
        self.note_test(known, &entered, answer.as_ref().err()).await?;
        Ok(match answer {
            Ok(n) => ConnectionTest {
                ok: true,
                organizations_visible: Some(n),
                problem: None,
                notes: entered.notes,
            },
            Err(problem) => ConnectionTest {
                ok: false,
                organizations_visible: None,
                problem: Some(problem),
                notes: entered.notes,
            },
        })
    }

    /// Tests credentials, saves them sealed together with an organization sync, and starts that. With `version`, stored ones are
    /// changed only if nobody has changed the integration since.
    pub async fn connect(&self, input: ConnectInput) -> Result<Integration> {
        let (known, version) = (input.integration_id, input.version);
        if let Some(id) = known {
            // Checked again when it is saved; here it spares the vendor and whoever waits for the test.
            self.check_version(id, version).await?;
        }
        let entered = self.entered(input).await?;
        if let Err(problem) = self.probe(&entered).await? {
            let error =
                UserError { field: problem.field, ..UserError::new(ErrorKind::Vendor, problem.message) };
            return Err(error.into());
        }
        let id = match known {
            Some(id) => self.replace(id, &entered, version).await?,
            None => self.insert(&entered).await?,
        };
        self.integration(id).await
    }

    /// Queues an organization sync, unless one is active, with what was written in the transaction, and ends that.
    async fn saved_with_sync(
        &self,
        tx: Tx,
        action: AuditAction,
        (id, name): (IntegrationId, &str),
        entered: &Entered,
    ) -> Result<()> {
        let wanted = runs::Request::new(id, RunKind::Organizations, StartedBy::User);
        let run = runs::insert(&tx, self, &wanted).await?;
        if run.is_some() {
            runs::stands_for_attempts(&tx, self, &wanted).await?;
        }
        self.note_saved(&tx, action, (id, name), entered).await?;
        if let Some(run) = run {
            runs::note_started(self, &tx, &wanted, run).await?;
        }
        tx.commit().await?;
        if let Some(run) = run {
            self.portal().queue().hand_over(run, 0).await;
        }
        Ok(())
    }

    async fn check_version(&self, id: IntegrationId, version: Option<i64>) -> Result<()> {
        let row = self.integration_row(id).await?;
        match version.is_none_or(|version| version == row.version) {
            true => Ok(()),
            false => Err(UserError::outdated(&row.name).into()),
        }
    }

    /// Whoever tries credentials out leaves a trace.
    async fn note_test(
        &self,
        known: Option<IntegrationId>,
        entered: &Entered,
        problem: Option<&Problem>,
    ) -> Result<()> {
        let subject = match known {
            Some(id) => Subject::integration(id, &self.integration_row(id).await?.name),
            None => Subject::named(AuditKind::Integration, &entered.info.name),
        };
        let details = json!({
            "region": entered.region, "base_url": entered.base_url.as_str(), "ok": problem.is_none(),
            "problem": problem.map(|p| &p.code),
        });
        audit::note_alone(self, AuditAction::ConnectionTested, subject, details).await
    }

    async fn note_saved(
        &self,
        tx: &Tx,
        action: AuditAction,
        (id, name): (IntegrationId, &str),
        entered: &Entered,
    ) -> Result<()> {
        let details = json!({ "region": entered.region, "base_url": entered.base_url.as_str() });
        audit::note(self, tx, action, Subject::integration(id, name), details).await
    }

    async fn entered(&self, input: ConnectInput) -> Result<Entered> {
        let stored = match input.integration_id {
            Some(id) => Some(self.integration_row(id).await?),
            None => None,
        };
        account::entered(self, input, stored.as_ref())
    }

    /// How many organizations the credentials show, or why they do not work.
    async fn probe(&self, entered: &Entered) -> Result<Result<i64, Problem>> {
        let vendor = &entered.info.name;
        let client = match account::client(self, entered, Arc::new(Unobserved)) {
            Ok(client) => client,
            Err(Error::Vendor(e)) => return Ok(Err(e.problem(vendor))),
            Err(e) => return Err(e),
        };
        let answer = tokio::time::timeout(PATIENCE, client.probe()).await.unwrap_or(Err(RmmError::Timeout));
        Ok(answer.map_err(|e| in_a_test(e.problem(vendor))))
    }

    async fn insert(&self, entered: &Entered) -> Result<IntegrationId> {
        let id = new_id();
        let insert = "INSERT INTO integrations (id, tenant_id, vendor, name, region, base_url, client_id_hint, key_id,
                data_key, client_id, client_secret, account_hash, refused, connected_at, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, FALSE, $13, $13, $13)";
        let name = self.free_name(&entered.info.name).await?;
        let mut values =
            vec![id.into(), self.id().into(), entered.info.key.clone().into(), name.as_str().into()];
        values.extend(self.sealed(id, entered)?);
        values.push(self.now().into());
        let tx = db::begin(self.db()).await?;
        // The test of the credentials took a while, as long as their server liked.
        roles::hold(self, &tx).await?;
        written(sql::execute(&tx, insert, values).await)?;
        let action = AuditAction::IntegrationConnected;
        self.saved_with_sync(tx, action, (id.into(), &name), entered).await?;
        Ok(id.into())
    }

    async fn replace(
        &self,
        id: IntegrationId,
        entered: &Entered,
        version: Option<i64>,
    ) -> Result<IntegrationId> {
        let update = "UPDATE integrations SET region = $3, base_url = $4, client_id_hint = $5, key_id = $6, data_key = $7,
                client_id = $8, client_secret = $9, account_hash = $10, refused = FALSE, problem = NULL,
                connected_at = $11, updated_at = $11, version = version + 1
            WHERE id = $1 AND tenant_id = $2 AND version = COALESCE($12, version)";
        let mut values = vec![id.0.into(), self.id().into()];
        values.extend(self.sealed(id.0, entered)?);
        values.extend([self.now().into(), version.into()]);
        let name = self.integration_row(id).await?.name;
        let tx = db::begin(self.db()).await?;
        roles::hold(self, &tx).await?;
        if written(sql::execute(&tx, update, values).await)? == 0 {
            return Err(UserError::outdated(&name).into());
        }
        self.saved_with_sync(tx, AuditAction::IntegrationChanged, (id, &name), entered).await?;
        Ok(id)
    }

    /// Region, base URL, hint, key id, data key, sealed id, sealed secret, account hash: in this order.
    fn sealed(&self, id: Uuid, entered: &Entered) -> Result<Vec<sea_orm::Value>> {
        let owner = Owner::integration(self.id(), id);
        let key = self.portal().vault().new_data_key(owner)?;
        let account =
            format!("{}|{}|{}", entered.info.key, entered.base_url, entered.client_id.expose_secret());
        Ok(vec![
            entered.region.clone().into(),
            entered.base_url.as_str().trim_end_matches('/').into(),
            hint(&entered.client_id).into(),
            key.key_id.clone().into(),
            key.sealed.clone().into(),
            key.seal(owner, "client_id", &entered.client_id)?.into(),
            key.seal(owner, "client_secret", &entered.client_secret)?.into(),
            Sha256::digest(account).to_vec().into(),
        ])
    }

    /// The vendor's name, numbered when there is one already.
    async fn free_name(&self, vendor: &str) -> Result<String> {
        let taken: Vec<String> = self.integration_rows().await?.into_iter().map(|r| r.name).collect();
        let numbered = (2..).map(|n| format!("{vendor} {n}"));
        let mut names = std::iter::once(vendor.to_owned()).chain(numbered);
        Ok(names.find(|n| !taken.contains(n)).unwrap_or_else(|| vendor.to_owned()))
    }
}

/// The fix of some problems speaks of syncs; whoever waits for a test can test again.
fn in_a_test(problem: Problem) -> Problem {
    let hint = match problem.code.as_str() {
        "throttled" => "Wait that long, then test the connection again.",
        "not_available" => "Check the base URL: the credentials are accepted there, but the list is not.",
        _ => return problem,
    };
    Problem { hints: vec![hint.into()], ..problem }
}

fn written(result: Result<u64, sea_orm::DbErr>) -> Result<u64> {
    match result {
        Ok(rows) => Ok(rows),
        Err(e) if is_duplicate(&e) => Err(UserError {
            field: Some("client_id".into()),
            ..UserError::conflict("This account is connected already. Open it under Settings > Integrations.")
        }
        .into()),
        Err(e) => Err(e.into()),
    }
}
