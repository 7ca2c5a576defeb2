//! PSA locations: list, create, change, archive, import.

mod import;
mod list;

use crate::{Error, Result, Tenant, clock::new_id, companies::records::Records, sql, tenant::CanManage};
use domain::{
    company::{Location, LocationInput, name_key},
    error::UserError,
    ids::{CompanyId, LocationId},
};
use sea_orm::Value;

const LOCATIONS: Records = Records { table: "locations", noun: "location" };

impl<A: CanManage> Tenant<A> {
    /// A new location of a company; a second one of the same name there is a conflict.
    pub async fn create_location(&self, company_id: CompanyId, input: LocationInput) -> Result<Location> {
        let input = input.checked()?;
        self.open_company(company_id, "adding a location").await?;
        let id = new_id();
        let mut values: Vec<Value> =
            vec![id.into(), self.id().into(), self.now().into(), company_id.0.into()];
        values.extend(columns(&input));
        let sql = "INSERT INTO locations (id, tenant_id, company_id, name, name_key, address, psa_ref, version, created_at, updated_at) \
                   VALUES ($1, $2, $4, $5, $6, $7, $8, 1, $3, $3)";
        sql::execute(self.db(), sql, values).await.map_err(|e| write_error(e, &input.name))?;
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
        let touched = sql::execute(self.db(), sql, values).await.map_err(|e| write_error(e, &input.name))?;
        LOCATIONS.settle(self, id.0, touched).await?;
        self.location(id).await
    }

    /// Archives a location, or restores it. Restoring into a name that is taken by now is a conflict.
    pub async fn archive_location(&self, id: LocationId, archived: bool) -> Result<Location> {
        let location = self.location(id).await?;
        if !archived {
            self.open_company(location.company_id, "restoring its location").await?;
        }
        LOCATIONS.archive(self, id.0, &location.name, archived).await?;
        self.location(id).await
    }

    /// The company exists and is not archived.
    async fn open_company(&self, id: CompanyId, before: &str) -> Result<()> {
        let company = self.company(id).await?;
        if company.archived {
            let name = company.name;
            let sentence = format!("The company \"{name}\" is archived. Restore it before {before}.");
            return Err(UserError::conflict(sentence).into());
        }
        Ok(())
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
