//! Whether anything can still come of a state.
//!
//! Must not know any protocol, nor how states are searched.

use super::Checked;
use super::model::{Sight, Worlds};

/// Placeholder.
pub(super) fn is_stuck<P: Checked>(_model: &Worlds<P>, _state: &Sight<P>) -> bool {
    false
}
