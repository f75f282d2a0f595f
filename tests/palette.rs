//! The palette, recomputed from the tokens: contrast on paper, and roles that everybody can tell apart.
//!
//! The distances of the style guide (at least 19) come out with CIEDE2000 after Sharma, Wu and Dalal (2005) and
//! with the dichromacy matrices of Machado, Oliveira and Fernandes (2009, severity 1) applied to *linear* RGB. Five
//! roles are compared: crashed is the ink of a follower, faded, and told apart by its hollow, dashed outline.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::fs;

/// Red, green, blue: linear, from 0 to 1.
type Rgb = [f64; 3];
/// Lightness, green to red, blue to yellow.
type Lab = [f64; 3];
type Matrix = [[f64; 3]; 3];

const ROLES: [&str; 5] = ["ink", "candidate", "leader", "decided", "conflict"];
const THEMES: [usize; 2] = [0, 1];
const LEAST_DISTANCE: f64 = 19.0;

const NORMAL: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
const PROTAN: Matrix =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
const DEUTAN: Matrix =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
const TRITAN: Matrix =
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]];
/// From linear sRGB to XYZ under D65.
const XYZ: Matrix =
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]];
const WHITE: [f64; 3] = [0.95047, 1.0, 1.08883];

/// The colour of a token: 0 is light, 1 is dark.
fn token(name: &str, theme: usize) -> Rgb {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/style/tokens.css");
    let tokens = fs::read_to_string(path).unwrap();
    let declared =
        tokens.split(&format!("--{name}:")).nth(1).unwrap_or_else(|| panic!("--{name} is missing"));
    let value = declared.split(';').next().unwrap_or_default();
    rgb(value.split('#').nth(theme + 1).unwrap_or_else(|| panic!("--{name} has no second colour")))
}

fn rgb(hex: &str) -> Rgb {
    let channel = |place: usize| f64::from(u8::from_str_radix(&hex[place..place + 2], 16).unwrap()) / 255.0;
    [0, 2, 4].map(|place| match channel(place) {
        dark if dark <= 0.04045 => dark / 12.92,
        light => ((light + 0.055) / 1.055).powf(2.4),
    })
}

fn times(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(weight, value)| weight * value).sum())
}

/// As WCAG 2 defines it.
fn contrast(one: Rgb, two: Rgb) -> f64 {
    let luminance = |[red, green, blue]: Rgb| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (one, two) = (luminance(one), luminance(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

fn lab(colour: Rgb) -> Lab {
    let cubic = |value: f64| match value {
        small if small <= (6.0_f64 / 29.0).powi(3) => small / (3.0 * (6.0_f64 / 29.0).powi(2)) + 4.0 / 29.0,
        large => large.cbrt(),
    };
    let xyz = times(&XYZ, colour);
    let [x, y, z] = [0, 1, 2].map(|place| cubic(xyz[place] / WHITE[place]));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn seen(colour: Rgb, eye: &Matrix) -> Lab {
    lab(times(eye, colour).map(|channel| channel.clamp(0.0, 1.0)))
}

/// CIEDE2000, with the names of Sharma, Wu and Dalal.
fn difference([l1, a1, b1]: Lab, [l2, a2, b2]: Lab) -> f64 {
    let weight = |chroma: f64| (chroma.powi(7) / (chroma.powi(7) + 25.0_f64.powi(7))).sqrt();
    let g = 0.5 * (1.0 - weight((a1.hypot(b1) + a2.hypot(b2)) / 2.0));
    let (a1, a2) = (a1 * (1.0 + g), a2 * (1.0 + g));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let (h1, h2) = (b1.atan2(a1).to_degrees().rem_euclid(360.0), b2.atan2(a2).to_degrees().rem_euclid(360.0));
    let turn = (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0;
    let dh = if c1 * c2 == 0.0 { 0.0 } else { 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin() };
    let (dl, dc) = (l2 - l1, c2 - c1);
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let h = match (h1 - h2).abs() {
        _ if c1 * c2 == 0.0 => h1 + h2,
        apart if apart <= 180.0 => (h1 + h2) / 2.0,
        _ if h1 + h2 < 360.0 => (h1 + h2 + 360.0) / 2.0,
        _ => (h1 + h2 - 360.0) / 2.0,
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
        - 0.20 * cos(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let bend = 60.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let rt = -bend.to_radians().sin() * 2.0 * weight(c);
    let (dl, dc, dh) = (dl / sl, dc / sc, dh / sh);
    (dl * dl + dc * dc + dh * dh + rt * dc * dh).sqrt()
}

/// From the test data that Sharma, Wu and Dalal give with the formula.
#[test]
fn the_distance_is_the_published_one() {
    let cases = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 2.5, 0.0], [50.0, 0.0, -2.5], 4.3065),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
        ([50.0, -1.0, 2.0], [50.0, 0.0, 0.0], 2.3669),
    ];
    for (one, two, expected) in cases {
        assert!((difference(one, two) - expected).abs() < 1e-4, "{one:?} {two:?}");
    }
}

#[test]
fn shapes_stand_out_from_the_paper() {
    for theme in THEMES {
        for name in ROLES.into_iter().chain(["crashed", "line"]) {
            let found = contrast(token(name, theme), token("paper", theme));
            assert!(3.0 <= found, "--{name} has {found:.2}:1 in theme {theme}");
        }
    }
}

#[test]
fn text_can_be_read() {
    for theme in THEMES {
        for (text, ground) in
            [("ink", "paper"), ("ink", "wash"), ("ink", "decided-bg"), ("ink-2", "paper"), ("ink-2", "wash")]
        {
            let found = contrast(token(text, theme), token(ground, theme));
            assert!(4.5 <= found, "--{text} on --{ground} has {found:.2}:1 in theme {theme}");
        }
    }
}

#[test]
fn every_pair_of_roles_stays_apart_for_every_eye() {
    for theme in THEMES {
        for (eye, name) in [(NORMAL, "normal"), (PROTAN, "protan"), (DEUTAN, "deutan"), (TRITAN, "tritan")] {
            for (place, one) in ROLES.iter().enumerate() {
                for two in &ROLES[place + 1..] {
                    let found = difference(seen(token(one, theme), &eye), seen(token(two, theme), &eye));
                    assert!(
                        LEAST_DISTANCE <= found,
                        "--{one} and --{two} are {found:.1} apart for {name} eyes in theme {theme}"
                    );
                }
            }
        }
    }
}
