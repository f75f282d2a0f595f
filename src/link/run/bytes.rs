//! Bytes as links write them: numbers in as few as they need, and every text once.
//!
//! By hand, because the format has to stay what it is for ever, whatever a library makes of it. Must not know what is
//! written.

/// Writes.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
    texts: Vec<String>,
}

/// Reads what a [`Writer`] wrote; every method gives nothing at the end, or where the bytes mean nothing.
pub struct Reader<'a> {
    bytes: &'a [u8],
    texts: Vec<String>,
}

/// A number as large as its distance from 0, so that small negative ones are short too.
fn folded(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unfolded(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

impl Writer {
    /// All that was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A number: seven bits a byte, the lowest first, the top bit set in all but the last (LEB128).
    pub fn number(&mut self, mut number: u64) {
        while 0x80 <= number {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// How many, or which place.
    pub fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    /// A number that may be negative.
    pub fn signed(&mut self, number: i64) {
        self.number(folded(number));
    }

    /// A text: twice its place among those that were written before; or twice its length and one, and the text.
    pub fn text(&mut self, text: &str) {
        if let Some(place) = self.texts.iter().position(|known| known == text) {
            return self.count(place << 1);
        }
        self.count(text.len() << 1 | 1);
        self.raw(text.as_bytes());
        self.texts.push(text.to_string());
    }

    /// Something that may not be there.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

impl<'a> Reader<'a> {
    /// Of these bytes.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, texts: Vec::new() }
    }

    /// Whether everything was read.
    pub fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.raw(1)?.first().copied()
    }

    /// So many bytes as they are.
    pub fn raw(&mut self, count: usize) -> Option<&'a [u8]> {
        let (raw, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(raw)
    }

    /// A number.
    pub fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }

    /// How many, or which place.
    pub fn count(&mut self) -> Option<usize> {
        self.number()?.try_into().ok()
    }

    /// A number that may be negative.
    pub fn signed(&mut self) -> Option<i64> {
        self.number().map(unfolded)
    }

    /// A text.
    pub fn text(&mut self) -> Option<String> {
        let number = self.count()?;
        if number & 1 == 0 {
            return self.texts.get(number >> 1).cloned();
        }
        let text = String::from_utf8(self.raw(number >> 1)?.to_vec()).ok()?;
        self.texts.push(text.clone());
        Some(text)
    }

    /// Something that may not be there.
    pub fn option<T>(&mut self, read: impl FnOnce(&mut Reader<'a>) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            1 => read(self).map(Some),
            _ => None,
        }
    }

    /// Values, one after the other, after their count.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Reader<'a>) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        // No capacity is taken for a count that nobody has checked.
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(read(self)?);
        }
        Some(list)
    }
}
