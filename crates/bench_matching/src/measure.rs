//! What answers are worth.

/// The answer to one query.
pub struct Answer {
    pub right: Option<usize>,
    pub given: Option<usize>,
    pub confidence: f64,
}

impl Answer {
    pub fn correct(&self) -> bool {
        self.given.is_some() && self.given == self.right
    }
}

pub struct Figures {
    top1: f64,
    recall_at_p95: f64,
    recall_at_p99: f64,
    calibration_error: f64,
    cpu_s: f64,
}

impl Figures {
    pub fn of(answers: &[Answer], cpu_s: f64) -> Self {
        let answerable = answers.iter().filter(|a| a.right.is_some()).count().max(1) as f64;
        Self {
            top1: answers.iter().filter(|a| a.correct()).count() as f64 / answerable,
            recall_at_p95: recall_at(answers, 0.95, answerable),
            recall_at_p99: recall_at(answers, 0.99, answerable),
            calibration_error: calibration_error(answers),
            cpu_s,
        }
    }

    pub fn print(&self, name: &str) {
        println!(
            "{name:<16} {:>7.4} {:>10.4} {:>10.4} {:>12.4} {:>8.3}",
            self.top1, self.recall_at_p95, self.recall_at_p99, self.calibration_error, self.cpu_s
        );
    }

    pub fn json(&self) -> String {
        let figures = [
            ("top1", self.top1),
            ("recall_at_p95", self.recall_at_p95),
            ("recall_at_p99", self.recall_at_p99),
            ("calibration_error", self.calibration_error),
            ("cpu_s", self.cpu_s),
        ];
        let text = figures.map(|(key, value)| format!("{}:{value:.4}", serde_json::Value::from(key)));
        format!("{{{}}}", text.join(","))
    }
}

/// The greatest share of the answerable that is answered right, at a confidence from which `precision` of all answers
/// are right.
fn recall_at(answers: &[Answer], precision: f64, answerable: f64) -> f64 {
    let mut given: Vec<&Answer> = answers.iter().filter(|a| a.given.is_some()).collect();
    given.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let (mut right, mut best) = (0.0, 0.0_f64);
    for (i, answer) in given.iter().enumerate() {
        right += f64::from(u8::from(answer.correct()));
        let last_of_its_confidence = given.get(i + 1).is_none_or(|next| next.confidence < answer.confidence);
        if last_of_its_confidence && right >= precision * (i + 1) as f64 {
            best = best.max(right / answerable);
        }
    }
    best
}

/// Bands of confidence: a tenth each.
fn bands(answers: &[Answer]) -> Vec<(f64, f64, f64)> {
    let mut bands = vec![(0.0, 0.0, 0.0); 10];
    for answer in answers.iter().filter(|a| a.given.is_some()) {
        let band = &mut bands[((answer.confidence * 10.0) as usize).min(9)];
        band.0 += 1.0;
        band.1 += answer.confidence;
        band.2 += f64::from(u8::from(answer.correct()));
    }
    bands
}

/// How far confidence and share of right answers are apart, over bands of a tenth.
fn calibration_error(answers: &[Answer]) -> f64 {
    let all: f64 = bands(answers).iter().map(|b| b.0).sum();
    bands(answers).iter().map(|(_, sure, right)| (sure - right).abs()).sum::<f64>() / all.max(1.0)
}

/// Prints how sure and how right answers are, and what Quick Match would map.
pub fn print_bands(answers: &[Answer], quick: f64) {
    for (i, (count, sure, right)) in bands(answers).into_iter().enumerate().filter(|(_, b)| b.0 > 0.0) {
        println!(
            "  {:.1}: {count:>5} answers, {:.3} sure, {:.3} right",
            i as f64 / 10.0,
            sure / count,
            right / count
        );
    }
    let mapped: Vec<&Answer> = answers.iter().filter(|a| a.confidence >= quick).collect();
    let wrong = mapped.iter().filter(|a| !a.correct()).count();
    println!("  Quick Match at {quick}: {} mapped, {wrong} wrong", mapped.len());
}
