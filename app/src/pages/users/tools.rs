use super::{
    api::{
        activate_user, deactivate_user, invite_user, reset_user_password, transfer_ownership,
        withdraw_invitation,
    },
    handed::Handed,
};
use crate::{
    error::AppError,
    pages::session::api::reset_second_factor,
    ui::toast::{Toasts, use_toasts},
};
use domain::{error::UserError, ids::UserId, users::Member};
use leptos::prelude::*;

/// What an administrator does with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A new link in place of the one that was lost or is too old.
    InviteAgain,
    Withdraw,
    ResetPassword,
    /// For somebody who has lost the authenticator app and the recovery codes.
    ResetSecondFactor,
    HandOver,
    Deactivate,
    Activate,
}

/// What can be done with users. The page makes it, so that it outlives the rows.
#[derive(Clone, Copy)]
pub struct UserTools {
    /// The dialog that invites.
    pub inviting: RwSignal<bool>,
    /// The dialog that asks first, and about what.
    pub asking: RwSignal<bool>,
    pub asked: RwSignal<Option<(Act, Member)>>,
    /// The dialog with a user's role.
    pub role: RwSignal<bool>,
    pub role_of: RwSignal<Option<Member>>,
    /// The dialog with the companies that a user is limited to.
    pub limiting: RwSignal<bool>,
    pub limits_of: RwSignal<Option<Member>>,
    /// The dialog with the places where a user is signed in.
    pub sessions: RwSignal<bool>,
    pub sessions_of: RwSignal<Option<Member>>,
    /// The dialog with a link to hand over, or that is mailed.
    pub handing: RwSignal<bool>,
    pub handed: RwSignal<Option<Handed>>,
    pub changed: Callback<()>,
    act: Action<(Act, Member), ()>,
}

impl UserTools {
    /// Tools that call `changed` after each change.
    pub fn new(changed: Callback<()>) -> Self {
        let toasts = use_toasts();
        let (handing, handed) = (RwSignal::new(false), RwSignal::new(None));
        let asking = RwSignal::new(false);
        let act = Action::new(move |(act, member): &(Act, Member)| {
            let (act, member) = (*act, member.clone());
            async move {
                let link = carry_out(act, &member, toasts).await;
                _ = asking.try_set(false);
                if let Some(link) = link {
                    _ = handed.try_set(Some(link));
                    _ = handing.try_set(true);
                }
                _ = changed.try_run(());
            }
        });
        Self {
            inviting: RwSignal::new(false),
            asking,
            asked: RwSignal::new(None),
            role: RwSignal::new(false),
            role_of: RwSignal::new(None),
            limiting: RwSignal::new(false),
            limits_of: RwSignal::new(None),
            sessions: RwSignal::new(false),
            sessions_of: RwSignal::new(None),
            handing,
            handed,
            changed,
            act,
        }
    }

    /// Whether something is being done.
    pub fn busy(self) -> Memo<bool> {
        self.act.pending()
    }

    /// Does what shuts nobody out at once, and asks before the rest.
    pub fn wish(self, act: Act, member: &Member) {
        match act {
            Act::InviteAgain | Act::Activate => self.go(act, member.clone()),
            _ => {
                self.asked.set(Some((act, member.clone())));
                self.asking.set(true);
            }
        }
    }

    /// Does it, unless something else is under way.
    pub fn go(self, act: Act, member: Member) {
        if !self.act.pending().get_untracked() {
            self.act.dispatch((act, member));
        }
    }

    /// Opens the dialog with a user's role.
    pub fn change_role(self, member: &Member) {
        self.role_of.set(Some(member.clone()));
        self.role.set(true);
    }

    /// Opens the dialog with the companies of a user.
    pub fn change_companies(self, member: &Member) {
        self.limits_of.set(Some(member.clone()));
        self.limiting.set(true);
    }

    /// Opens the dialog with the places where a user is signed in.
    pub fn show_sessions(self, member: &Member) {
        self.sessions_of.set(Some(member.clone()));
        self.sessions.set(true);
    }

    /// Shows a link to hand over, or to whom it is mailed.
    pub fn hand(self, link: Handed) {
        self.handed.set(Some(link));
        self.handing.set(true);
    }
}

/// Does it and says so; answers a link that is to be handed over, or is mailed.
async fn carry_out(act: Act, member: &Member, toasts: Toasts) -> Option<Handed> {
    let name = member.called();
    let done = match act {
        Act::InviteAgain => invite_user(member.email.clone(), member.role, None)
            .await
            .map(|link| Some(Handed::invitation(name, link))),
        Act::Withdraw => match member.invitation_id {
            Some(id) => withdraw_invitation(id).await.map(|()| None),
            None => Err(UserError::not_found("invitation").into()),
        },
        Act::ResetPassword => match user(member) {
            Ok(id) => reset_user_password(id).await.map(|link| Some(Handed::password(name, link))),
            Err(error) => Err(error),
        },
        Act::ResetSecondFactor => match user(member) {
            Ok(id) => reset_second_factor(id).await.map(|()| None),
            Err(error) => Err(error),
        },
        Act::HandOver => match user(member) {
            Ok(id) => transfer_ownership(id).await.map(|()| None),
            Err(error) => Err(error),
        },
        Act::Deactivate => match user(member) {
            Ok(id) => deactivate_user(id).await.map(|_| None),
            Err(error) => Err(error),
        },
        Act::Activate => match user(member) {
            Ok(id) => activate_user(id).await.map(|_| None),
            Err(error) => Err(error),
        },
    };
    match done {
        Ok(None) => toasts.success(done_words(act, name)),
        Ok(link) => return link,
        Err(error) => toasts.refused(&error),
    }
    None
}

fn user(member: &Member) -> Result<UserId, AppError> {
    member.user_id.ok_or_else(|| UserError::not_found("user").into())
}

fn done_words(act: Act, name: &str) -> String {
    match act {
        Act::InviteAgain => format!("{name} has a new link."),
        Act::Withdraw => format!("The invitation of {name} is withdrawn."),
        Act::ResetPassword => format!("{name} can choose a new password."),
        Act::ResetSecondFactor => format!("{name} signs in with the password alone now."),
        Act::HandOver => format!("{name} owns the portal now."),
        Act::Deactivate => format!("{name} is deactivated and signed out."),
        Act::Activate => format!("{name} may sign in again."),
    }
}
