//! What a reader chooses, and what is remembered: language and theme.

use conclave_e2e::{Look, Page, Site};

fn language(page: &Page) -> String {
    page.script("return document.documentElement.lang").as_str().unwrap_or_default().to_owned()
}

/// The ground that is painted behind everything.
fn ground(page: &Page) -> String {
    let colour = page.script("return getComputedStyle(document.documentElement).backgroundColor");
    colour.as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_language_is_switched_and_remembered() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    page.press("Pause");
    page.find("button", "Play");

    page.press("中文");
    page.find("button", "播放");
    assert!(!page.has("button", "Play"));

    page.browser.reload();
    page.wait_until_ready();
    assert!(language(&page).starts_with("zh"));
    page.find_where("播放 or 暂停", |named| named.is("button", "播放") || named.is("button", "暂停"));

    page.press("English");
    page.find_where("Play or Pause", |named| named.is("button", "Play") || named.is("button", "Pause"));
    assert!(language(&page).starts_with("en"));
}

#[test]
fn the_language_is_the_browsers_at_first() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look { language: "zh-CN", ..Look::default() });
    assert!(language(&page).starts_with("zh"));
    page.find("button", "English");
}

#[test]
fn the_address_chooses_before_the_browser() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?lang=zh&theme=dark", site.url()), Look::default());
    assert!(language(&page).starts_with("zh"));
    assert_eq!(ground(&page), DARK);
}

/// The paper of both themes, from the tokens.
const LIGHT: &str = "rgb(251, 250, 247)";
const DARK: &str = "rgb(20, 24, 29)";

#[test]
fn the_theme_follows_the_system_until_it_is_chosen_and_the_choice_is_remembered() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    assert_eq!(ground(&page), LIGHT);
    page.browser.show(Look { dark: true, ..Look::default() });
    page.wait("the system's dark theme", || ground(&page) == DARK);

    page.browser.show(Look::default());
    // One press where the button swaps two themes, two where it goes through three.
    page.press("Theme");
    if ground(&page) != DARK {
        page.press("Theme");
    }
    page.wait("the chosen dark theme", || ground(&page) == DARK);
    page.browser.reload();
    page.wait_until_ready();
    assert_eq!(ground(&page), DARK);
}
