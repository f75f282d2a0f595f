//! Every sentence is there in both languages, with the same placeholders, and says consensus where it means it.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::protocols::PROTOCOLS;
use conclave::text::{Lang, Words, all, engine};
use std::collections::BTreeSet;

/// Every language is called by its own name.
const NAME_OF_THE_OTHER_LANGUAGE: &str = "OTHER_LANGUAGE";

/// The names between braces.
fn placeholders(template: &str) -> BTreeSet<&str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// What is said between the placeholders.
fn outside_braces(template: &str) -> impl Iterator<Item = char> + '_ {
    template.split('{').flat_map(|part| part.split_once('}').map_or(part, |(_, after)| after).chars())
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

/// Checks all sentences, and names every one that is not as it should be.
fn check(what: &str, holds: impl Fn(&Words) -> bool) {
    let wrong: Vec<String> = all()
        .filter(|words| !holds(words))
        .map(|words| format!("{}: {:?} / {:?}", words.key, words.en, words.zh))
        .collect();
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

#[test]
fn no_language_is_missing() {
    check("empty", |words| !words.en.trim().is_empty() && !words.zh.trim().is_empty());
    // What is the same in both is a name: the paper's word for a message, or nothing but placeholders.
    let is_name = |words: &Words| words.zh == words.en || words.key == NAME_OF_THE_OTHER_LANGUAGE;
    // What only joins others has marks of its own in each language, and no word.
    let joins = |words: &Words| !outside_braces(words.en).any(char::is_alphabetic);
    check("not translated", |words| words.zh.chars().any(is_chinese) || is_name(words) || joins(words));
    check("Chinese in the English", |words| !words.en.chars().any(is_chinese) || is_name(words));
}

#[test]
fn both_languages_ask_for_the_same() {
    check("placeholders differ", |words| placeholders(words.en) == placeholders(words.zh));
    let braces = |template: &str| template.matches('{').count() == template.matches('}').count();
    check("a brace is open", |words| braces(words.en) && braces(words.zh));
}

#[test]
fn a_single_sentence_has_no_full_stop() {
    let single = |template: &str, stop: &str| {
        let body = template.strip_suffix(stop);
        body.is_none_or(|body| body.contains(stop) || body.ends_with(stop))
    };
    check("full stop", |words| single(words.en, ".") && single(words.zh, "。"));
}

#[test]
fn labels_have_no_colon_and_no_space_around() {
    for lang in [Lang::En, Lang::Zh] {
        check("colon at the end", |words| !words.template(lang).ends_with([':', '：']));
        check("space around", |words| words.template(lang).trim() == words.template(lang));
    }
}

#[test]
fn consensus_and_consistency_are_not_mixed_up() {
    let says = |text: &str, word: &str| text.to_lowercase().contains(word);
    check("consensus is 共识", |words| says(words.en, "consensus") == words.zh.contains("共识"));
    check("一致性 is consistency", |words| !words.zh.contains("一致性") || says(words.en, "consisten"));
}

/// What a run says is known by its key, to tests and lessons that wait for it. The page's own words are not said by
/// a run.
#[test]
fn no_key_is_used_twice_in_a_run() {
    for protocol in PROTOCOLS {
        let mut seen = BTreeSet::new();
        for words in engine::ALL.iter().chain(protocol.words) {
            assert!(seen.insert(words.key), "{} is declared twice", words.key);
        }
    }
}
