//! What a checker of accessibility has against the page: nothing, whatever it shows, in both themes and languages.

use conclave_e2e::{Look, NodeName, Page, Site, axe};

fn assert_clean(page: &Page, when: &str) {
    let findings = axe::findings(page);
    assert!(findings.is_empty(), "{when}: {} findings\n{}", findings.len(), findings.join("\n"));
}

/// The page through all that it shows.
fn look_over(look: Look) {
    let chinese = look.language.starts_with("zh");
    let say = |en: &'static str, zh: &'static str| if chinese { zh } else { en };
    let site = Site::release();
    let page = Page::ready(&site.url(), look);
    if chinese {
        page.wait("a leader", || {
            page.script("return document.querySelector('.node.primary, [aria-label*=\"领导者\"]') !== null")
                == true
        });
    } else {
        page.wait_for_node("a leader", NodeName::leads);
    }
    assert_clean(&page, "playing");

    page.press(say("Send a request", "发送请求"));
    page.press(say("Pause", "暂停"));
    page.script("document.querySelector('[data-log-node=\"2\"] button').click()");
    assert_clean(&page, "paused, a node chosen");

    page.script("document.querySelector('.caption button').click()");
    page.press(say("Partition", "分区"));
    assert_clean(&page, "with what was said earlier, and the sides of a partition");

    page.press(say("Options", "选项"));
    let options = say("Options", "选项");
    page.find_where("the options", |thing| thing.role == "heading" && thing.name.starts_with(options));
    assert_clean(&page, "with the options");

    // By its key: on a phone its button may lie below the controls of time.
    page.key("g");
    page.wait("the diagram", || {
        page.script("return document.querySelector('.diagram [data-key]') !== null") == true
    });
    page.script("document.querySelector('.saving .btn').click()");
    assert_clean(&page, "with the diagram and its formats");

    page.key("j");
    page.wait("the menu", || page.script("return document.querySelector('.menu li') !== null") == true);
    page.script(
        "document.querySelectorAll('.menu h3 button[aria-expanded=false]').forEach((fold) => fold.click())",
    );
    assert_clean(&page, "with the menu of what could happen next");

    // Its button is not there where there is no keyboard.
    page.key("?");
    page.find("dialog", say("Keys", "快捷键"));
    assert_clean(&page, "with the keys");

    page.script("document.querySelector('dialog[open]').close()");
    page.script("document.querySelector('header [aria-haspopup=dialog]:not(.scenario)').click()");
    page.find("textbox", say("Lines to copy", "要复制的代码"));
    assert_clean(&page, "with what can be shared");
    page.script(
        "document.querySelector('dialog[open]').close(); document.querySelector('header .scenario').click()",
    );
    page.wait("cards", || page.script("return 4 < document.querySelectorAll('.card').length") == true);
    assert_clean(&page, "with the gallery");

    page.browser.open(&format!("{}?puzzle=R-1", site.url()));
    page.wait_until_ready();
    page.wait("the challenge", || {
        page.script("return document.querySelector('.challenge') !== null") == true
    });
    assert_clean(&page, "with a challenge");

    page.browser.open(&format!("{}?scenario=r3-ignores-log&speed=10&autoplay=1", site.url()));
    page.wait_until_ready();
    page.wait("the broken promise", || {
        page.script("return document.querySelector('.broken-promise') !== null") == true
    });
    assert_clean(&page, "after a violation");
}

#[test]
fn nothing_is_found_on_a_desktop() {
    look_over(Look::default());
}

#[test]
fn nothing_is_found_in_the_dark() {
    look_over(Look { dark: true, ..Look::default() });
}

#[test]
fn nothing_is_found_on_a_phone() {
    look_over(Look::phone());
}

#[test]
fn nothing_is_found_in_chinese_in_the_dark() {
    look_over(Look { language: "zh-CN", dark: true, ..Look::default() });
}

#[test]
fn nothing_is_found_at_the_least_depth() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?ui=min&embed=1", site.url()), Look::phone());
    page.wait_for_node("a leader", NodeName::leads);
    assert_clean(&page, "ui=min");
}

#[test]
fn what_is_wrong_is_found() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?autoplay=0", site.url()), Look::default());
    page.script("document.querySelector('.transport .play').removeAttribute('aria-label')");
    let findings = axe::findings(&page);
    assert!(findings.iter().any(|finding| finding.starts_with("button-name")), "{findings:?}");
}
