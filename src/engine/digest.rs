//! A digest of a state that is the same on every platform.
//!
//! FNV-1a, because the standard library's hasher may change with a release; `usize` is widened, because it is
//! 32 bits wide in wasm and 64 natively. Must not know what it digests.

use std::hash::{Hash, Hasher};

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// A portable hasher.
#[derive(Clone, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(OFFSET)
    }
}

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }

    fn write_u16(&mut self, value: u16) {
        self.write(&value.to_le_bytes());
    }

    fn write_u32(&mut self, value: u32) {
        self.write(&value.to_le_bytes());
    }

    fn write_u64(&mut self, value: u64) {
        self.write(&value.to_le_bytes());
    }

    fn write_u128(&mut self, value: u128) {
        self.write(&value.to_le_bytes());
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as i64 as u64);
    }
}

/// The digest of one value.
pub fn digest_of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut digest = Digest::default();
    value.hash(&mut digest);
    digest.finish()
}

/// A digest of things whose order does not matter, such as the packets in flight. Each is mixed before
/// it is added, so that related digests do not cancel out.
pub fn digest_of_bag(digests: impl Iterator<Item = u64>) -> u64 {
    digests.fold(0, |sum, digest| sum.wrapping_add(digest_of(&digest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_that_differ_between_platforms_are_widened() {
        assert_eq!(digest_of(&3_usize), digest_of(&3_u64));
        assert_eq!(digest_of(&-3_isize), digest_of(&-3_i64));
    }

    #[test]
    fn a_bag_has_no_order_but_counts() {
        let bag = |items: &[u64]| digest_of_bag(items.iter().copied());
        assert_eq!(bag(&[1, 2, 3]), bag(&[3, 1, 2]));
        assert_ne!(bag(&[1, 2]), bag(&[1, 2, 2]));
    }
}
