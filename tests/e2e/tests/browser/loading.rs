//! The page without its application: while it loads, when it cannot load, and after a panic.

use conclave_e2e::site::{self, Policy};
use conclave_e2e::{Fault, Look, Page, Site};

/// Opens the page and waits for an alert that begins with `sentence`.
fn assert_says(url: &str, look: Look, sentence: &str) -> Page {
    let page = Page::open(url, look);
    page.wait(&format!("an alert “{sentence}”"), || {
        let alert = page.script("return document.querySelector('[role=alert]')?.textContent");
        alert.as_str().is_some_and(|text| text.starts_with(sentence))
    });
    page
}

fn assert_faulty_host_says(fault: Fault, sentence: &str) -> Page {
    assert_says(&Site::faulty(fault).url(), Look::default(), sentence)
}

#[test]
fn a_missing_part_is_said() {
    for fault in [Fault::WasmMissing, Fault::WasmIsPage, Fault::ScriptMissing] {
        let page = assert_faulty_host_says(fault, "A part of this page is missing on its server.");
        page.find("button", "Try again");
    }
}

#[test]
fn a_download_that_breaks_off_is_said() {
    assert_faulty_host_says(Fault::WasmBreaksOff, "The download broke off.").find("button", "Try again");
}

#[test]
fn a_download_that_stalls_is_said() {
    let page = assert_faulty_host_says(Fault::WasmStalls, "The download has stopped moving.");
    page.find("button", "Try again");
}

#[test]
fn a_forbidding_policy_is_said() {
    let site = Site::guarded(Policy::WithoutWasm);
    assert_says(&site.url(), Look::default(), "The security policy of this site forbids");
}

#[test]
fn a_page_opened_from_a_file_says_what_to_do() {
    let file = site::folder().join("index.html").canonicalize().expect("dist/ is built");
    assert_says(
        &format!("file://{}", file.display()),
        Look::default(),
        "A browser does not run this page from a file.",
    );
}

#[test]
fn a_failure_is_said_in_the_readers_language() {
    let look = Look { language: "zh-CN", ..Look::default() };
    assert_says(&Site::faulty(Fault::WasmMissing).url(), look, "服务器上缺少本页面的一部分");
}

#[test]
fn a_panic_shows_a_report_to_copy_and_a_way_out() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    page.script("window.conclavePanic('the engine is wrong\\nat step 12')");
    page.find("alertdialog", "The simulation stopped");
    let report = page
        .script("return document.activeElement.id + ': ' + document.getElementById('panic-report').value");
    let report = report.as_str().unwrap_or_default();
    assert!(report.starts_with("panic-copy: the engine is wrong\nat step 12\n"), "{report}");
    assert!(report.contains(&site.url()), "{report}");

    page.press("Copy report");
    page.wait("a word that it is copied", || {
        page.script("return document.querySelector('#panic [role=status]').textContent") == "Copied"
    });
    page.press("Reload");
    page.wait("the page to be there again", || {
        page.script(
            "return document.documentElement.dataset.ready === '1' && !document.getElementById('panic').open",
        ) == true
    });
}
