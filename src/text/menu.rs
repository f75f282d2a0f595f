//! What the menu of all that could happen next says, and the challenge to break a promise by hand. Must not know any
//! protocol, nor where it is shown.

crate::words! {
    ARRIVES: "{kind} from {from} to {to} arrives", "{from} 发给 {to} 的 {kind} 到达";
    IS_LOST: "{kind} from {from} to {to} is lost", "{from} 发给 {to} 的 {kind} 丢失";
    IS_DOUBLED: "{kind} from {from} to {to} is doubled", "{from} 发给 {to} 的 {kind} 变成两份";
    GOES_OFF: "The {timer} timer of {owner} goes off", "{owner} 的 {timer} 计时器到期";
    CRASHES: "Node {node} crashes", "节点 {node} 崩溃";
    RESTARTS: "Node {node} restarts", "节点 {node} 重启";
    STOPS: "Node {node} is paused", "节点 {node} 暂停";
    GOES_ON: "Node {node} goes on", "节点 {node} 继续运行";
    IS_CUT: "The way from {from} to {to} is cut", "{from} 到 {to} 的方向断开";
    IS_HEALED: "The way from {from} to {to} heals", "{from} 到 {to} 的方向恢复";

    WHAT_NEXT: "What could happen next", "接下来可能发生什么";
    TRIED: "Each was tried on a copy of the cluster; below each stands what it would lead to", "每一项都在集群的副本上试过：下面写的就是它会引起的结果";
    FORKS: "You stand in the past: a step from here begins a new branch, and the future that is recorded is kept", "现在正在回看：从这里走一步会开始新的分支，已记录的未来仍然保留";
    WHILE_PLAYING: "While time passes this changes with every message. Pause to see it", "播放时这里随每条消息变化。暂停后即可查看";
    ARRIVALS: "Messages", "消息";
    TIMERS: "Timers", "计时器";
    NODES: "Failures of nodes", "节点故障";
    LINKS: "Links", "链路";
    LOSSES: "A message is lost", "丢失消息";
    COPIES: "A message is doubled", "复制消息";
    DUE: "due in {ms} ms", "{ms} 毫秒后自行发生";
    DUE_NEXT: "due next, in {ms} ms", "下一个，{ms} 毫秒后自行发生";
    NOTHING: "Nothing comes of it", "不会引起任何变化";
    SILENT: "It is taken in", "它会被接收";
    SENDS: "It sends {kind} to {to}", "它向 {to} 发出 {kind}";
    WOULD_BREAK: "Breaks the promise “{name}”", "会破坏“{name}”";
    MORE_PACKETS: "{count} more packets are in flight; those above are due first", "另有 {count} 条消息在途中；上面列出的是最先到达的";

    FIND_YOURSELF: "Find it yourself", "自己动手找";
    PUZZLE_TITLE: "Find it yourself: {variant}", "自己动手找：{variant}";
    SHORTEST_TITLE: "The shortest: {variant}", "最短的过程：{variant}";
    BREAK_ANY: "Break any of the promises", "打破任意一条承诺";
    BREAK_PROMISE: "Break {id}, {name}: {promise}", "打破 {id}，即“{name}”：{promise}";
    REACH_STATE: "Bring this about: {name}", "让它发生：{name}";
    GET_STUCK: "Bring the cluster to a standstill: a quorum is connected and something is left to do, yet nothing will ever come of it. Whether you are there the page cannot tell", "让集群卡死：法定人数连通，也还有事要做，却再也不会有任何进展。是否已经卡死，页面无法自行判断";
    SO_FAR: "Actions by hand: {deeds}; events in all: {events}", "手动操作：{deeds} 次；事件总数：{events}";
    BROKEN_BY_HAND: "Broken! Actions by hand: {deeds}; events in all: {events}", "打破了！手动操作：{deeds} 次；事件总数：{events}";
    REACHED_BY_HAND: "There it is! Actions by hand: {deeds}; events in all: {events}", "做到了！手动操作：{deeds} 次；事件总数：{events}";
    SHOW_SHORTEST: "Show me the shortest", "看最短的过程";
    STOP_SEARCH: "Stop", "停止";
    SEARCHING: "Searching: {states} states met", "正在搜索：已遍历 {states} 个状态";
    SHORTEST: "The shortest takes {moves} moves: each message that arrives, each timer and each fault is one. Play it, or go step by step", "最短需要 {moves} 步：每条消息到达、每次计时器到期、每个故障各算一步。可以播放，也可以一步一步看";
    YOURS: "Yours took {deeds} actions by hand and {events} events in all", "你用了 {deeds} 次手动操作，共 {events} 个事件";
    TRY_YOURSELF: "Try it yourself", "自己试一试";
    START_AGAIN: "Start again", "重新开始";
}
