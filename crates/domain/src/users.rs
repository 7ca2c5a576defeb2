//! The people of a tenant: who there is, who is invited, and the links that they are given.

use crate::{
    ids::{InvitationId, UserId},
    roles::RoleRef,
};
use chrono::{DateTime, Utc};

words! {
    /// How somebody stands in the list of users.
    pub enum MemberState {
        /// May sign in.
        Active = "active",
        /// Has a link, and has not come yet.
        Invited = "invited",
        /// Had a link that is too old now.
        Expired = "expired",
        /// May not sign in any more; everything that they did stays.
        Deactivated = "deactivated",
    }

    /// What a link does for whoever has it.
    pub enum LinkKind {
        /// Makes them a user.
        Invitation = "invitation",
        /// Lets a user choose a new password.
        Password = "password",
    }
}

wire! {
    /// A user, or somebody who was invited and has not come yet: one of the two ids is there.
    pub struct Member {
        pub user_id: Option<UserId>,
        pub invitation_id: Option<InvitationId>,
        /// Empty for an invitation.
        pub name: String,
        pub email: String,
        pub role: RoleRef,
        /// What that role is called.
        pub role_name: String,
        pub state: MemberState,
        /// Whether they answer for the portal: an administrator who can only be replaced by handing it over.
        pub owner: bool,
        /// Whether the one who asks can hand the portal over to them.
        pub may_own: bool,
        /// Whether the one who asks may change them: nobody changes somebody who may do more.
        pub may_change: bool,
        /// Whether signing in takes a code besides the password.
        pub second_factor: bool,
        /// Since when they are a user, or are invited.
        pub since: DateTime<Utc>,
        /// Until when an invitation can be accepted.
        pub expires_at: Option<DateTime<Utc>>,
    }

    /// A link to hand over. It is answered once: the portal keeps no more than its hash.
    pub struct UserLink {
        /// A path of this portal, such as `/invite/…`.
        pub link: String,
        pub expires_at: DateTime<Utc>,
    }

    /// What somebody who has a link is told before they use it.
    pub struct LinkState {
        pub kind: LinkKind,
        /// The portal that it is about.
        pub portal_name: String,
        pub email: String,
        pub expires_at: DateTime<Utc>,
    }
}

impl Member {
    /// What the member is called: the name, or the e-mail address of somebody who has not come yet.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

/// An e-mail address without blanks around it, or what is wrong with it.
pub fn checked_email(email: &str) -> Result<&str, crate::error::UserError> {
    let email = email.trim();
    let odd = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | ',' | ';' | '\u{FFFD}')
    };
    let whole = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !whole || email.contains(odd) || email.chars().count() > 200 {
        let message = "Enter an e-mail address such as sam@example.com.";
        return Err(crate::error::UserError::invalid("email", message));
    }
    Ok(email)
}

#[cfg(test)]
mod tests {
    use super::checked_email;

    #[test]
    fn addresses_are_taken_as_they_are_written() {
        assert_eq!(checked_email(" Sam.O'Neil+x@Example.com "), Ok("Sam.O'Neil+x@Example.com"));
        for wrong in
            ["", "sam", "@example.com", "sam@", "a b@c", "a@b,c@d", "<a@b>", "a@b\r\nBcc: c@d", "a\0@b"]
        {
            assert!(checked_email(wrong).is_err(), "{wrong:?}");
        }
    }
}
