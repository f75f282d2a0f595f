//! What was measured, as a table for people and as JSON for whoever compares. Knows no scene.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// One thing that was measured.
pub struct Row {
    /// What, in a few words.
    pub what: String,
    /// The figures, for people.
    pub measured: String,
    /// What is to be reached, where something is.
    pub goal: &'static str,
    /// Every number.
    pub numbers: Value,
}

/// The rows below each other, in the form in which docs/performance.md has them.
pub fn table(rows: &[Row]) -> String {
    let mut table = String::from("| what | measured | goal |\n|---|---|---|\n");
    for Row { what, measured, goal, .. } in rows {
        let goal = if goal.is_empty() { "–" } else { goal };
        let _ = writeln!(table, "| {what} | {measured} | {goal} |");
    }
    table
}

/// The rows with all their numbers.
pub fn json(rows: &[Row]) -> Value {
    let row = |row: &Row| json!({"what": row.what, "measured": row.measured, "goal": row.goal, "numbers": row.numbers});
    rows.iter().map(row).collect()
}

/// The value below which this many parts of a hundred lie, of values in ascending order.
pub fn percentile(ascending: &[f64], percent: usize) -> f64 {
    let rank = (ascending.len() * percent).div_ceil(100).max(1);
    ascending.get(rank - 1).copied().unwrap_or(f64::NAN)
}

/// In ascending order.
pub fn ascending(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let values = ascending(vec![3.0, 1.0, 2.0, 4.0]);
        assert_eq!(percentile(&values, 50), 2.0);
        assert_eq!(percentile(&values, 99), 4.0);
        assert_eq!(percentile(&[7.0], 50), 7.0);
        assert!(percentile(&[], 50).is_nan());
    }
}
