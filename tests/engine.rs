//! The engine with Raft in it: elections happen, the past can be gone back to, the same run is the same.
use conclave::engine::frame::Lens;
use conclave::engine::options::Options;
use conclave::protocols::{self, Opening};

#[test]
fn five_nodes_elect_a_leader() {
    let raft = protocols::find("raft").unwrap();
    let opening = Opening {
        nodes: 5,
        seed: 1,
        options: Options::defaults(raft.options),
        variant: 0,
        start: vec![],
        down: vec![],
    };
    let mut lab = (raft.open)(&opening).unwrap();
    for _ in 0..60 {
        lab.step().unwrap();
        for line in lab.transcript() {
            println!("{:>8} {}", lab.time_at(lab.position()).to_string(), line.say(conclave::text::Lang::En));
        }
    }
    let frame = lab.frame(Lens::ALL);
    assert!(frame.members.iter().any(|member| member.role.is_some_and(|role| role.key == "leader")));
}
