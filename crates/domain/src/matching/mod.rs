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

mod legal;
mod names;
mod near;
mod node_class;
mod normal;

pub use names::{Matcher, Proposal};
pub use node_class::{device_type_for, device_type_name};

/// Less than this is not proposed.
pub const LEAST: f64 = 0.75;
