//! Passwords that are guessed first: those that many people have, and those that are made of names that stand on the page.

use domain::error::UserError;
use std::{collections::HashSet, sync::LazyLock};

/// The 5,000 most common passwords of at least 10 characters, in lower case and in order, of "10 million passwords, top 1M" of
/// SecLists (github.com/danielmiessler/SecLists, MIT).
const COMMON: &str = include_str!("common_passwords.txt");
static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.lines().collect());

/// Words that everybody knows who sees the sign-in page.
const OURS: [&str; 2] = ["msportal", "ninjaone"];
/// Shorter words are part of too many others.
const SHORTEST: usize = 4;
/// So many characters have to be left without the words.
const LEFT: usize = 7;

/// Whom a password is for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Owner<'a> {
    pub portal_name: &'a str,
    pub name: &'a str,
    pub email: &'a str,
}

/// Refuses a password, typed into `field`, that is guessed early.
pub(super) fn check(field: &str, password: &str, owner: Owner<'_>) -> Result<(), UserError> {
    let plain = password.to_lowercase();
    let refusal = if SET.contains(plain.trim()) {
        "Many people have this password, and it is guessed first. Choose another one."
    } else if owner.leaves(plain).chars().count() < LEFT {
        "This is little more than a name that others know. Choose a password without your name, your address and the portal's name."
    } else {
        return Ok(());
    };
    Err(UserError::invalid(field, refusal))
}

impl Owner<'_> {
    /// What is left of a text in lower case without the owner's words, the longest first.
    fn leaves(&self, mut text: String) -> String {
        let mut words = self.words();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        for word in words {
            text = text.replace(&word, "");
        }
        text
    }

    /// Names and the address, word by word and in one; the last part of an address is everybody's.
    fn words(&self) -> Vec<String> {
        let address = self.email.rsplit_once('.').map_or(self.email, |(front, _)| front);
        let whole = [self.portal_name, self.name, self.email].map(|name| name.split_whitespace().collect());
        let parts = [self.portal_name, self.name, address];
        let parts =
            parts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).map(str::to_owned);
        let all = parts.chain(whole).chain(OURS.map(str::to_owned)).map(|word| word.to_lowercase());
        all.filter(|word| word.chars().count() >= SHORTEST).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::session::MIN_PASSWORD;

    const SAM: Owner<'_> = Owner {
        portal_name: "Northwind MSP",
        name: "Samantha Owner",
        email: "sammy.o@harbour-dental.example",
    };

    fn refused(password: &str) -> bool {
        check("new", password, SAM).is_err_and(|e| e.field.as_deref() == Some("new"))
    }

    #[test]
    fn the_list_is_whole() {
        assert_eq!((SET.len(), COMMON.lines().count()), (5_000, 5_000));
        assert!(SET.iter().all(|p| p.chars().count() >= MIN_PASSWORD && *p == p.to_lowercase()));
    }

    #[test]
    fn what_many_have_is_refused() {
        for common in ["qwertyuiop", "1234567890", "QWERTYUIOP", "1q2w3e4r5t", " password123 "] {
            assert!(refused(common), "{common}");
        }
    }

    #[test]
    fn names_of_the_place_are_no_passwords() {
        for named in [
            "northwind2026!",
            "NorthwindMSP1",
            "Samantha.Owner",
            "harbour-dental",
            "sammysammysammy",
            "msportal12345",
            "NinjaOne!NinjaOne!",
            "sammy.o@harbour-dental.example",
        ] {
            assert!(refused(named), "{named}");
        }
        for fine in
            ["correct horse battery", "samantha likes green tea", "northwind-9vq2kx7p", "sam is no name"]
        {
            assert!(!refused(fine), "{fine}");
        }
    }
}
