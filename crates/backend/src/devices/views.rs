//! Saved views of the list: one's own, and those that are shared with everybody of the tenant.

use crate::{
    Error, Result, Tenant,
    audit::{self, Subject},
    clock::{new_id, time},
    companies::records::Records,
    db::{self, Tx},
    scope, sql,
    tenant::{Access, Actor},
};
use domain::{
    audit::AuditAction,
    company::{checked_name, name_key},
    error::{ErrorKind, UserError},
    ids::ViewId,
    permissions::Level,
    view::{SavedView, kept_query},
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

const VIEWS: Records = Records { table: "device_views", noun: "view" };

/// Those that a user (`$2`) of a tenant (`$1`) sees.
const SELECT: &str =
    "SELECT v.id, v.name, v.query, v.shared, v.user_id, u.name AS owner, v.version, v.updated_at
    FROM device_views v JOIN users u ON u.id = v.user_id
    WHERE v.tenant_id = $1 AND (v.user_id = $2 OR v.shared)";
/// Who is limited to some companies sees none of what others share: it may name companies beyond.
const OWN: &str = " AND v.user_id = $2";

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    query: String,
    shared: bool,
    user_id: Uuid,
    owner: String,
    version: i64,
    updated_at: i64,
}

impl Row {
    fn view(self, me: Uuid) -> SavedView {
        SavedView {
            id: self.id.into(),
            name: self.name,
            query: self.query,
            shared: self.shared,
            mine: self.user_id == me,
            owner: self.owner,
            version: self.version,
            updated_at: time(self.updated_at),
        }
    }
}

/// What a view holds.
#[derive(FromQueryResult, PartialEq)]
struct Kept {
    name: String,
    query: String,
    shared: bool,
}

/// What a view is to be: its name, the query of the list's address, and whether everybody sees it.
pub struct ViewInput {
    pub name: String,
    pub query: String,
    pub shared: bool,
}

impl<A: Access> Tenant<A> {
    /// The user's views and the shared ones, by name.
    pub async fn device_views(&self) -> Result<Vec<SavedView>> {
        let me = self.user()?.id.0;
        let select = format!("{} ORDER BY v.name_key, v.id", self.seen_views());
        let rows: Vec<Row> = sql::all(self.db(), &select, vec![self.id().into(), me.into()]).await?;
        Ok(rows.into_iter().map(|row| row.view(me)).collect())
    }

    /// A new view.
    pub async fn create_device_view(&self, input: ViewInput) -> Result<SavedView> {
        self.check_sharing(input.shared)?;
        let (name, query) = (checked_name("name", &input.name)?, kept_query(&input.query)?);
        let id = new_id();
        let insert = "INSERT INTO device_views (id, tenant_id, user_id, name, name_key, query, shared, version, created_at,
            updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)";
        let values = vec![
            id.into(),
            self.id().into(),
            self.user()?.id.0.into(),
            name.as_str().into(),
            name_key(&name).into(),
            query.into(),
            input.shared.into(),
            self.now().into(),
        ];
        let tx = db::begin(self.db()).await?;
        sql::execute(&tx, insert, values).await.map_err(|e| VIEWS.write_error(e, &name))?;
        let subject = Subject::view(id.into(), &name);
        audit::note(self, &tx, AuditAction::ViewSaved, subject, json!({ "shared": input.shared })).await?;
        tx.commit().await?;
        self.device_view(id.into()).await
    }

    /// Changes a view: one's own, or with the role for it a shared one. With `version`, only if nobody else has changed it since.
    pub async fn update_device_view(
        &self,
        id: ViewId,
        input: ViewInput,
        version: Option<i64>,
    ) -> Result<SavedView> {
        let before = self.device_view(id).await?;
        self.check_sharing(before.shared || input.shared)?;
        let (name, query) = (checked_name("name", &input.name)?, kept_query(&input.query)?);
        let update =
            "UPDATE device_views SET name = $3, name_key = $4, query = $5, shared = $6, updated_at = $7,
            version = version + 1 WHERE id = $1 AND tenant_id = $2 AND version = COALESCE($8, version)";
        let values = vec![
            id.0.into(),
            self.id().into(),
            name.as_str().into(),
            name_key(&name).into(),
            query.as_str().into(),
            input.shared.into(),
            self.now().into(),
            version.into(),
        ];
        let tx = db::begin(self.db()).await?;
        let present = self.held_view(&tx, id).await?;
        let done = sql::execute(&tx, update, values).await;
        let touched = done.map_err(|e| VIEWS.write_error(e, &name))?;
        VIEWS.settle(self, &tx, id.0, touched).await?;
        self.note_view(&tx, id, present, &Kept { name: name.clone(), query, shared: input.shared }).await?;
        tx.commit().await?;
        // Somebody else's that is no longer shared is out of sight now.
        let after = SavedView { name, shared: input.shared, version: before.version + 1, ..before };
        match self.device_view(id).await {
            Err(Error::User(gone)) if gone.kind == ErrorKind::NotFound => Ok(after),
            other => other,
        }
    }

    /// Deletes a view: one's own, or with the role for it a shared one.
    pub async fn delete_device_view(&self, id: ViewId) -> Result<()> {
        let view = self.device_view(id).await?;
        self.check_sharing(view.shared)?;
        let delete = "DELETE FROM device_views WHERE id = $1 AND tenant_id = $2";
        let tx = db::begin(self.db()).await?;
        if sql::execute(&tx, delete, vec![id.0.into(), self.id().into()]).await? > 0 {
            let details = json!({ "shared": view.shared });
            audit::note(self, &tx, AuditAction::ViewDeleted, Subject::view(id, &view.name), details).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What a view holds, which stays so until the transaction ends; `None` when it is gone.
    async fn held_view(&self, tx: &Tx, id: ViewId) -> Result<Option<Kept>> {
        let values = || vec![id.0.into(), self.id().into()];
        let hold = "UPDATE device_views SET name = name WHERE id = $1 AND tenant_id = $2";
        sql::execute(tx, hold, values()).await?;
        let select = "SELECT name, query, shared FROM device_views WHERE id = $1 AND tenant_id = $2";
        Ok(sql::one(tx, select, values()).await?)
    }

    /// Adds a change of a view to the audit log, if it is one.
    async fn note_view(&self, tx: &Tx, id: ViewId, before: Option<Kept>, after: &Kept) -> Result<()> {
        let Some(before) = before.filter(|before| before != after) else { return Ok(()) };
        let fields = [
            ("name", Some(before.name.as_str()), Some(after.name.as_str())),
            ("query", Some(before.query.as_str()), Some(after.query.as_str())),
        ];
        let mut details = audit::difference(&fields);
        details["shared"] = json!(after.shared);
        details["was_shared"] = json!((before.shared != after.shared).then_some(before.shared));
        audit::note(self, tx, AuditAction::ViewSaved, Subject::view(id, &after.name), details).await
    }

    async fn device_view(&self, id: ViewId) -> Result<SavedView> {
        let me = self.user()?.id.0;
        let values = vec![self.id().into(), me.into(), id.0.into()];
        let row: Option<Row> =
            sql::one(self.db(), &format!("{} AND v.id = $3", self.seen_views()), values).await?;
        Ok(row.ok_or_else(|| VIEWS.missing())?.view(me))
    }

    fn seen_views(&self) -> String {
        format!("{SELECT}{}", if self.is_limited() { OWN } else { "" })
    }

    fn user(&self) -> Result<&Actor, UserError> {
        let nobody = || UserError::new(ErrorKind::Forbidden, "Views belong to a signed-in user.");
        self.actor().ok_or_else(nobody)
    }

    /// What everybody sees is changed by those who manage.
    fn check_sharing(&self, shared: bool) -> Result<(), UserError> {
        if shared && self.is_limited() {
            return Err(scope::refusal(self.actor().is_some_and(|actor| actor.token.is_some())));
        }
        if !shared || A::LEVEL == Level::Manage {
            return Ok(());
        }
        let message = "Your role does not allow to change what is shared. Save a view of your own instead.";
        Err(UserError::new(ErrorKind::Forbidden, message))
    }
}
