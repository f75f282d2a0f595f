//! How a page of somebody else holds a cluster: the lines to copy, for the kinds of pages that teachers write.
//!
//! Made from the same table as the address. Must not know the page, nor any protocol by name.

use super::address::{Address, PARAMETERS};
use crate::text::Words;
use crate::text::link as say;

/// What is written out where neither a scenario nor a link brings it.
const FIXED: [&str; 3] = ["algo", "nodes", "seed"];

/// A kind of page that can hold a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Host {
    /// A page whose HTML may have scripts.
    Element,
    /// A page whose HTML may have none.
    Frame,
    /// Markdown that lets HTML through, such as mdBook.
    Markdown,
    /// Slides of reveal.js.
    Reveal,
    /// A Jupyter notebook.
    Jupyter,
    /// MDX, such as Docusaurus.
    Docusaurus,
    /// A learning platform that filters what authors write, such as Moodle.
    Moodle,
}

impl Host {
    /// All of them.
    pub const ALL: [Host; 7] = [
        Host::Element,
        Host::Frame,
        Host::Markdown,
        Host::Reveal,
        Host::Jupyter,
        Host::Docusaurus,
        Host::Moodle,
    ];

    /// What readers call it.
    pub const fn name(self) -> &'static Words {
        match self {
            Host::Element => &say::HOST_ELEMENT,
            Host::Frame => &say::HOST_FRAME,
            Host::Markdown => &say::HOST_MARKDOWN,
            Host::Reveal => &say::HOST_REVEAL,
            Host::Jupyter => &say::HOST_JUPYTER,
            Host::Docusaurus => &say::HOST_DOCUSAURUS,
            Host::Moodle => &say::HOST_MOODLE,
        }
    }
}

/// What is to be shown in somebody else's page.
pub struct Embed<'a> {
    /// The address of the page without parameters, such as `https://example.org/conclave/`.
    pub page: &'a str,
    /// What the parameters say.
    pub address: Address,
    /// What stands behind the `#`; empty where the parameters say everything.
    pub hash: &'a str,
    /// What assistive technology calls it.
    pub title: &'a str,
    /// How high it is, in CSS pixels.
    pub height: u32,
}

impl Embed<'_> {
    /// The address that a frame loads.
    pub fn url(&self) -> String {
        let query: String = self.pairs().iter().map(|(name, value)| format!("{name}={value}&")).collect();
        let hash = if self.hash.is_empty() { String::new() } else { format!("#{}", self.hash) };
        format!("{}?{query}embed=1{hash}", self.page)
    }

    /// Every parameter to be written out: what the page does by default today it may not do for ever.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.address.pairs();
        let fixed = PARAMETERS.iter().filter(|parameter| FIXED.contains(&parameter.name));
        for parameter in fixed.filter(|_| self.address.scenario.is_none() && self.hash.is_empty()) {
            if pairs.iter().all(|(name, _)| *name != parameter.name) {
                pairs.extend(parameter.value(&self.address).map(|value| (parameter.name, value)));
            }
        }
        pairs.retain(|(name, _)| *name != "embed");
        pairs
    }

    /// The lines for a kind of page.
    pub fn snippet(&self, host: Host) -> String {
        let (url, title, height) = (escaped(&self.url()), escaped(self.title), self.height);
        match host {
            Host::Element => self.element(),
            Host::Frame | Host::Markdown => format!(
                "<iframe src=\"{url}\" title=\"{title}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" \
                 allow=\"fullscreen; clipboard-write\" style=\"border:0\"></iframe>\n"
            ),
            Host::Reveal => format!(
                "<section>\n  <iframe data-src=\"{url}\" title=\"{title}\" width=\"960\" height=\"{height}\" \
                 allow=\"fullscreen\" style=\"border:0\"></iframe>\n</section>\n"
            ),
            Host::Jupyter => format!(
                "from IPython.display import IFrame\n\nIFrame({:?}, width=\"100%\", height={height})\n",
                self.url()
            ),
            Host::Docusaurus => format!(
                "<iframe src=\"{url}\" title=\"{title}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" \
                 allow=\"fullscreen; clipboard-write\" style={{{{border: 0}}}} />\n"
            ),
            // Such platforms drop styles and attributes that they do not know, and with some of them the whole frame.
            Host::Moodle => format!(
                "<iframe src=\"{url}\" title=\"{title}\" width=\"100%\" height=\"{height}\"></iframe>\n"
            ),
        }
    }

    fn element(&self) -> String {
        let base = self.page.rsplit_once('/').map_or(self.page, |(base, _)| base);
        let mut attributes = self.pairs();
        if !self.hash.is_empty() {
            attributes.push(("hash", self.hash.to_string()));
        }
        attributes.push(("title", self.title.to_string()));
        let attributes: String =
            attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escaped(value))).collect();
        let (base, url, title) = (escaped(base), escaped(&self.url()), escaped(self.title));
        format!(
            "<script type=\"module\" src=\"{base}/embed.js\"></script>\n\
             <conclave-lab{attributes}><a href=\"{url}\">{title}</a></conclave-lab>\n"
        )
    }
}

/// As an attribute or text of HTML; of MDX too, which reads braces only outside of quotes.
fn escaped(text: &str) -> String {
    let mut html = String::new();
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
    html
}
