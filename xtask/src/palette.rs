//! Both themes of style/main.css are readable: WCAG 2.2 AA, computed from the colours themselves.
use std::{collections::HashMap, fs};

use crate::tools::root;

type Rgb = [f64; 3];
type Theme = HashMap<String, Rgb>;

const TEXT: f64 = 4.5;
const OUTLINE: f64 = 3.0;
const BASES: [&str; 2] = ["color-base-100", "color-base-200"];
const KINDS: [&str; 8] = ["primary", "secondary", "accent", "neutral", "info", "success", "warning", "error"];

/// The `--name: #rrggbb;` lines of each theme block.
fn themes() -> Vec<Theme> {
    let css = fs::read_to_string(root().join("style/main.css")).unwrap();
    let blocks = css.split("@plugin \"daisyui/theme\" {").skip(1);
    blocks.map(|block| block.split('}').next().unwrap().lines().filter_map(colour).collect()).collect()
}

fn colour(line: &str) -> Option<(String, Rgb)> {
    let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
    let channel = |at: usize| f64::from(u8::from_str_radix(&value[at..at + 2], 16).unwrap()) / 255.0;
    Some((name.to_owned(), [channel(0), channel(2), channel(4)]))
}

fn luminance(colour: Rgb) -> f64 {
    let linear = |c: f64| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let [r, g, b] = colour.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// What a soft badge or alert stands on: a tenth of its own colour over the base.
fn tinted(colour: Rgb, base: Rgb) -> Rgb {
    std::array::from_fn(|i| 0.1 * colour[i] + 0.9 * base[i])
}

#[track_caller]
fn at_least(wanted: f64, theme: &Theme, front: &str, back: Rgb, on: &str) {
    let found = contrast(theme[front], back);
    assert!(found >= wanted, "{front} on {on}: {found:.2}, wanted {wanted}");
}

#[test]
fn contrast_is_measured_as_in_the_standard() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    let grey = colour("--x: #767676;").unwrap().1;
    assert!((contrast(grey, [1.0; 3]) - 4.54).abs() < 0.01);
}

#[test]
fn text_is_readable_on_every_base() {
    assert_eq!(themes().len(), 2);
    for theme in themes() {
        for base in BASES.into_iter().chain(["color-base-300"]) {
            at_least(TEXT, &theme, "color-base-content", theme[base], base);
            at_least(TEXT, &theme, "muted", theme[base], base);
        }
    }
}

#[test]
fn buttons_badges_and_alerts_are_readable() {
    for theme in themes() {
        for kind in KINDS {
            let name = format!("color-{kind}");
            at_least(TEXT, &theme, &format!("{name}-content"), theme[&name], &name);
            for base in BASES {
                at_least(TEXT, &theme, &name, theme[base], base);
                at_least(TEXT, &theme, &name, tinted(theme[&name], theme[base]), "its own tint");
            }
        }
    }
}

#[test]
fn outlines_and_charts_are_visible() {
    for theme in themes() {
        let names = (1..=6).map(|n| format!("chart-{n}")).chain(["control".to_owned()]);
        for (name, base) in names.flat_map(|name| BASES.map(|base| (name.clone(), base))) {
            at_least(OUTLINE, &theme, &name, theme[base], base);
        }
    }
}
