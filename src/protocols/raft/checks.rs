//! What is asked of the checker, for the correct protocol and for every variant, in a small cluster: a scenario file each,
//! by the name of the variant; where there are several, what each is about follows the name. Only the list.

macro_rules! files {
    ($($key:literal),* $(,)?) => { &[$(($key, include_str!(concat!("checks/", $key, ".json")))),*] };
}

/// The checks: variant and text.
pub static CHECKS: &[(&str, &str)] = files![
    "standard",
    "standard-log-matching",
    "standard-commit-rule",
    "R-1",
    "R-3",
    "R-5",
    "R-5-figure-8",
    "R-8",
];
