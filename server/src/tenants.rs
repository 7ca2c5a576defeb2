//! `msportal tenant`: what operators do with tenants.

use crate::{
    cli::{StorageArgs, TenantCommand, TenantCreateArgs, TenantInviteArgs},
    serve::{open_existing, say},
};
use backend::TenantSummary;
use domain::users::UserLink;

/// Carries out the command; an error is a sentence for the terminal.
pub async fn run(command: TenantCommand) -> Result<(), String> {
    match command {
        TenantCommand::Create(args) => create(args).await,
        TenantCommand::List(storage) => list(storage).await,
        TenantCommand::Invite(args) => invite(args).await,
    }
}

async fn create(args: TenantCreateArgs) -> Result<(), String> {
    let portal = open_existing(&args.storage).await?;
    let link = portal.create_tenant(&args.name, &args.admin_email).await;
    let link = link.map_err(|e| e.into_user_error().message)?;
    print_line!("created {}; the invitation for {}:", args.name.trim(), args.admin_email.trim());
    print_line!("{}", handed(&link));
    Ok(())
}

async fn invite(args: TenantInviteArgs) -> Result<(), String> {
    let portal = open_existing(&args.storage).await?;
    let link = portal.invite_admin(args.tenant, &args.admin_email).await;
    let link = link.map_err(|e| e.into_user_error().message)?;
    print_line!("the invitation for {}:", args.admin_email.trim());
    print_line!("{}", handed(&link));
    Ok(())
}

async fn list(storage: StorageArgs) -> Result<(), String> {
    let portal = open_existing(&storage).await?;
    let tenants = portal.tenants().await.map_err(|e| say("the tenants could not be read", &e))?;
    for tenant in &tenants {
        print_line!("{}", line(tenant));
    }
    Ok(())
}

fn line(tenant: &TenantSummary) -> String {
    let TenantSummary { id, name, created_at, users, owner } = tenant;
    let owner = owner.as_deref().unwrap_or("nobody yet");
    format!("{id}  {name}  created {}  users {users}  owner {owner}", created_at.format("%Y-%m-%d"))
}

/// A link in words for the terminal.
pub fn handed(link: &UserLink) -> String {
    let until = link.expires_at.format("%Y-%m-%d %H:%M UTC");
    let path = link.link.as_deref().unwrap_or_default();
    format!("good once, until {until}: the portal's address and then {path}")
}
