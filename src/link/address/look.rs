//! How much of the page is shown, and in which colours.

/// The theme that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// As the system.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];
    /// Their names, in the same order.
    pub const TAGS: [&'static str; 3] = ["auto", "light", "dark"];

    /// Its name in addresses and HTML.
    pub fn tag(self) -> &'static str {
        Theme::TAGS[self as usize]
    }

    /// The theme of this name.
    pub fn from_tag(tag: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.tag() == tag)
    }

    /// The one after it.
    pub fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }
}

/// How much of the page is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Depth {
    /// Everything.
    #[default]
    Full,
    /// The cluster, and the controls of time.
    Play,
    /// The cluster alone.
    Min,
}

impl Depth {
    /// Every depth.
    pub const ALL: [Depth; 3] = [Depth::Full, Depth::Play, Depth::Min];
    /// Their names, in the same order.
    pub const TAGS: [&'static str; 3] = ["full", "play", "min"];

    /// Its name in addresses and HTML.
    pub fn tag(self) -> &'static str {
        Depth::TAGS[self as usize]
    }
}
