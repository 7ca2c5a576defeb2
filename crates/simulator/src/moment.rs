//! Things that happen at a chosen request: the fleet or the server changes while a client reads.

use crate::control::Control;
use crate::path_match::PathMatch;
use std::fmt;

/// What happens.
type Happening = Box<dyn FnOnce(&Control) + Send>;

/// What waits for its request.
#[derive(Default)]
pub(crate) struct Moments(Vec<Moment>);

struct Moment {
    path: PathMatch,
    /// How many matching requests come first.
    after: u32,
    happening: Happening,
}

impl Moments {
    /// Takes out what is due at a request to `path`, counting it.
    pub fn due(&mut self, path: &str) -> Vec<Happening> {
        let mut due = Vec::new();
        for mut moment in std::mem::take(&mut self.0) {
            match (moment.path.matches(path), moment.after) {
                (true, 0) => {
                    due.push(moment.happening);
                    continue;
                }
                (true, _) => moment.after -= 1,
                (false, _) => {}
            }
            self.0.push(moment);
        }
        due
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl fmt::Debug for Moments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Moments").field(&self.0.len()).finish()
    }
}

impl Control {
    /// Does something when a request to `path` arrives, before it is answered; `after` matching requests come first.
    pub fn at_request(
        &self,
        path: impl Into<PathMatch>,
        after: u32,
        happening: impl FnOnce(&Control) + Send + 'static,
    ) {
        let moment = Moment { path: path.into(), after, happening: Box::new(happening) };
        self.with(|state| state.moments.0.push(moment));
    }

    /// Forgets what waits for a request.
    pub fn clear_moments(&self) {
        self.with(|state| state.moments.clear());
    }

    /// Lets happen what is due at a request; the lock is free meanwhile.
    pub(crate) fn happen(&self, path: &str) {
        for happening in self.with(|state| state.moments.due(path)) {
            happening(self);
        }
    }
}
