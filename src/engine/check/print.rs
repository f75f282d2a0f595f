//! The fingerprint of a state, under other names for nodes, clients and commands if they can be exchanged.
//!
//! Hand-made, because a hasher of the standard library does not know which of the numbers that it is fed is the name of
//! a node. Must not know any protocol.

use crate::engine::ids::{ClientId, MAX_CLIENTS, MAX_NODES, MemberId, NodeId, NodeSet};
use std::hash::Hasher;
use std::rc::Rc;

/// Other names for nodes, and for clients together with what they ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Names {
    nodes: [u8; MAX_NODES as usize + 1],
    clients: [u8; MAX_CLIENTS as usize + 1],
    commands: Vec<Rc<str>>,
}

impl Names {
    /// Everything keeps its name. These are the commands of the clients, in the order of the clients.
    pub fn own(commands: Vec<Rc<str>>) -> Names {
        let mut names =
            Names { nodes: [0; MAX_NODES as usize + 1], clients: [0; MAX_CLIENTS as usize + 1], commands };
        (0..=MAX_NODES).for_each(|node| names.nodes[usize::from(node)] = node);
        (0..=MAX_CLIENTS).for_each(|client| names.clients[usize::from(client)] = client);
        names
    }

    /// All the ways in which these nodes can exchange their names among each other, and so many clients theirs together
    /// with their commands. The first keeps all names.
    pub fn all(own: &Names, nodes: NodeSet, clients: u8) -> Vec<Names> {
        let nodes: Vec<u8> = nodes.iter().map(NodeId::number).collect();
        let clients: Vec<u8> = (1..=clients).collect();
        let mut all = Vec::new();
        for of_nodes in orders(&nodes) {
            for of_clients in orders(&clients) {
                let mut names = own.clone();
                for (node, name) in nodes.iter().zip(&of_nodes) {
                    names.nodes[usize::from(*node)] = *name;
                }
                for (client, name) in clients.iter().zip(&of_clients) {
                    names.clients[usize::from(*client)] = *name;
                }
                all.push(names);
            }
        }
        all
    }

    /// What a node is called.
    pub fn node(&self, node: NodeId) -> u8 {
        self.nodes[usize::from(node.number())]
    }

    /// What a client is called.
    pub fn client(&self, client: ClientId) -> u8 {
        self.clients[usize::from(client.number())]
    }

    /// So many nodes, in the order of what they are called.
    pub fn in_order(&self, nodes: u8) -> impl Iterator<Item = NodeId> + '_ {
        let called = move |name: u8| NodeId::all(nodes).find(|node| self.node(*node) == name);
        (1..=nodes).filter_map(called)
    }
}

/// All orders of some numbers, the given one first.
fn orders(numbers: &[u8]) -> Vec<Vec<u8>> {
    let [first, rest @ ..] = numbers else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for place in 0..numbers.len() {
        for order in orders(rest) {
            let mut order = order;
            order.insert(place, *first);
            all.push(order);
        }
    }
    all
}

/// Takes in what a state consists of, and says what came out of it.
#[derive(Clone, Debug)]
pub struct Printer<'a> {
    state: u64,
    names: &'a Names,
}

impl<'a> Printer<'a> {
    /// One that has taken nothing in.
    pub fn new(names: &'a Names) -> Printer<'a> {
        Printer { state: 0x243F_6A88_85A3_08D3, names }
    }

    /// What everything is called.
    pub fn names(&self) -> &'a Names {
        self.names
    }

    /// Takes a number in. Each step is reversible, so that two sequences of equal length differ in the end with all the
    /// chance that 64 bits give.
    pub fn word(&mut self, word: u64) {
        let mut mixed = (self.state ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^= mixed >> 32;
        mixed = mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        self.state = mixed ^ (mixed >> 29) ^ 0x1319_8A2E_0370_7344;
    }

    /// A node.
    pub fn node(&mut self, node: NodeId) {
        self.word(u64::from(self.names.node(node)));
    }

    /// A node that may be missing.
    pub fn node_or_none(&mut self, node: Option<NodeId>) {
        self.word(node.map_or(0, |node| u64::from(self.names.node(node))));
    }

    /// Some nodes.
    pub fn nodes(&mut self, nodes: NodeSet) {
        self.word(nodes.iter().map(|node| 1 << self.names.node(node)).sum());
    }

    /// A client.
    pub fn client(&mut self, client: ClientId) {
        self.word(u64::from(self.names.client(client)));
    }

    /// A member.
    pub fn member(&mut self, member: MemberId) {
        match member {
            MemberId::Node(node) => self.node(node),
            MemberId::Client(client) => self.word(0x100 | u64::from(self.names.client(client))),
        }
    }

    /// What a client asks for, or a value that somebody wants.
    pub fn command(&mut self, command: &str) {
        match self.names.commands.iter().zip(1_u8..).find(|(own, _)| ***own == *command) {
            Some((_, client)) => self.word(0x200 | u64::from(self.names.clients[usize::from(client)])),
            None => {
                self.word(0x300 | command.len() as u64);
                self.write(command.as_bytes());
            }
        }
    }

    /// Things whose order does not matter; the same thing twice counts twice.
    pub fn bag<T>(&mut self, things: impl IntoIterator<Item = T>, print: impl Fn(T, &mut Printer<'a>)) {
        let (mut sum, mut count) = (0_u64, 0);
        for thing in things {
            let mut printer = Printer::new(self.names);
            print(thing, &mut printer);
            sum = sum.wrapping_add(printer.state);
            count += 1;
        }
        self.word(count);
        self.word(sum);
    }

    /// Things in their order.
    pub fn list<T>(&mut self, things: impl IntoIterator<Item = T>, print: impl Fn(T, &mut Printer<'a>)) {
        let mut count = 0;
        for thing in things {
            print(thing, self);
            count += 1;
        }
        self.word(count);
    }
}

/// So that what has no names in it can be taken in as it is hashed elsewhere.
impl Hasher for Printer<'_> {
    fn finish(&self) -> u64 {
        self.state
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.word(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.word(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.word(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.word(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.word(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.word(value as i64 as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(number: u8) -> NodeId {
        NodeId::new(number).unwrap_or_else(|| unreachable!())
    }

    #[test]
    fn three_nodes_and_two_clients_exchange_their_names_in_twelve_ways() {
        let own = Names::own(vec!["x".into(), "y".into()]);
        let all = Names::all(&own, NodeId::all(3).collect(), 2);
        assert_eq!(all.len(), 12);
        assert_eq!(all[0], own);
        assert!(all.iter().enumerate().all(|(place, names)| !all[..place].contains(names)));
    }

    #[test]
    fn a_state_under_other_names_is_the_state_in_which_others_are_so() {
        let own = Names::own(vec!["x".into(), "y".into()]);
        let all = Names::all(&own, NodeId::all(2).collect(), 2);
        let print = |names: &Names, who: NodeId, what: &str| {
            let mut printer = Printer::new(names);
            printer.node(who);
            printer.nodes([who].into_iter().collect());
            printer.command(what);
            printer.finish()
        };
        let of = |who: NodeId, what: &str| {
            let mut prints: Vec<u64> = all.iter().map(|names| print(names, who, what)).collect();
            prints.sort_unstable();
            prints
        };
        assert_eq!(of(node(1), "x"), of(node(2), "y"));
        assert_ne!(of(node(1), "x"), of(node(3), "x"));
        assert_ne!(of(node(1), "x"), of(node(1), "z"));
    }

    #[test]
    fn a_bag_has_no_order_and_a_list_has_one() {
        let own = Names::own(Vec::new());
        let bag = |items: &[u64]| {
            let mut printer = Printer::new(&own);
            printer.bag(items, |item, printer| printer.word(*item));
            printer.finish()
        };
        let list = |items: &[u64]| {
            let mut printer = Printer::new(&own);
            printer.list(items, |item, printer| printer.word(*item));
            printer.finish()
        };
        assert_eq!(bag(&[1, 2, 3]), bag(&[3, 1, 2]));
        assert_ne!(bag(&[1, 2]), bag(&[1, 2, 2]));
        assert_ne!(list(&[1, 2]), list(&[2, 1]));
    }
}
