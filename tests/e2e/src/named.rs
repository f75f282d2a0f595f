//! What assistive technology finds on a page: things with a role and a name. It reads the browser's own accessibility
//! tree, so that what has no name there has none here. It knows the names in the public interface, and no markup.

use std::collections::HashMap;

use serde_json::Value;

/// A thing with a role and a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its role, as ARIA calls it.
    pub role: String,
    /// Its accessible name, with spaces collapsed.
    pub name: String,
    /// How the browser knows its element.
    pub element: u64,
}

/// What the name of a node on the stage says: "Node 1, leader, term 3" or "Node 1, crashed".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeName {
    /// Which node, counted from 1.
    pub node: u32,
    /// Its role, or that it is crashed or paused.
    pub state: String,
    /// Its term, where the name tells it.
    pub term: Option<u64>,
}

impl Named {
    /// All that a tree names, in the order of the page.
    pub fn all_of(tree: &Value) -> Vec<Self> {
        let nodes = tree["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
        nodes.iter().filter(|node| node["ignored"] != true).filter_map(Self::of).collect()
    }

    /// All that a tree names below the group called `group`, in the order of the page.
    pub fn all_below(tree: &Value, group: &str) -> Vec<Self> {
        let nodes = tree["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
        let by_id: HashMap<&str, &Value> =
            nodes.iter().filter_map(|node| Some((node["nodeId"].as_str()?, node))).collect();
        let is_group = |node: &&Value| Self::of(node).is_some_and(|named| named.is("group", group));
        let mut found = Vec::new();
        let mut ahead: Vec<&Value> = nodes.iter().find(is_group).into_iter().collect();
        while let Some(node) = ahead.pop() {
            if node["ignored"] != true {
                found.extend(Self::of(node));
            }
            let children = node["childIds"].as_array().map(Vec::as_slice).unwrap_or_default();
            ahead.extend(children.iter().rev().filter_map(|id| by_id.get(id.as_str()?)));
        }
        found
    }

    /// What a tree says has the focus: the innermost thing that does.
    pub fn focused(tree: &Value) -> Option<Self> {
        let nodes = tree["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
        let has_focus = |node: &&Value| {
            let properties = node["properties"].as_array().map(Vec::as_slice).unwrap_or_default();
            properties
                .iter()
                .any(|property| property["name"] == "focused" && property["value"]["value"] == true)
        };
        nodes.iter().rev().find(has_focus).and_then(Self::of)
    }

    /// Whether it is a `role` called exactly `name`.
    pub fn is(&self, role: &str, name: &str) -> bool {
        self.role == role && self.name == name
    }

    fn of(node: &Value) -> Option<Self> {
        let role = node["role"]["value"].as_str()?.to_owned();
        let name = node["name"]["value"].as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
        let element = node["backendDOMNodeId"].as_u64()?;
        Some(Self { role, name, element })
    }
}

impl NodeName {
    /// Reads the name of a node's button.
    pub fn parse(name: &str) -> Option<Self> {
        let mut parts = name.strip_prefix("Node ")?.split(", ");
        let node = parts.next()?.parse().ok()?;
        let state = parts.next()?.to_owned();
        let term = parts.find_map(|part| part.strip_prefix("term ")?.parse().ok());
        Some(Self { node, state, term })
    }

    /// Whether the node leads.
    pub fn leads(&self) -> bool {
        self.state == "leader"
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_group_holds_what_is_below_it() {
        let named = |id: &str, role: &str, name: &str, children: Value| {
            let (role, name) = (json!({"value": role}), json!({"value": name}));
            json!({"nodeId": id, "role": role, "name": name, "childIds": children, "backendDOMNodeId": 1})
        };
        let tree = json!({"nodes": [
            named("1", "main", "", json!(["2", "5"])),
            named("2", "group", "Cluster", json!(["3", "4"])),
            named("3", "button", "first", json!([])),
            named("4", "button", "second", json!([])),
            named("5", "button", "elsewhere", json!([])),
        ]});
        let names: Vec<String> =
            Named::all_below(&tree, "Cluster").into_iter().map(|named| named.name).collect();
        assert_eq!(names, ["Cluster", "first", "second"]);
    }

    #[test]
    fn the_names_of_nodes_are_read() {
        let leader = NodeName { node: 3, state: "leader".into(), term: Some(12) };
        assert_eq!(NodeName::parse("Node 3, leader, term 12"), Some(leader));
        assert_eq!(NodeName::parse("Node 1, crashed").map(|name| name.term), Some(None));
        assert_eq!(NodeName::parse("Link 1–2"), None);
    }
}
