//! What end-to-end tests are made of: the site, served with or without faults ([`site`]); a browser that shows it
//! ([`browser`]); the page, found by what assistive technology finds ([`page`], [`named`]), pressed and dragged
//! ([`hands`]), and looked over by a checker of accessibility ([`axe`]). It knows the page's
//! public interface and no source of it: what these tests see is what a reader sees.
//!
//! Calls block and panic. A test that cannot go on should stop where it stands, with a picture of the page.

pub mod axe;
pub mod browser;
pub mod hands;
pub mod named;
pub mod page;
pub mod site;

use std::path::{Path, PathBuf};

pub use browser::{Browser, Look};
pub use named::{Named, NodeName};
pub use page::Page;
pub use site::{Fault, Site};

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).to_path_buf()
}
