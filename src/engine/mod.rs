//! The engine: a deterministic world of nodes, packets and timers. Knows no protocol and no page.
//!
//! Reading order: [`ids`] and [`plain`] are the vocabulary; [`protocol`] says what a node is and what it may ask
//! for; [`action`] what can happen; [`world`] makes it happen, over a [`spine`] that is the same for every
//! protocol; [`invariant`] is checked after each step; [`history`] keeps the past and its branches, [`trace`] what each
//! action left behind, [`chronicle`] a whole run by packets and nodes;
//! [`describe`], [`frame`], [`tell`] and [`show`] turn it into plain data; [`session`] is what others hold of it
//! all, and [`catalog`] how they begin one; a [`pair`] is two of them on one clock, and [`counts`] what each has cost.

pub mod action;
pub mod beside;
pub mod catalog;
pub mod check;
pub mod chronicle;
pub mod client;
pub mod counts;
pub mod describe;
pub mod digest;
pub mod frame;
pub mod history;
pub mod ids;
pub mod invariant;
pub mod menu;
pub mod options;
pub mod pair;
pub mod plain;
pub mod protocol;
pub mod rng;
pub mod session;
pub mod show;
pub mod spine;
pub mod tell;
pub mod trace;
pub mod world;
