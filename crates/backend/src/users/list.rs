//! Who there is.

use crate::{
    Error, Result, Tenant,
    clock::time,
    mappings::listing::{self, Parts, Sort},
    roles::{Held, HeldRow},
    scope,
    sql::{self, Params},
    tenant::{Access, Actor},
};
use domain::{
    error::UserError,
    ids::UserId,
    page::{ListQuery, Listing},
    permissions::{Area, Level},
    users::{Member, MemberMail, MemberState},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Users and invitations, with their roles; `{me}` and `{now}` are parameters.
const MEMBERS: &str = "FROM (
    SELECT m.*, r.name AS role_name, r.permissions AS role_permissions FROM (
    SELECT u.tenant_id, x.state AS mail_state, x.changed_at AS mail_at, x.problem AS mail_problem,
        u.id AS user_id, CAST(NULL AS {uuid}) AS invitation_id, u.name, u.email, u.email_key, u.role, u.role_id,
        {user_companies} AS companies, CASE WHEN u.active THEN 'active' ELSE 'deactivated' END AS state, u.owner,
        (u.active AND u.role = 'admin' AND NOT u.owner
            AND (EXISTS (SELECT 1 FROM users o WHERE o.id = {me} AND o.owner AND o.tenant_id = u.tenant_id)
                OR NOT EXISTS (SELECT 1 FROM users o WHERE o.owner AND o.tenant_id = u.tenant_id))) AS may_own,
        EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS second_factor,
        u.created_at AS since, CAST(NULL AS bigint) AS expires_at, u.version, lower(u.name) AS name_key
    FROM users u LEFT JOIN mails x ON x.id = (SELECT m.id FROM mails m WHERE m.user_id = u.id
        AND (m.expires_at IS NULL OR m.expires_at > {now}) ORDER BY m.created_at DESC, m.id DESC LIMIT 1)
    UNION ALL
    SELECT i.tenant_id, x.state, x.changed_at, x.problem, CAST(NULL AS {uuid}), i.id, '', i.email, i.email_key, i.role, i.role_id,
        {invited_companies}, CASE WHEN i.expires_at > {now} THEN 'invited' ELSE 'expired' END, FALSE, FALSE,
        FALSE, i.created_at, i.expires_at, 0, i.email_key
    FROM invitations i LEFT JOIN mails x ON x.invitation_id = i.id
    ) m LEFT JOIN roles r ON r.id = m.role_id AND r.tenant_id = m.tenant_id
) m";
const COLUMNS: &str =
    "user_id, invitation_id, name, email, role, role_id, role_name, role_permissions, companies, state,
    owner, may_own, second_factor, since, expires_at, version, mail_state, mail_at, mail_problem";
/// Sort fields of the list; the first is the default.
const SORTS: &[Sort] = &[
    ("name", "name_key {dir}"),
    ("email", "email_key {dir}"),
    (
        "role",
        "CASE role WHEN 'admin' THEN 0 WHEN 'manage' THEN 1 WHEN 'read' THEN 2 ELSE 3 END {dir}, role_name {dir}, name_key",
    ),
    ("since", "since {dir}"),
];

#[derive(FromQueryResult)]
struct Row {
    user_id: Option<Uuid>,
    invitation_id: Option<Uuid>,
    name: String,
    email: String,
    #[sea_orm(nested)]
    role: HeldRow,
    companies: Option<i64>,
    state: String,
    owner: bool,
    may_own: bool,
    second_factor: bool,
    since: i64,
    expires_at: Option<i64>,
    version: i64,
    mail_state: Option<String>,
    mail_at: Option<i64>,
    mail_problem: Option<String>,
}

impl Row {
    fn view(self, actor: Option<&Actor>) -> Result<Member> {
        let mail = match (self.mail_state, self.mail_at) {
            (Some(state), Some(at)) => Some(MemberMail {
                state: state.parse().map_err(Error::internal)?,
                at: time(at),
                problem: self.mail_problem,
            }),
            _ => None,
        };
        let Held { role, name: role_name, permissions } = self.role.held()?;
        let may_change = actor.is_none_or(|actor| {
            actor.permissions.allow(Area::Users, Level::Manage) && actor.permissions.include(&permissions)
        });
        Ok(Member {
            user_id: self.user_id.map(Into::into),
            invitation_id: self.invitation_id.map(Into::into),
            name: self.name,
            email: self.email,
            role,
            role_name,
            companies: self.companies,
            may_change,
            state: self.state.parse().map_err(Error::internal)?,
            owner: self.owner,
            may_own: self.may_own,
            second_factor: self.second_factor,
            since: time(self.since),
            expires_at: self.expires_at.map(time),
            version: self.version,
            mail,
        })
    }
}

impl<A: Access> Tenant<A> {
    /// Users and those who are invited; the search looks at names and addresses.
    pub async fn users(&self, query: ListQuery, state: Option<MemberState>) -> Result<Listing<Member>> {
        let window = query.window()?;
        let order = listing::order_by(&query, SORTS, "email_key")?;
        let (mut p, from) = self.members();
        let mut filter = format!("WHERE tenant_id = {}", p.push(self.id()));
        if let Some(state) = state {
            filter.push_str(&format!(" AND state = {}", p.push(state.as_str())));
        }
        listing::search(&mut filter, &mut p, query.text()?, &["name_key", "email_key"]);
        let parts = Parts { columns: COLUMNS, from: &from, filter: &filter, order: &order };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        Ok(Listing::new(
            rows.into_iter().map(|row| row.view(self.actor())).collect::<Result<_>>()?,
            total,
            window,
        ))
    }

    /// One user of the tenant.
    pub(crate) async fn member(&self, id: UserId) -> Result<Member> {
        let (mut p, from) = self.members();
        let (tenant, id) = (p.push(self.id()), p.push(id.0));
        let select = format!("SELECT {COLUMNS} {from} WHERE tenant_id = {tenant} AND user_id = {id}");
        let row: Option<Row> = sql::one(self.db(), &select, p.0).await?;
        row.ok_or_else(|| UserError::not_found("user"))?.view(self.actor())
    }

    fn members(&self) -> (Params, String) {
        let mut p = Params::default();
        let (me, now) = (p.push(self.actor().map(|actor| actor.id.0)), p.push(self.now()));
        let members = sql::typed(self.db(), MEMBERS).replace("{me}", &me).replace("{now}", &now);
        let members = members.replace("{user_companies}", &scope::count("u"));
        (p, members.replace("{invited_companies}", &scope::count("i")))
    }
}
