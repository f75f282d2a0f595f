//! What the page itself says: controls, panels, notices, accessible names. Must not know any protocol.

crate::words! {
    TITLE: "Conclave", "Conclave";
    NEW_RUN: "New run", "重新开始";
    NEW_RUN_HINT: "Begin again with another seed", "换一个随机种子从头开始";
    THEME: "Theme", "主题";
    THEME_AUTO: "Theme: as the system", "主题：跟随系统";
    THEME_LIGHT: "Theme: light", "主题：浅色";
    THEME_DARK: "Theme: dark", "主题：深色";
    OTHER_LANGUAGE: "中文", "English";
    SEED: "seed {seed}", "种子 {seed}";

    PLAY: "Play", "播放";
    PAUSE: "Pause", "暂停";
    STEP_FORWARD: "Step forward", "前进一步";
    STEP_BACK: "Step back", "后退一步";
    SPEED: "Speed", "速度";
    HISTORY: "History", "历史";
    BACK_TO_NOW: "Back to now", "回到现在";
    TRANSPORT: "Transport", "播放控制";
    PLAYING: "Playing", "播放中";
    PAUSED: "Paused", "已暂停";
    IN_THE_PAST: "In the past", "正在回看";
    MS: "{ms} ms", "{ms} 毫秒";
    BRANCH: "Branch {branch} of {branches}", "第 {branch} / {branches} 个分支";
    BRANCH_NEXT: "Branch {branch} of {branches}, go to the next", "第 {branch} / {branches} 个分支，切换到下一个";

    CLUSTER: "Cluster", "集群";
    NODE_NAME: "Node {node}, {role}, {stamp} {number}", "节点 {node}，{role}，{stamp} {number}";
    NODE_PAUSED: "Node {node}, paused", "节点 {node}，已暂停";
    NODE_CRASHED: "Node {node}, crashed", "节点 {node}，已崩溃";
    CRASHED: "crashed", "已崩溃";
    NODE_STANDS_STILL: "paused", "已暂停";
    PACKET_NAME: "{kind} from {from} to {to}", "{from} 发给 {to} 的 {kind}";
    PACKET_COPY: "copy", "副本";
    LOST: "lost", "丢失";
    LINK_NAME: "Link {from}–{to}", "链路 {from}–{to}";
    LINK_CUT: "Link {from}–{to}, cut both ways", "链路 {from}–{to}，双向断开";
    LINK_HALF_CUT: "Link {from}–{to}, cut from {from} to {to}", "链路 {from}–{to}，{from} 到 {to} 断开";
    CLIENT_NAME: "Client {client}: send a request", "客户端 {client}：发送请求";
    CLIENT: "client", "客户端";
    HEAL_ALL: "Heal all", "全部恢复";
    SEND_REQUEST: "Send a request", "发送请求";

    INVITE_LEADER: "Click the leader to crash it", "点击领导者，让它崩溃";
    INVITE_RESTART: "Click a crashed node to restart it", "点击已崩溃的节点，让它重启";
    INVITE_PARTITION: "Draw a line across the stage to partition the cluster", "在画面上划一条线，把集群分开";
    OPENING: "{nodes} nodes, and no leader yet", "{nodes} 个节点，还没有领导者";
    OPENING_WHY: "Whoever waits longest without hearing from a leader asks for votes", "最先等不到领导者消息的节点会请求投票";
    EARLIER: "Earlier", "先前";
    EARLIER_LIST: "What happened earlier", "先前发生的事";

    LOGS: "Logs", "日志";
    LOGS_HINT: "term and command at each index", "每个索引处的任期和命令";
    LOGS_SCROLL: "Logs, scrolls", "日志，可滚动";
    NODE: "Node", "节点";
    UNCOMMITTED: "uncommitted", "未提交";
    COMMITTED: "committed", "已提交";
    APPLIED: "applied", "已应用";
    STORED: "stored", "已存";
    MATCH: "match", "匹配";
    NEXT: "next", "下一个";
    NO_LEADER_MARKS: "match and next belong to a leader; there is none", "匹配和下一个属于领导者；现在没有领导者";
    EMPTY_LOGS: "No entries yet: send a request", "还没有条目：发送一个请求试试";

    INVARIANTS: "Invariants", "不变式";
    INVARIANTS_HOLD: "{count} invariants hold", "{count} 条不变式都成立";
    INVARIANT_HOLDS: "{name}, holds", "{name}，成立";
    INVARIANT_BROKEN: "{name}, broken", "{name}，被破坏";

    DURABLE: "Durable, survives a crash", "持久，崩溃后还在";
    VOLATILE: "Volatile, lost in a crash", "易失，崩溃即丢失";
    LOG: "log", "日志";
    ENTRIES: "{count} entries", "{count} 条";
    ONE_ENTRY: "1 entry", "1 条";
    CLOSE: "Close", "关闭";
    VERB_CRASH: "Crash", "使其崩溃";
    VERB_RESTART: "Restart", "重启";
    VERB_PAUSE: "Pause the node", "暂停节点";
    VERB_RESUME: "Resume the node", "恢复节点";
    VERB_FIRE: "Time out now: {timer}", "立即到期：{timer}";
    VERB_ISOLATE: "Isolate", "隔离";
    VERB_REJOIN: "Heal its links", "恢复其链路";
    VERB_ASK: "Request here", "向它请求";
    VERB_DELIVER: "Deliver now", "立即送达";
    VERB_DROP: "Drop", "丢弃";
    VERB_DUPLICATE: "Duplicate", "复制";
    VERB_DELAY: "Delay by {ms} ms", "推迟 {ms} 毫秒";
    VERBS: "What can be done to it", "可以对它做什么";
    PACKET_GONE: "It has arrived or is lost", "它已送达或丢失";
    NODE_TITLE: "Node {node}", "节点 {node}";
}
