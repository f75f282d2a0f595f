//! What stands in the files that the page and the runner write. Must not know any protocol.

crate::words! {
    CAPTION: "{protocol}, {nodes} nodes, seed {seed}, {from} to {to} ms", "{protocol}，{nodes} 个节点，种子 {seed}，{from} 至 {to} 毫秒";
    CAPTION_AT: "{protocol}, {nodes} nodes, seed {seed}, at {from} ms", "{protocol}，{nodes} 个节点，种子 {seed}，{from} 毫秒时";
    CAPTION_VARIANT: "{caption}, variant {variant}", "{caption}，变体 {variant}";
    NODE: "Node {node}", "节点 {node}";
    CLIENT: "Client {client}", "客户端 {client}";
    UNIT_MS: "ms", "毫秒";
    UNIT_STEPS: "step", "步";
    MESSAGES: "{count} messages", "{count} 条消息";
    CUT: "Cut: {links}", "断开：{links}";
    HEALED: "Healed: {links}", "恢复：{links}";
    IN_FLIGHT: "in flight", "在途中";
    LEFT_OUT: "{count} more lines are left out", "另有 {count} 行未列出";
    RECEIVES: "receives {kind} from {from} ({label})", "收到 {from} 发来的 {kind}（{label}）";
    THEN: "{first}: {then}", "{first}，于是：{then}";
    TIMER: "a timer goes off", "计时器到期";
}
