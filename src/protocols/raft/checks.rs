//! What is asked of the checker, for the correct protocol and for every variant, in a small cluster: a scenario file each,
//! by the name of the variant. Only the list.

/// The checks: variant and text.
pub static CHECKS: &[(&str, &str)] =
    &[("standard", include_str!("checks/standard.json")), ("R-1", include_str!("checks/r1.json"))];
