//! The checker of accessibility that other people's audits use, run on the page as it stands. It knows how the checker is
//! called, not what is on the page.

use std::fs;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Page;

/// The version that is pinned, and what its file comes to. `xtask/src/axe.rs` installs it.
const VERSION: &str = "4.11.1";
const DIGEST: &str = "7dbfabdfc6062936d79c873ddbb5f811a1219fca3928bd8cc9dd81f1e65f4720";

/// Runs every rule; best practices are not rules of any standard, but what they find would be found by others too.
const RUN: &str = "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map((rule) => ({
    id: rule.id, help: rule.help, impact: rule.impact,
    nodes: rule.nodes.map((node) => node.target.flat().join(' ') + ': ' + node.failureSummary.replace(/\\s+/g, ' ')),
})))";

/// What the checker has against the page as it stands now, a line for each element.
pub fn findings(page: &Page) -> Vec<String> {
    if page.script("return typeof axe === 'object'") != true {
        page.browser.promised(&format!("{}; null", source()));
    }
    let found = page.browser.promised(RUN);
    let rules = found.as_array().map(Vec::as_slice).unwrap_or_default();
    rules.iter().flat_map(lines).collect()
}

fn lines(rule: &Value) -> Vec<String> {
    let nodes = rule["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    nodes
        .iter()
        .map(|node| format!("{}: {} {}", text(&rule["id"]), text(&rule["help"]), text(node)))
        .collect()
}

/// The checker, if it is the one that is pinned.
fn source() -> String {
    let file = crate::root().join(format!("target/tools/axe-core-{VERSION}/axe.min.js"));
    let Ok(source) = fs::read_to_string(&file) else {
        panic!(
            "axe-core {VERSION} is not in target/tools: `cargo xtask setup` puts it there, for which it needs npm"
        )
    };
    let digest: String = Sha256::digest(&source).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, DIGEST, "{} is not axe-core {VERSION}", file.display());
    source
}
