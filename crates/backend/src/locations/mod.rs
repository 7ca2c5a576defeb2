//! PSA locations: list, create, change, archive, import.

mod import;
mod list;

use crate::{
    Error, Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    companies::{
        created,
        history::{Field, NewEvent, changed, location_archived, location_changed},
        records::Records,
    },
    db, sql,
    tenant::CanManage,
};
use domain::{
    audit::AuditAction::{LocationArchived, LocationChanged, LocationCreated, LocationRestored},
    company::{Company, Location, LocationInput, name_key},
    error::UserError,
    ids::{CompanyId, LocationId},
};
use sea_orm::Value;
use serde_json::json;

const LOCATIONS: Records = Records { table: "locations", noun: "location" };

impl<A: CanManage> Tenant<A> {
    /// A new location of a company; a second one of the same name there is a conflict.
    pub async fn create_location(&self, company_id: CompanyId, input: LocationInput) -> Result<Location> {
        let input = input.checked()?;
        let company = self.open_company(company_id, "adding a location").await?;
        let id = new_id();
        let mut values: Vec<Value> =
            vec![id.into(), self.id().into(), self.now().into(), company_id.0.into()];
        values.extend(columns(&input));
        let sql = "INSERT INTO locations (id, tenant_id, company_id, name, name_key, address, psa_ref, version, created_at, updated_at) \
                   VALUES ($1, $2, $4, $5, $6, $7, $8, 1, $3, $3)";
        let tx = db::begin(self.db()).await?;
        sql::execute(&tx, sql, values).await.map_err(|e| write_error(e, &input.name))?;
        let event = created::location(company_id, (LocationId(id), &input.name), created::By::Hand);
        self.note_companies(&tx, [event]).await?;
        let subject = Subject::location(LocationId(id), &input.name);
        audit::note(self, &tx, LocationCreated, subject, json!({ "company": company.name })).await?;
        tx.commit().await?;
        self.location(LocationId(id)).await
    }

    /// Changes a location. With `version`, only if nobody else has changed it since.
    pub async fn update_location(
        &self,
        id: LocationId,
        input: LocationInput,
        version: Option<i64>,
    ) -> Result<Location> {
        let input = input.checked()?;
        let mut values: Vec<Value> = vec![id.0.into(), self.id().into(), self.now().into(), version.into()];
        values.extend(columns(&input));
        let sql = "UPDATE locations SET name = $5, name_key = $6, address = $7, psa_ref = $8, version = version + 1, updated_at = $3 \
                   WHERE id = $1 AND tenant_id = $2 AND version = COALESCE($4, version)";
        let tx = db::begin(self.db()).await?;
        // Held until the end: what the history says it was before is what this edit found.
        let hold = "UPDATE locations SET name = name WHERE id = $1 AND tenant_id = $2";
        sql::execute(&tx, hold, vec![id.0.into(), self.id().into()]).await?;
        let before = self.location_in(&tx, id).await?;
        let touched = sql::execute(&tx, sql, values).await.map_err(|e| write_error(e, &input.name))?;
        LOCATIONS.settle(self, &tx, id.0, touched).await?;
        let fields: [Field<'_>; 3] = [
            ("Name", Some(&before.name), Some(&input.name)),
            ("Address", before.address.as_deref(), input.address.as_deref()),
            ("PSA reference", before.psa_ref.as_deref(), input.psa_ref.as_deref()),
        ];
        if let Some(words) = changed(&fields) {
            let event = location_changed(before.company_id, (id, &before.name), &words);
            self.note_companies(&tx, [event]).await?;
            let (subject, details) = (Subject::location(id, &input.name), audit::difference(&fields));
            audit::note(self, &tx, LocationChanged, subject, details).await?;
        }
        tx.commit().await?;
        self.location(id).await
    }

    /// Archives a location, or restores it. Restoring into a name that is taken by now is a conflict.
    pub async fn archive_location(&self, id: LocationId, archived: bool) -> Result<Location> {
        let location = self.location(id).await?;
        if !archived {
            self.open_company(location.company_id, "restoring its location").await?;
        }
        let tx = db::begin(self.db()).await?;
        if LOCATIONS.archive(self, &tx, (id.0, &location.name), archived).await? {
            let (kind, detail) = location_archived(&location.name, archived);
            let event = NewEvent::new(location.company_id, kind, detail);
            self.note_companies(&tx, [NewEvent { location: Some(id), ..event }]).await?;
            let action = if archived { LocationArchived } else { LocationRestored };
            audit::note(self, &tx, action, Subject::location(id, &location.name), json!({})).await?;
        }
        tx.commit().await?;
        self.location(id).await
    }

    /// The company, which must not be archived.
    async fn open_company(&self, id: CompanyId, before: &str) -> Result<Company> {
        let company = self.company(id).await?;
        if company.archived {
            let name = company.name;
            let sentence = format!("The company \"{name}\" is archived. Restore it before {before}.");
            return Err(UserError::conflict(sentence).into());
        }
        Ok(company)
    }
}

fn write_error(error: sea_orm::DbErr, name: &str) -> Error {
    LOCATIONS.write_error(error, name)
}

fn columns(input: &LocationInput) -> [Value; 4] {
    [
        input.name.as_str().into(),
        name_key(&input.name).into(),
        input.address.clone().into(),
        input.psa_ref.clone().into(),
    ]
}
