//! What is asked of the checker, for the correct protocol and for every variant, in a small cluster: a scenario file each,
//! by the name of the variant; where there are several, what each is about follows the name. Only the list.

macro_rules! files {
    ($($key:literal),* $(,)?) => { &[$(($key, include_str!(concat!("checks/", $key, ".json")))),*] };
}

/// The checks: variant and text.
pub static CHECKS: &[(&str, &str)] = files![
    "standard",
    "standard-one-slot",
    "standard-two-slots",
    "standard-two-slots-nacks",
    "M-1",
    "M-2",
    "M-3",
    "M-4",
    "M-5",
    "M-6",
    "M-7",
    "M-7-stuck",
    "M-8",
    "M-9",
    "M-10",
    "M-11",
    "M-12",
    "M-13",
    "M-14",
    "M-15",
];
