//! What scenarios are about, in a word or two each: the labels by which a reader looks for one.
//!
//! Must not know which scenario is about what.

crate::words! {
    ELECTION: "Election", "选举";
    REPLICATION: "Replication", "复制";
    COMMIT: "Commit", "提交";
    BALLOTS: "Ballots", "表决";
    SAFE_VALUE: "Which value is safe", "该提议什么";
    QUORUMS: "Quorums", "法定人数";
    LEARNING: "Learning the outcome", "得知结果";
    READS: "Reads", "读取";
    MEMBERSHIP: "Change of members", "成员变更";
    SNAPSHOT: "Snapshots", "快照";
    CRASH: "Crash", "崩溃";
    RECOVERY: "Recovery", "恢复";
    PARTITION: "Partition", "分区";
    MESSAGES: "Lost and late messages", "消息丢失与迟到";
    LIVENESS: "Liveness", "活性";
    COST: "Cost", "代价";
    PAPER: "From a paper", "出自论文";
    BROKEN_RULE: "Broken rule", "改坏的规则";
}
