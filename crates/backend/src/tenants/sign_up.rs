//! Visitors who create a tenant of their own, where the operator allows it.

use super::found::{Founder, Place};
use crate::{
    Portal, Result,
    session::{Budget, SignedIn, Visitor},
};
use domain::error::{ErrorKind, UserError};

impl Portal {
    /// Creates a tenant for a visitor, who owns it, and signs them in. Each attempt counts for the address that it comes
    /// from: ten in 15 minutes.
    pub async fn sign_up(
        &self,
        visitor: &Visitor,
        portal_name: &str,
        name: &str,
        email: &str,
        password: &str,
    ) -> Result<SignedIn> {
        if !self.config().sign_up {
            let message = "Nobody can sign up here. Ask an administrator of your portal for an invitation.";
            return Err(UserError::new(ErrorKind::Forbidden, message).into());
        }
        let founder = Founder { portal_name, name, email, password };
        founder.checked()?;
        self.count_guess(visitor.address.map(Budget::sign_up).into_iter().collect()).await?;
        self.found(visitor, founder, Place::Further).await
    }
}
