//! Conclave: a laboratory for consensus algorithms in a web page.
//!
//! Reading order: [`engine`] is a deterministic world in which nodes exchange packets; [`protocols`] are the state
//! machines that run in it; [`scenario`] reads files and runs them without a page; [`text`] holds every sentence
//! for readers; [`scene`] says where things stand; [`export`] writes a run down in other formats; [`link`] reads what reaches the page from outside; `ui` is the page. `ARCHITECTURE.md` has the map.

pub mod engine;
pub mod export;
pub mod link;
pub mod protocols;
pub mod scenario;
pub mod scene;
pub mod text;
#[cfg(feature = "ui")]
pub mod ui;
