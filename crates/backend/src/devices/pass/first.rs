//! The first of very many, in an order, without sorting them all.

use super::{Id, Paged};
use domain::page::{Direction, Window};
use std::{borrow::Cow, cmp::Ordering};
use uuid::Uuid;

/// A value that is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place<'a> {
    Number(i64),
    Text(Cow<'a, [u8]>),
    /// A text whose case does not count.
    Folded(Cow<'a, [u8]>),
    /// Comes last in both directions.
    Unknown,
}

/// Where a device stands: by two values, then by its name in lower case, then by its id.
#[derive(Clone, Debug)]
pub(crate) struct Spot<'a> {
    pub places: [Place<'a>; 2],
    pub name: Cow<'a, [u8]>,
    pub id: Id,
}

/// Keeps the first ones of what goes by, and counts all.
pub(crate) struct First {
    most: usize,
    direction: Direction,
    kept: Vec<Spot<'static>>,
    /// As long as there are more than `most`: the last one that still counts.
    last: Option<Spot<'static>>,
    seen: i64,
}

impl First {
    /// Keeps what is needed for a page.
    pub fn of(window: Window, direction: Direction) -> Self {
        let most = usize::try_from(window.offset().saturating_add(window.size.into())).unwrap_or(usize::MAX);
        Self { most, direction, kept: Vec::new(), last: None, seen: 0 }
    }

    /// Counts one that comes too late for the page by what it is sorted by, so that the rest of it need not be read.
    pub fn is_late(&mut self, places: &[Place<'_>; 2]) -> bool {
        let order = |last: &Spot<'_>| order(places, &last.places, self.direction);
        let late = self.last.as_ref().is_some_and(|last| order(last) == Ordering::Greater);
        self.seen += i64::from(late);
        late
    }

    /// Shows one.
    pub fn show(&mut self, spot: &Spot<'_>) {
        self.seen += 1;
        let late = |last: &Spot<'_>| spot.compare(last, self.direction) == Ordering::Greater;
        if self.last.as_ref().is_some_and(late) {
            return;
        }
        self.kept.push(spot.owned());
        if self.kept.len() >= self.most.saturating_mul(2).max(1000) {
            self.cut();
        }
    }

    /// Adds what another one was shown.
    pub fn join(mut self, other: Self) -> Self {
        self.seen += other.seen;
        self.kept.extend(other.kept);
        self
    }

    fn cut(&mut self) {
        if let Some(last) = self.most.checked_sub(1).filter(|last| *last < self.kept.len()) {
            let direction = self.direction;
            self.kept.select_nth_unstable_by(last, |a, b| a.compare(b, direction));
            self.kept.truncate(self.most);
            self.last = self.kept.last().cloned();
        }
    }

    /// The page in its order.
    pub fn page(mut self, window: Window) -> Paged {
        self.cut();
        let direction = self.direction;
        self.kept.sort_unstable_by(|a, b| a.compare(b, direction));
        let from = usize::try_from(window.offset()).unwrap_or(usize::MAX);
        let ids = self.kept.iter().skip(from).map(|spot| Uuid::from_bytes(spot.id)).collect();
        Paged { ids, total: self.seen }
    }
}

impl Spot<'_> {
    fn compare(&self, other: &Spot<'_>, direction: Direction) -> Ordering {
        let order = order(&self.places, &other.places, direction);
        order.then_with(|| folded(&self.name, &other.name)).then_with(|| self.id.cmp(&other.id))
    }

    fn owned(&self) -> Spot<'static> {
        let place = |place: &Place<'_>| match place {
            Place::Text(text) => Place::Text(Cow::Owned(text.to_vec())),
            Place::Folded(text) => Place::Folded(Cow::Owned(text.to_vec())),
            Place::Number(number) => Place::Number(*number),
            Place::Unknown => Place::Unknown,
        };
        let [first, second] = &self.places;
        Spot { places: [place(first), place(second)], name: Cow::Owned(self.name.to_vec()), id: self.id }
    }
}

/// Of what is sorted by.
fn order(ours: &[Place<'_>; 2], theirs: &[Place<'_>; 2], direction: Direction) -> Ordering {
    let mut order = Ordering::Equal;
    for (ours, theirs) in ours.iter().zip(theirs) {
        order = order.then_with(|| match (ours, theirs) {
            (Place::Unknown, _) | (_, Place::Unknown) => ours.cmp(theirs),
            (Place::Folded(ours), Place::Folded(theirs)) if direction == Direction::Descending => {
                folded(theirs, ours)
            }
            (Place::Folded(ours), Place::Folded(theirs)) => folded(ours, theirs),
            _ if direction == Direction::Descending => theirs.cmp(ours),
            _ => ours.cmp(theirs),
        });
    }
    order
}

/// As SQLite's `lower` has it.
fn folded(a: &[u8], b: &[u8]) -> Ordering {
    a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(place: Option<i64>, name: &'static str, id: u8) -> Spot<'static> {
        let place = place.map_or(Place::Unknown, Place::Number);
        Spot { places: [place, Place::Unknown], name: Cow::Borrowed(name.as_bytes()), id: [id; 16] }
    }

    fn page(direction: Direction, page: u32, size: u32) -> (Vec<u8>, i64) {
        let window = Window { page, size };
        let mut halves = [First::of(window, direction), First::of(window, direction)];
        for n in 0..3000_i64 {
            let (name, id) = (["b", "A"][usize::from(n % 2 == 0)], u8::try_from(n % 250).unwrap());
            let (first, spot) =
                (&mut halves[usize::from(n % 3 == 0)], spot((n % 5 != 0).then_some(n / 1000), name, id));
            if !first.is_late(&spot.places) {
                first.show(&spot);
            }
        }
        let [one, other] = halves;
        let paged = one.join(other).page(window);
        (paged.ids.iter().map(|id| id.as_bytes()[0]).collect(), paged.total)
    }

    #[test]
    fn a_page_is_that_of_the_whole_order() {
        let mut all: Vec<(i64, bool, u8)> = (0..3000_i64)
            .map(|n| {
                let place = if n % 5 != 0 { n / 1000 } else { i64::MAX };
                (place, n % 2 != 0, u8::try_from(n % 250).unwrap())
            })
            .collect();
        all.sort_unstable();
        for (number, size) in [(1, 10), (2, 50), (3, 200), (16, 200)] {
            let from = ((number - 1) * size) as usize;
            let expected: Vec<u8> = all.iter().skip(from).take(size as usize).map(|(.., id)| *id).collect();
            assert_eq!(page(Direction::Ascending, number, size), (expected, 3000));
        }
        all.sort_unstable_by_key(|(place, name, id)| {
            (if *place == i64::MAX { i64::MAX } else { -place }, *name, *id)
        });
        let expected: Vec<u8> = all.iter().take(30).map(|(.., id)| *id).collect();
        assert_eq!(page(Direction::Descending, 1, 30), (expected, 3000));
    }
}
