//! A reader's hands: keys as a keyboard sends them, a pointer that is pressed, moved and let go, and the messages with
//! which the page can be asked. It knows the names of keys and nothing of what they do.

use serde_json::{Value, json};

use crate::{Named, Page};

/// How the browser's developer tools write that Shift is held.
const SHIFT: u32 = 8;
/// How many moves make a drag.
const MOVES: u32 = 8;

/// Asks the page through its public messages, as a script in it could.
const ASK: &str = "new Promise((resolve, reject) => {
    const message = MESSAGE;
    addEventListener('message', function heed({ data }) {
        if (data?.id !== message.id || !('result' in data || 'error' in data)) return;
        removeEventListener('message', heed);
        'error' in data ? reject(new Error(data.error)) : resolve(data.result);
    });
    postMessage(message, '*');
})";

impl Page {
    /// Presses a key of this name on whatever has the focus; `Shift+` before it holds that key meanwhile.
    pub fn key(&self, key: &str) {
        let (key, modifiers) = key.strip_prefix("Shift+").map_or((key, 0), |key| (key, SHIFT));
        // A button is pressed by what a key types, not by the key.
        let (down, text) = match key {
            "Enter" => ("keyDown", "\r"),
            " " => ("keyDown", " "),
            _ => ("rawKeyDown", ""),
        };
        for kind in [down, "keyUp"] {
            let event = json!({
                "type": kind, "key": key, "code": key, "text": text, "modifiers": modifiers,
                "windowsVirtualKeyCode": number_of(key),
            });
            self.browser.devtools("Input.dispatchKeyEvent", event);
        }
    }

    /// Writes a text over what stands in a field, and leaves it with the enter key.
    pub fn write(&self, field: &Named, text: &str) {
        self.call(field, "function () { this.focus(); this.select(); }");
        self.browser.devtools("Input.insertText", json!({"text": text}));
        self.key("Enter");
    }

    /// Picks the option of a list that is written so.
    pub fn pick(&self, list: &Named, option: &str) {
        let picked = self.call(
            list,
            &format!(
                "function () {{
                    const option = [...this.options].find((option) => option.text.trim() === {});
                    if (!option) return [...this.options].map((option) => option.text);
                    this.value = option.value;
                    this.dispatchEvent(new Event('change', {{ bubbles: true }}));
                    return true;
                }}",
                json!(option)
            ),
        );
        assert_eq!(picked, true, "“{option}” is no option of “{}”", list.name);
    }

    /// What has the focus, waited for.
    pub fn focused(&self) -> Named {
        self.wait_for("something to have the focus", || Named::focused(&self.tree()))
    }

    /// Gives a thing the focus, as assistive technology does.
    pub fn focus(&self, thing: &Named) {
        self.browser.devtools("DOM.focus", json!({"backendNodeId": thing.element}));
    }

    /// Presses the pointer at one point, moves it to another and does something before it lets go.
    pub fn drag(&self, from: (f64, f64), to: (f64, f64), before_letting_go: impl FnOnce()) {
        let event = |kind: &str, (x, y): (f64, f64), buttons: u32| {
            let button = if kind == "mouseMoved" && buttons == 0 { "none" } else { "left" };
            let event =
                json!({"type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1});
            self.browser.devtools("Input.dispatchMouseEvent", event);
        };
        event("mouseMoved", from, 0);
        event("mousePressed", from, 1);
        for step in 1..=MOVES {
            let part = f64::from(step) / f64::from(MOVES);
            event("mouseMoved", (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part), 1);
        }
        before_letting_go();
        event("mouseReleased", to, 0);
    }

    /// What the page answers to one of its public methods.
    pub fn ask(&self, method: &str, params: &Value) -> Value {
        let message = json!({"type": "conclave", "v": 1, "id": "hands", "method": method, "params": params});
        self.browser.promised(&ASK.replace("MESSAGE", &message.to_string()))
    }
}

/// The number by which browsers know a key, and without which they do not do what it does by itself.
fn number_of(key: &str) -> u32 {
    match key {
        "Tab" => 9,
        "Enter" => 13,
        "Escape" => 27,
        " " => 32,
        "End" => 35,
        "Home" => 36,
        "ArrowLeft" => 37,
        "ArrowUp" => 38,
        "ArrowRight" => 39,
        "ArrowDown" => 40,
        key => key.chars().next().map_or(0, |letter| letter.to_ascii_uppercase() as u32),
    }
}
