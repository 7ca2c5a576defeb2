//! Names to names: which company an organization is, which location a remote location is, which device type a node
//! class is. Every answer has a confidence and its reasons in plain words.
//!
//! ```
//! use domain::matching::{Matcher, device_type_for};
//!
//! let companies = ["Contoso GmbH", "Blue Yonder Airlines", "Müller & Söhne"];
//! let matcher = Matcher::new(companies);
//!
//! let same = matcher.best("contoso").unwrap();
//! assert_eq!((companies[same.index], same.confidence), ("Contoso GmbH", 0.97));
//! assert_eq!(same.reasons, ["Same name apart from the legal form"]);
//!
//! let near = matcher.best("Blue Yonder Airlnes").unwrap();
//! assert_eq!(companies[near.index], "Blue Yonder Airlines");
//! assert!((0.75..=0.9).contains(&near.confidence));
//!
//! assert_eq!(matcher.best("Adventure Works"), None);
//!
//! let (index, reason) = device_type_for("WINDOWS_SERVER", &["Workstation", "Server"]).unwrap();
//! assert_eq!((index, reason.as_str()), (1, "Windows Server is a kind of Server"));
//! ```
//!
//! The thresholds: 1.0 the same name, 0.97 the same but for case, accents, punctuation, "The" or the legal form, 0.94
//! the same with two different legal forms, 0.93 the same words in another order, up to 0.9 a near spelling, and nothing
//! below [`LEAST`]. Two targets that are equally good never get more than 0.9: somebody has to look.
//!
//! [`Matcher::rank`] answers with a probability instead, looks at more than the name, and weighs the likeliest target
//! against all others; [`Matcher::assign`] does so for many, each target preferably once. From [`QUICK_MATCH`] a map needs
//! nobody to look; names that are only near, or two that are equally good, never get there by their names alone.
//!
//! ```
//! use domain::matching::{Matcher, QUICK_MATCH, Subject};
//!
//! let contoso = Subject { domains: vec!["www.contoso.com".into()], ..Subject::named("Contoso Dental Group") };
//! let matcher = Matcher::of([contoso, Subject::named("Fabrikam, Inc."), Subject::named("Litware")]);
//!
//! let fabrikam = matcher.rank(&Subject::named("FABRIKAM"), &[]).best.unwrap();
//! assert!(fabrikam.index == 1 && fabrikam.confidence >= QUICK_MATCH);
//!
//! let asked = Subject { domains: vec!["contoso.local".into()], ..Subject::named("Contoso") };
//! let ranking = matcher.rank(&asked, &[(0, 0.8)]);
//! assert_eq!(ranking.best.unwrap().reasons[1..], ["Same domain", "Its devices are known there"]);
//! ```

mod assign;
mod fit;
mod index;
mod legal;
mod letters;
mod lexicon;
mod names;
mod near;
mod node_class;
mod normal;
#[cfg(test)]
mod numbers;
mod rank;
mod score;
mod signals;
mod subject;
mod terms;
#[cfg(test)]
mod tests;
mod top;

pub use names::{Matcher, Proposal};
pub use node_class::{device_type_for, device_type_name};
pub use rank::{QUICK_MATCH, Ranking, TIED};
pub use subject::{Asked, Subject};

/// Less than this is not proposed.
pub const LEAST: f64 = 0.75;
