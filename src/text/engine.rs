//! What the engine says: crashes, links, packets, clients, refusals, options. Must not know any protocol.

crate::words! {
    CRASHED: "Node {node} crashed", "节点 {node} 崩溃了";
    CRASHED_WHY: "It keeps what is on its disk and loses the rest", "磁盘上的内容还在，其余的都丢了";
    RESTARTED: "Node {node} is back", "节点 {node} 重新启动";
    RESTARTED_WHY: "It knows only what was on its disk", "它只记得磁盘上的内容";
    PAUSED: "Node {node} is paused", "节点 {node} 暂停了";
    PAUSED_WHY: "It forgets nothing; messages wait for it and its timers run out", "它什么都没忘；消息在门口等着，计时器照样到期";
    RESUMED: "Node {node} goes on", "节点 {node} 继续运行";
    RESUMED_WHY: "What came meanwhile is handled now, and it does not know how long it stood still", "它现在处理积压的消息，并不知道自己停了多久";
    CUT: "Nothing gets from node {from} to node {to} any more", "节点 {from} 到节点 {to} 的链路断开了";
    HEALED: "Messages from node {from} to node {to} arrive again", "节点 {from} 到节点 {to} 的链路恢复了";
    FILTERED: "Messages of this kind are lost from now on", "从现在起，这类消息都会丢失";
    UNFILTERED: "Messages of this kind arrive again", "这类消息又能送达了";
    DELAYED: "{kind} from {from} to {to} arrives {by} ms later", "{from} 发给 {to} 的 {kind} 推迟 {by} 毫秒";
    COPIED: "{kind} from {from} to {to} is on its way twice", "{from} 发给 {to} 的 {kind} 有了两份";
    LOST: "{kind} from {from} to {to} is lost", "{from} 发给 {to} 的 {kind} 丢失了";
    LOST_CHANCE: "The network dropped it", "网络把它弄丢了";
    LOST_CUT: "The link is cut", "链路已断开";
    LOST_FILTER: "A filter takes such messages", "有过滤规则拦截这类消息";
    LOST_DOWN: "The receiver is crashed", "接收方已崩溃";
    LOST_DROPPED: "It was dropped by hand", "被手动丢弃";
    LOST_FULL: "The bus carries as many packets as it can", "总线上的消息已达上限";
    WOUND: "The {timer} timer of {owner} now goes off {ms} ms after it was armed", "{owner} 的 {timer} 计时器改为启动后 {ms} 毫秒到期";
    OWNER_NODE: "node {node}", "节点 {node}";
    OWNER_CLIENT: "client {client}", "客户端 {client}";
    OPTION_CHANGED: "The option {option} has changed", "选项 {option} 已更改";
    VARIANT_CHANGED: "The variant is now {variant}", "变体现在是 {variant}";

    ASKED: "Client {client} asks node {node} for {command}", "客户端 {client} 请节点 {node} 执行 {command}";
    ANSWERED: "Client {client} hears that {command} is done", "客户端 {client} 得知 {command} 已完成";
    ANSWERED_VALUE: "Client {client} asked for {command} and hears {value}", "客户端 {client} 请求 {command}，得到的答复是 {value}";
    REDIRECTED: "Client {client} turns to node {node}", "客户端 {client} 转向节点 {node}";
    REDIRECTED_WHY: "The node it asked sends it there", "它问到的节点让它去找那一个";
    WAITS: "Client {client} waits and will ask again", "客户端 {client} 等待，稍后再问";
    WAITS_WHY: "The node it asked knows no leader", "它问到的节点不知道谁是领导者";
    RETRIES: "Client {client} asks again, now node {node}", "客户端 {client} 重试，这次问节点 {node}";
    RETRIES_WHY: "No answer came in time; nobody knows whether the request took effect", "没有及时收到答复；谁也不知道请求是否已经生效";
    STALE_REPLY: "Client {client} already has this answer", "客户端 {client} 早已得到这个答复";
    CLIENT_WAITS: "{command} waits", "{command} 等待中";
    PART_PENDING: "without an answer", "等待答复";

    LOOK_REQUEST: "{command}", "{command}";
    LOOK_DONE: "done", "完成";
    LOOK_REDIRECT: "ask {node}", "请找 {node}";
    LOOK_NO_LEADER: "no leader", "无领导者";

    BLOCKED: "No progress is possible: no {needed} of the {nodes} nodes are up and reach each other. It goes on when a link heals or a node restarts", "现在无法推进：{nodes} 个节点中没有 {needed} 个同时在线且互相连通。等链路恢复或节点重启后才能继续";
    BLOCKED_QUORUM: "No progress is possible: no node that may propose reaches {one} and then {two} of the {nodes} nodes that vote. It goes on when a link heals or a node restarts", "现在无法推进：能提议的节点都联系不上足够的投票者（共 {nodes} 个，先后需要 {one} 个和 {two} 个）。等链路恢复或节点重启后才能继续";
    STRANDED_QUORUM: "Of the nodes that may propose, {nodes} reach too few of those that vote: their proposals are in vain until a link heals", "能提议的节点中，{nodes} 联系不上足够的投票者：在链路恢复之前，它们的提议都是白费";
    STRANDED_ONE: "Node {node} reaches no majority: on its side nobody can be elected and nothing committed until a link heals", "节点 {node} 连不上多数节点：在链路恢复之前，它那一侧选不出领导者，也提交不了任何内容";
    STRANDED: "Nodes {nodes} reach no majority: on their side nobody can be elected and nothing committed until a link heals", "节点 {nodes} 连不上多数节点：在链路恢复之前，这一侧选不出领导者，也提交不了任何内容";

    LINE_SENT: "{kind} from {from} to {to} leaves: {fields}", "{from} 向 {to} 发出 {kind}：{fields}";
    LINE_COPIED: "{kind} from {from} to {to} leaves a second time: {fields}", "{from} 向 {to} 再次发出 {kind}：{fields}";
    LINE_DELIVERED: "{kind} from {from} to {to} arrives: {fields}", "{from} 发给 {to} 的 {kind} 到达：{fields}";
    LINE_LOST: "{kind} from {from} to {to} is lost: {why}", "{from} 发给 {to} 的 {kind} 丢失：{why}";
    LINE_FIRED: "the {timer} timer of {owner} goes off", "{owner} 的 {timer} 计时器到期";
    LINE_DECIDED: "Node {node} decides {slot}: {label}", "节点 {node} 决定 {slot}：{label}";
    LINE_FILTERED: "{kind} from {from} to {to} is lost when sent from now on", "从现在起，{from} 发给 {to} 的 {kind} 一发出就丢失";
    LINE_UNFILTERED: "{kind} from {from} to {to} is no longer lost when sent", "{from} 发给 {to} 的 {kind} 不再丢失";
    LINE_VIOLATION: "{invariant} is broken: {text}", "“{invariant}”被破坏：{text}";

    REJECTED_NO_PACKET: "Packet {packet} is not in flight", "消息 {packet} 不在途中";
    REJECTED_NO_NODE: "There is no node {node} here, or it would be linked to itself", "这里没有节点 {node}，或者链路两端是同一个节点";
    REJECTED_DOWN: "Node {node} is crashed", "节点 {node} 已崩溃";
    REJECTED_UP: "Node {node} is not crashed", "节点 {node} 并没有崩溃";
    REJECTED_PAUSED: "Node {node} is paused", "节点 {node} 已暂停";
    REJECTED_NOT_PAUSED: "Node {node} is not paused", "节点 {node} 并没有暂停";
    REJECTED_NOT_ARMED: "No such timer of {owner} is running", "{owner} 没有这个正在计时的计时器";
    REJECTED_WIND: "This timer of {owner} can be set from {least} to {most} ms", "{owner} 的这个计时器只能设为 {least} 到 {most} 毫秒";
    REJECTED_CUT: "The link from {from} to {to} is cut already", "{from} 到 {to} 的链路已经断开";
    REJECTED_NOT_CUT: "The link from {from} to {to} is not cut", "{from} 到 {to} 的链路并没有断开";
    REJECTED_NO_FILTER: "No such filter is in force", "没有这样的过滤规则";
    REJECTED_FILTERS: "There are already 64 filters; lift one first", "已有 64 条过滤规则；请先撤销一条";
    REJECTED_RANGE: "The option does not take this value", "这个选项不能取这个值";
    REJECTED_COMMAND: "A command is a line of 1 to 64 characters", "命令须为一行，1 到 64 个字符";
    REJECTED_PENDING: "Client {client} already waits for 64 answers", "客户端 {client} 已在等待 64 个答复";
    REJECTED_UNREADABLE: "The message cannot be read: {why}", "消息无法识别：{why}";
    REJECTED_BUS: "The bus already carries 1,024 packets", "总线上已有 1024 条消息";
    REJECTED_HISTORY: "The history is full at a million actions; reset to begin a new run", "历史已满一百万步；请重置以开始新的运行";
    REJECTED_BRANCHES: "There are already 64 branches; reset to begin a new run", "已有 64 个分支；请重置以开始新的运行";

    OPTION_LATENCY: "How long a packet flies", "消息在途中的时间";
    OPTION_LOSS: "The probability that a packet is lost when it is sent", "消息发出时丢失的概率";
    OPTION_DUPLICATE: "The probability that a packet is sent twice", "消息被重复发送的概率";
    OPTION_REORDER: "Whether a packet may overtake an earlier one on the same link", "同一链路上后发的消息能否先到";
    OPTION_RETRY: "How long a client waits for an answer before it asks the next node", "客户端等多久没有答复就去问下一个节点";
    OPTION_CLOCK_RATE: "How fast each node's clock runs: 1 is right, 1.5 half as fast again", "每个节点时钟的快慢：1 为准确，1.5 为快一半";
}
