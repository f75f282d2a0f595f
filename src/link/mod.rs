//! What reaches the page from outside, and what it tells the outside: the address, and messages.
//!
//! Versioned formats, read and written here and nowhere else. Everything that arrives is untrusted: what is wrong
//! is said in a sentence, and changes nothing. Must not know the page, nor any protocol by name.

pub mod address;
pub mod embed;
pub mod message;
pub mod run;
