//! The first version of a run as bytes. What it means must never change: links are for ever.
//!
//! First a sum by which damage is found, then the set-up, then where the reader stands, then the branches, so that of
//! a link that was cut off the beginning of the story is left. What has a name in files is written by that name, once,
//! and whatever is as it would be anyway is not written at all.

mod read;
mod write;

pub use read::read;
pub use write::write;

use crate::engine::digest::Digest;
use crate::engine::ids::{MAX_CLIENTS, MAX_NODES};
use crate::engine::options::{ENGINE, OptionSpec};
use crate::protocols::ProtocolInfo;
use std::hash::Hasher;

/// Two nodes share a byte, and so do a node and a client.
const _: () = assert!(MAX_NODES < 16 && MAX_CLIENTS <= 8);

/// What a deed does, in the low five bits of its first byte.
const DELIVER: u8 = 0;
const DROP: u8 = 1;
const DUPLICATE: u8 = 2;
const DELAY: u8 = 3;
const FIRE: u8 = 4;
const WIND: u8 = 5;
const CRASH: u8 = 6;
const RESTART: u8 = 7;
const PAUSE: u8 = 8;
const RESUME: u8 = 9;
const CUT: u8 = 10;
const HEAL: u8 = 11;
const REQUEST: u8 = 12;
const INJECT: u8 = 13;
const FILTER: u8 = 14;
const UNFILTER: u8 = 15;
const OPTION: u8 = 16;
const VARIANT: u8 = 17;
const KIND: u8 = 0x1f;
/// The clock let something happen before the deed.
const STEPS: u8 = 0x20;
/// Time passed before the deed.
const WAIT: u8 = 0x40;
/// The deed was done in the right one of two runs.
const BESIDE: u8 = 0x80;
/// A request has a number of its own.
const SEQ: u8 = 0x80;

fn sum(bytes: &[u8]) -> [u8; 2] {
    let mut digest = Digest::default();
    digest.write(bytes);
    ((digest.finish() >> 24) as u16).to_le_bytes()
}

fn specs(protocol: &ProtocolInfo) -> impl Iterator<Item = &'static OptionSpec> {
    ENGINE.iter().chain(protocol.options)
}
