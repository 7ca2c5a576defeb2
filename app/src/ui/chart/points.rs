//! Where the points of a line lie, in whole numbers.

/// Width and height that points lie in.
pub const WIDTH: i64 = 1000;
pub const HEIGHT: i64 = 200;

/// The corners of a line through `values`, from left to right, as `points` of a polyline: `low` lies at the bottom, `high` at
/// the top. Values lie at their places `at`, which go from 0 to `last`.
pub fn points(values: &[(i64, i64)], last: i64, (low, high): (i64, i64)) -> String {
    let span = (high - low).max(1);
    let point = |&(at, value): &(i64, i64)| {
        let x = if last == 0 { WIDTH / 2 } else { at * WIDTH / last };
        let y = HEIGHT - (value.clamp(low, high) - low) * HEIGHT / span;
        format!("{x},{y}")
    };
    values.iter().map(point).collect::<Vec<_>>().join(" ")
}

/// A round number that is not smaller: one, two or five times a power of ten.
pub fn round_up(n: i64) -> i64 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if power * factor >= n {
                return power * factor;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fill_their_place() {
        assert_eq!(points(&[(0, 0), (5, 50), (10, 100)], 10, (0, 100)), "0,200 500,100 1000,0");
        assert_eq!(points(&[(0, 7)], 0, (0, 7)), "500,0", "one point stands in the middle");
        assert_eq!(points(&[(0, 5), (1, 5)], 1, (5, 5)), "0,200 1000,200");
    }

    #[test]
    fn scales_end_at_round_numbers() {
        assert_eq!([0, 1, 3, 11, 47, 100, 101, 7_400].map(round_up), [1, 1, 5, 20, 50, 100, 200, 10_000]);
    }
}
