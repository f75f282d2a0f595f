//! Words for readers, in every language at once.
//!
//! A sentence is declared with all its languages on the spot, by [`words!`], so that a missing translation does
//! not compile. The engine and the protocols speak in [`Text`]: a sentence and its arguments, without a
//! language. Must not know where the words are shown.

pub mod check;
pub mod engine;
pub mod export;
pub mod link;
pub mod menu;
pub mod page;
pub mod topic;

/// A language of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Every language.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// Its tag in URLs and HTML.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// The language of a tag such as `zh-CN`, if it is one of ours.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        match tag.split(['-', '_']).next() {
            Some("en") => Some(Lang::En),
            Some("zh") => Some(Lang::Zh),
            _ => None,
        }
    }
}

/// One sentence or label in all languages; `{name}` stands for an argument.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// Its name in the program, stable enough for a test to wait for.
    pub key: &'static str,
    /// In English.
    pub en: &'static str,
    /// In Simplified Chinese.
    pub zh: &'static str,
}

impl Words {
    /// The template in a language.
    pub const fn template(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// The sentence with an argument.
    pub fn with(&'static self, name: &'static str, arg: impl Into<Arg>) -> Text {
        Text::from(self).with(name, arg)
    }
}

/// Declares sentences: `NAME: "English", "中文";`. All are listed in `ALL`, for the tests.
#[macro_export]
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $en:literal, $zh:literal;)*) => {
        $(
            $(#[$doc])*
            #[doc = $en]
            pub static $name: $crate::text::Words =
                $crate::text::Words { key: stringify!($name), en: $en, zh: $zh };
        )*
        /// Every sentence declared here.
        pub static ALL: &[&$crate::text::Words] = &[$(&$name),*];
    };
}

/// A sentence with its arguments, not yet in any language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The sentence.
    pub words: &'static Words,
    /// What its placeholders stand for.
    pub args: Vec<(&'static str, Arg)>,
}

impl Text {
    /// The same with one more argument.
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Text {
        self.args.push((name, arg.into()));
        self
    }

    /// In a language.
    pub fn say(&self, lang: Lang) -> String {
        let mut said = String::new();
        let mut rest = self.words.template(lang);
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, behind)) = after.split_once('}') else { break };
            match self.args.iter().find(|(arg, _)| *arg == name) {
                Some((_, arg)) => said.push_str(&arg.say(lang)),
                None => said.push_str(name),
            }
            rest = behind;
        }
        said.push_str(rest);
        said
    }
}

impl From<&'static Words> for Text {
    fn from(words: &'static Words) -> Text {
        Text { words, args: Vec::new() }
    }
}

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A number.
    Int(i64),
    /// A name that is the same in every language.
    Name(String),
    /// Another sentence or label.
    Text(Text),
}

impl Arg {
    fn say(&self, lang: Lang) -> String {
        match self {
            Arg::Int(number) => number.to_string(),
            Arg::Name(name) => name.clone(),
            Arg::Text(text) => text.say(lang),
        }
    }
}

macro_rules! arg_from {
    ($($number:ty),*) => {$(
        impl From<$number> for Arg {
            fn from(number: $number) -> Arg {
                Arg::Int(number as i64)
            }
        }
    )*};
}
arg_from!(i64, u64, u32, u16, u8, usize);

macro_rules! arg_from_name {
    ($($name:ty),*) => {$(
        impl From<$name> for Arg {
            fn from(name: $name) -> Arg {
                Arg::Name(name.to_string())
            }
        }
    )*};
}
arg_from_name!(
    &str,
    String,
    crate::engine::ids::NodeId,
    crate::engine::ids::ClientId,
    crate::engine::ids::MemberId,
    crate::engine::ids::Micros,
    crate::engine::ids::Stamp
);

impl From<Text> for Arg {
    fn from(text: Text) -> Arg {
        Arg::Text(text)
    }
}

impl From<&'static Words> for Arg {
    fn from(words: &'static Words) -> Arg {
        Arg::Text(words.into())
    }
}

/// Every sentence of the program, for the tests that compare the languages.
pub fn all() -> impl Iterator<Item = &'static Words> {
    let protocols = crate::protocols::PROTOCOLS.iter().flat_map(|protocol| protocol.words.iter());
    let own = [check::ALL, engine::ALL, export::ALL, link::ALL, menu::ALL, page::ALL, topic::ALL];
    own.into_iter().flatten().copied().chain(protocols.copied())
}
