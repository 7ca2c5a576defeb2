//! Charts as plain SVG, drawn on the server like everything else: they are there without JavaScript and on paper, and each
//! of them is, or comes with, a table of the same numbers.

mod bars;
mod points;
mod trend;

pub use bars::{Bar, Bars};
pub use points::round_up;
pub use trend::{Line, Trend};
