//! The only door to the tables of a tenant: a permission is a value you hold.

use crate::{Portal, scope::Scope};
use domain::{
    ids::{TenantId, UserId},
    permissions::{Level, Permissions},
};
use sea_orm::DatabaseConnection;
use std::marker::PhantomData;
use uuid::Uuid;

/// A level of access to an area, as a type.
pub trait Access: Send + Sync + 'static {
    /// How much of an area it takes.
    const LEVEL: Level;
}

/// Access that includes managing.
pub trait CanManage: Access {}

/// Access that includes administration.
pub trait CanAdmin: CanManage {}

/// See an area.
#[derive(Clone, Copy, Debug)]
pub struct Read;
/// Change what is in an area.
#[derive(Clone, Copy, Debug)]
pub struct Manage;
/// Change what only those who manage an area for others may: integrations, users, settings.
#[derive(Clone, Copy, Debug)]
pub struct Admin;

impl Access for Read {
    const LEVEL: Level = Level::Read;
}
impl Access for Manage {
    const LEVEL: Level = Level::Manage;
}
impl Access for Admin {
    const LEVEL: Level = Level::Manage;
}
impl CanManage for Manage {}
impl CanManage for Admin {}
impl CanAdmin for Admin {}

/// A tenant, as far as `A` allows in the area that it was handed out for. Made only by [`Portal::tenant`] (for a session)
/// and by the portal's own workers.
pub struct Tenant<A: Access> {
    portal: Portal,
    id: TenantId,
    actor: Option<Actor>,
    /// Only some companies of it.
    scope: Option<Scope>,
    access: PhantomData<A>,
}

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: UserId,
    /// The id of the session, or of the API token in its place.
    pub session: Uuid,
    pub name: String,
    /// The name of the API token that acts for the user.
    pub token: Option<String>,
    /// What they may do: nobody hands out more.
    pub permissions: Permissions,
    pub origin: Origin,
}

/// Where a request came from: an address of the network, and what the browser or program calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    pub address: Option<String>,
    pub agent: Option<String>,
}

impl<A: Access> Tenant<A> {
    pub(crate) fn new(portal: Portal, id: TenantId, actor: Option<Actor>) -> Self {
        Self { portal, id, actor, scope: None, access: PhantomData }
    }

    /// The same, limited to some companies.
    pub(crate) fn limited_to(self, scope: Option<Scope>) -> Self {
        Self { scope, ..self }
    }

    /// The companies that it is limited to; `None` for all of them.
    pub(crate) fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    pub(crate) fn portal(&self) -> &Portal {
        &self.portal
    }

    pub(crate) fn db(&self) -> &DatabaseConnection {
        self.portal.db()
    }

    /// The tenant's id as a database value.
    pub(crate) fn id(&self) -> Uuid {
        self.id.0
    }

    pub(crate) fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }

    /// The present moment in microseconds, as the database keeps times.
    pub(crate) fn now(&self) -> i64 {
        crate::clock::micros(self.portal.now())
    }
}
