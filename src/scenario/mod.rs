//! Scenario files and what runs them without a page.
//!
//! # The file, format 1
//!
//! JSON; `CONTRACT` of the project says what every field means. What it leaves open is decided so:
//!
//! - `nodes` is 5 and `seed` 1 unless said otherwise; `format` and `protocol` must be there. A field that is there
//!   twice is an error. `about` says in a sentence what there is to be seen, `try` what the reader can do and what then
//!   happens; they and `title` are a text or `{"en", "zh"}`. A `comment` may stand in the file and in every step;
//!   nobody reads it.
//! - `topics` are one to three names of [`topic::TOPICS`], none twice. `still` is the number of a step, from 1: after
//!   it a picture shows what the scenario is about. Without it that is the end.
//! - `down` stands beside `start` or in it.
//! - A step is an object with one verb. Beside it, or inside it where it takes an object, may stand
//!   `"optional": true`: then the step may be refused, or find nothing, without being an error.
//! - Steps by hand take no time: they happen at the instant to which the last `run` brought the clock.
//! - `crash`, `restart`, `pause` and `resume` also take a list. `cut` and `heal` leave directions alone that are as
//!   wanted already, unless all are. `partition` and `isolate` only cut; nodes in no group are one group more.
//! - A ballot is written as it is shown, `"2·1"` for round 2 of node 1; `"2.1"` is read too.
//! - `deliver` and its like also choose by `fields`, a part of what the packet says. `deliver` with `all` and
//!   `settle` leave alone what waits for paused nodes.
//! - `read {node, key}` asks for the command `key?`.
//! - `wind {node, timer, to}` moves the hand of a running timer: it goes off `to` ms after it was armed.
//! - `fire {client, timer: "retry"}` lets a client ask again; `set {...}` turns options and the `variant`.
//! - A step that cannot be performed (no packet matches, a timer is not armed, a node is down already, the bus does
//!   not settle within 10,000 deliveries) is an error of the file: the run ends before it, with exit status 2. A
//!   step happens whole or not at all.
//! - `expect` compares what it names. Of an object the named fields count, of a list all items; `null` is also what
//!   is not there, and `{}` says that nothing is there: an empty `value`, nothing `in_flight`. A log's entry may be
//!   named by its term. `node` may be a list: then it holds for each. `violations` are named by number (`R1`), key
//!   or English name, in any order. `in_flight` is a number, or numbers by kind; kinds that are not named may be in
//!   flight. `facts` are what only the observer knows: `accepted`, `chosen`, `known`, `acknowledged`, each a list of
//!   `{slot, ballot, value, by}` or of values alone, in any order. A failed expectation does not end the run.
//! - `step` in `failed` counts from 0, as the JSON pointer does.
//!
//! # What is asked of the checker
//!
//! `check` says what `conclave check` looks for in everything that can come after the steps, and within which bounds.
//! Only what is named may happen, beside messages that arrive and crashed nodes that restart.
//!
//! - `find` is a promise by its number or name in files, `any` of them (what is looked for if nothing is said), a question
//!   of the protocol (`list` has them), or `stuck`.
//! - `packets` are a `set` (whatever was once sent may arrive late, again or never; so it is if nothing is said) or
//!   `each` arrives once at most, and `duplicates` says how many may be doubled. None has to arrive.
//! - `fires` says how often each timer may go off in all, at whatever nodes: `{"election": 2}`; `null` is as often as it
//!   likes, what is not named never does. `crashes`, `cuts` and `heals` are numbers too, `cuts` of one direction.
//! - `requests` are commands, each asked once at most, the first by client A, the second by B: of any node, or of
//!   `{"node": 1, "command": "x=1"}`. Answers reach the clients only with `"replies": true`; nobody asks again.
//! - `patience` is for `stuck`: how often each timer may still go off before a state from which nothing comes is called so
//!   (3).
//! - With `symmetry` states that differ only in the names of nodes, or of clients and what they ask, are one state, where
//!   the protocol treats them alike.
//! - `depth` (200), `states` (1,000,000) and `memory_mb` (400) are where a search stops.
//!
//! The exit status is 0 where everything was seen and nothing found, 1 where it was found, 2 where the file is wrong, 3
//! where a bound stopped it. `--json` prints what the search counted and, where something was found, the schedule as a
//! scenario file in `scenario`: the steps of the file, then the schedule, after `from` actions.
//!
//! # Driving
//!
//! An answer has the state, the transcript of that step and in `failed` its expectations that did not hold: these
//! are an answer and not an error, because they change nothing. Every line gets an answer, an empty one too. Beside
//! a step may stand `"show": ["digest", "leaders"]`: then the answer has only so much of the state, which is quicker
//! where logs are long.
//!
//! # Where to read on
//!
//! [`json`] and [`cursor`] read documents, [`fault`] says what is wrong with them; [`file`] and [`step`] know the
//! format, [`settings`], [`scope`] and [`topic`] the names in it; [`run`] performs steps, [`expect`] compares, [`state`] and [`write`] write;
//! [`drive`], [`list`] and [`command`] are the commands.

pub mod bounds;
pub mod check;
#[cfg(not(target_arch = "wasm32"))]
pub mod command;
pub mod cursor;
pub mod drive;
pub mod expect;
pub mod fault;
pub mod file;
pub mod json;
pub mod list;
pub mod possible;
pub mod puzzle;
pub mod run;
pub mod scope;
pub mod settings;
pub mod state;
pub mod step;
pub mod topic;
pub mod write;
