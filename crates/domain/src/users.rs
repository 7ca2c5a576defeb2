//! The people of a tenant: who there is, who is invited, and the links that they are given.

use crate::{
    company::CompanyRef,
    error::UserError,
    ids::{CompanyId, InvitationId, UserId},
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

    /// How a mail with a link stands.
    pub enum MailState {
        /// It is sent as soon as the mail server takes it.
        Waiting = "waiting",
        /// The mail server has taken it.
        Sent = "sent",
        /// It is not tried any more.
        Failed = "failed",
    }

    /// What a link does for whoever has it.
    pub enum LinkKind {
        /// Makes them a user.
        Invitation = "invitation",
        /// Lets a user choose a new password.
        Password = "password",
        /// Makes them the owner of a new portal.
        SignUp = "sign_up",
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
        /// To how many companies they are limited; null when they see all.
        pub companies: Option<i64>,
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
        /// Counts the changes of a user; 0 for an invitation.
        pub version: i64,
        /// The mail with their link, if the portal sends mails.
        pub mail: Option<MemberMail>,
    }

    /// How the mail with somebody's link stands.
    pub struct MemberMail {
        pub state: MailState,
        /// When that was so first, or when it was tried last.
        pub at: DateTime<Utc>,
        /// Why it could not be sent, the last time.
        pub problem: Option<String>,
    }

    /// What applies to all users of a tenant.
    pub struct UserRules {
        /// Whether everybody needs a second factor.
        pub second_factor_required: bool,
        /// Active users who have none.
        pub without_second_factor: i64,
    }

    /// The companies that a user is limited to.
    pub struct UserCompanies {
        /// By name; null when the user sees all.
        pub companies: Option<Vec<CompanyRef>>,
    }
}

wire_secret! {
    /// A link for somebody: mailed to them where the portal sends mails, else to be handed over.
    pub struct UserLink {
        /// A path of this portal, such as `/invite/…`, answered once: the portal keeps no more than its hash. Null when it is
        /// mailed, so that whoever opens it reads the mails of that address.
        pub link: Option<String>,
        pub expires_at: DateTime<Utc>,
        /// Whether the portal sends it by mail.
        pub mailed: bool,
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
pub fn checked_email(email: &str) -> Result<&str, UserError> {
    let email = email.trim();
    let odd = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | ',' | ';' | '\u{FFFD}')
    };
    let whole = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !whole || email.contains(odd) || email.chars().count() > 200 {
        let message = "Enter an e-mail address such as sam@example.com.";
        return Err(UserError::invalid("email", message));
    }
    Ok(email)
}

/// Most companies that somebody can be limited to.
pub const MAX_ASSIGNED: usize = 2_000;

/// Companies that somebody is to be limited to, each once.
pub fn checked_companies(companies: &[CompanyId]) -> Result<Vec<CompanyId>, UserError> {
    if companies.len() > MAX_ASSIGNED {
        let message = format!("Choose at most {MAX_ASSIGNED} companies.");
        return Err(UserError::invalid("companies", message));
    }
    let mut seen = std::collections::HashSet::new();
    Ok(companies.iter().copied().filter(|company| seen.insert(*company)).collect())
}

/// Names of a list that are told one by one.
const MOST_NAMED: usize = 20;

/// The companies of somebody in words: all (`None`), none, or their names.
pub fn companies_words(companies: Option<&[CompanyRef]>) -> String {
    let Some(companies) = companies else { return "all companies".to_owned() };
    let named: Vec<&str> = companies.iter().take(MOST_NAMED).map(|c| c.name.as_str()).collect();
    match companies.len() {
        0 => "no company".to_owned(),
        n if n > MOST_NAMED => format!("{} and {} more", named.join(", "), n - MOST_NAMED),
        _ => named.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_ASSIGNED, checked_companies, checked_email, companies_words};
    use crate::{company::CompanyRef, ids::CompanyId};

    fn company(n: u128) -> CompanyRef {
        CompanyRef { id: CompanyId(uuid::Uuid::from_u128(n)), name: format!("Company {n}") }
    }

    #[test]
    fn a_company_is_taken_once() {
        let [one, two] = [company(1).id, company(2).id];
        assert_eq!(checked_companies(&[one, two, one]), Ok(vec![one, two]));
        assert!(checked_companies(&vec![one; MAX_ASSIGNED + 1]).is_err());
    }

    #[test]
    fn companies_are_told_in_words() {
        assert_eq!(companies_words(None), "all companies");
        assert_eq!(companies_words(Some(&[])), "no company");
        assert_eq!(companies_words(Some(&[company(1), company(2)])), "Company 1, Company 2");
        let many: Vec<CompanyRef> = (0..23).map(company).collect();
        assert!(companies_words(Some(&many)).ends_with("Company 19 and 3 more"));
    }

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
