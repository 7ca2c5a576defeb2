//! Why the form of the sign-in page was refused, when the browser itself sent it: a word in the address of the page that comes
//! back, and what the page says.

use crate::error::AppError;
use domain::error::{ErrorKind, UserError};

/// Why signing in was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Of whichever of both.
    Credentials,
    /// The password is right; the code of the second factor is missing or wrong.
    Code,
    Throttled,
    /// Whatever else: the database, a form that was cut off.
    Other,
}

const WORDS: [(Refused, &str); 4] = [
    (Refused::Credentials, "credentials"),
    (Refused::Code, "code"),
    (Refused::Throttled, "throttled"),
    (Refused::Other, "other"),
];

impl Refused {
    /// What an error of signing in was about.
    pub fn of(error: &UserError) -> Self {
        match (error.kind, error.field.as_deref()) {
            (ErrorKind::Throttled, _) => Self::Throttled,
            (_, Some("code")) => Self::Code,
            (ErrorKind::Unauthenticated | ErrorKind::Invalid, _) => Self::Credentials,
            _ => Self::Other,
        }
    }

    /// As it stands in an address.
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(refused, _)| *refused == self).map_or("other", |(_, word)| word)
    }

    /// `None` for what is no such word.
    pub fn read(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, known)| *known == word).map(|(refused, _)| *refused)
    }

    /// What the page says of it.
    pub fn error(self) -> AppError {
        let unauthenticated = |message: &str| UserError::new(ErrorKind::Unauthenticated, message);
        match self {
            Self::Credentials => {
                unauthenticated("E-mail address or password is wrong. Check both and try again.")
            }
            Self::Code => UserError {
                field: Some("code".into()),
                ..unauthenticated(
                    "Enter the code that your authenticator app shows now, with address and password once more.",
                )
            },
            Self::Throttled => {
                let message = "There were too many tries. Wait a quarter of an hour, then try again.";
                UserError::new(ErrorKind::Throttled, message)
            }
            Self::Other => {
                let message = "You could not be signed in. Try again in a moment.";
                UserError::new(ErrorKind::Internal, message)
            }
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_word_of_its_own() {
        for (refused, word) in WORDS {
            assert_eq!((refused.word(), Refused::read(word)), (word, Some(refused)));
        }
        assert_eq!(Refused::read("<b>"), None);
    }

    #[test]
    fn what_it_says_is_about_what_was_refused() {
        for (refused, _) in WORDS {
            assert_eq!(Refused::of(&refused.error().error), refused);
        }
        assert_eq!(Refused::of(&UserError::invalid("password", "Too long.")), Refused::Credentials);
    }
}
