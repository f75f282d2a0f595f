//! What the checker says. Must not know any protocol, nor where it is shown.

crate::words! {
    HOLDS_ANY: "No promise can be broken: all {states} states within these bounds were met, over {transitions} moves, at most {depth} from the start", "没有承诺会被打破：在此范围内的全部 {states} 个状态都已遍历，共 {transitions} 步转移，离起点最远 {depth} 步";
    HOLDS_PROMISE: "{promise} cannot be broken: all {states} states within these bounds were met, over {transitions} moves, at most {depth} from the start", "{promise} 不会被打破：在此范围内的全部 {states} 个状态都已遍历，共 {transitions} 步转移，离起点最远 {depth} 步";
    HOLDS_STATE: "It cannot happen: all {states} states within these bounds were met, over {transitions} moves, at most {depth} from the start", "不会发生：在此范围内的全部 {states} 个状态都已遍历，共 {transitions} 步转移，离起点最远 {depth} 步";
    HOLDS_STUCK: "It never gets stuck: all {states} states within these bounds were met, over {transitions} moves, at most {depth} from the start", "不会卡死：在此范围内的全部 {states} 个状态都已遍历，共 {transitions} 步转移，离起点最远 {depth} 步";
    FOUND_VIOLATION: "{promise} is broken after {moves} moves, and after no fewer ({states} states met)", "最少 {moves} 步之后，{promise} 被打破（已遍历 {states} 个状态）";
    FOUND_STATE: "It happens after {moves} moves, and after no fewer ({states} states met)", "最少 {moves} 步之后就会发生（已遍历 {states} 个状态）";
    FOUND_STUCK: "After {moves} moves, and after no fewer, nothing can come of it any more, although a quorum is connected ({states} states met)", "最少 {moves} 步之后就会卡死：法定人数连通，却再也不会有进展（已遍历 {states} 个状态）";
    STOPPED_DEPTH: "Stopped at the bound of {bound} moves: nothing was found among {states} states", "到达步数上限 {bound} 步，停下了：{states} 个状态里没有找到";
    STOPPED_STATES: "Stopped at the bound of {bound} states: nothing was found up to {depth} moves", "到达状态数上限 {bound} 个，停下了：{depth} 步以内没有找到";
    STOPPED_MEMORY: "Stopped at the bound of {bound} MB: nothing was found among {states} states", "到达内存上限 {bound} MB，停下了：{states} 个状态里没有找到";
    ANY_PROMISE: "A promise", "某个承诺";

    BOUND_AND: "{one}, {other}", "{one}，{other}";
    BOUND_NODES: "{nodes} nodes", "{nodes} 个节点";
    BOUND_DEALT: "{name}: {count}", "{name} {count} 个";
    BOUND_VARIANT: "with the variant {variant}", "采用变体 {variant}";
    BOUND_FROM: "from the state after {actions} actions on", "从第 {actions} 步之后的状态出发";
    BOUND_FIRES: "the {timer} timer goes off at most {most} times in all", "{timer} 计时器总共最多到期 {most} 次";
    BOUND_FIRES_EVER: "the {timer} timer goes off as often as it likes", "{timer} 计时器到期次数不限";
    BOUND_CRASHES: "crashes: at most {most}", "最多崩溃 {most} 次";
    BOUND_CUTS: "cuts: at most {most}", "最多断开 {most} 次";
    BOUND_HEALS: "heals: at most {most}", "最多恢复 {most} 次";
    BOUND_DUPLICATES: "packets doubled: at most {most}", "最多复制 {most} 个消息";
    BOUND_REQUESTS: "clients ask {commands}, each once at most", "客户端请求 {commands}，各至多一次";
    BOUND_SET: "every message may arrive late, again or never", "任何消息都可能迟到、重复或永远不到";
    BOUND_EACH: "every message arrives once at most, sooner or later or never", "每个消息至多到达一次，或早或晚，也可能永远不到";
    BOUND_SYMMETRY: "states that differ only in names count once", "只有名称不同的状态算作一个";

    CHECKER: "Every schedule: find or prove", "所有可能的调度：寻找与证明";
    CHECKER_HINT: "Explores every order of events within bounds, not only the one on the stage: whether something can happen, and the shortest way to it", "在给定范围内遍历事件的所有先后次序，而不只是舞台上的这一种：某件事会不会发生，最短要几步";
    LOOK_FOR: "Look for", "寻找";
    ANY_OF_THEM: "any broken promise", "任何被打破的承诺";
    GETS_STUCK: "stuck, although a quorum is connected", "卡死：法定人数连通却没有进展";
    FROM: "Begin", "出发点";
    FROM_SMALL: "in a small cluster, made for this question", "为此问题准备的小集群";
    FROM_START: "at the start of this run", "本次运行的起点";
    FROM_HERE: "from here: the moment on the stage", "从这里：舞台上的此刻";
    BOUNDS: "Bounds", "范围";
    FIRES: "{timer} timer, times in all (empty: no limit)", "{timer} 计时器到期次数（留空为不限）";
    CRASHES: "crashes", "崩溃次数";
    CUTS: "links cut, one way", "断开链路次数（单向）";
    HEALS: "links healed, one way", "恢复链路次数（单向）";
    REQUESTS: "requests, for any node or for one", "客户端请求，可指定节点";
    REPLIES: "answers reach the clients", "回复送达客户端";
    PACKETS: "messages", "消息";
    PACKETS_SET: "may arrive late, again or never", "可能迟到、重复或不到";
    PACKETS_EACH: "arrive once at most", "至多到达一次";
    DUPLICATES: "packets doubled", "复制消息次数";
    SYMMETRY: "states that differ only in names count once", "只有名称不同的状态算作一个";
    DEPTH: "stop after so many moves", "步数上限";
    STATES: "stop after so many states", "状态数上限";
    MEMORY: "stop at so much memory, MB", "内存上限（MB）";
    FIND: "Find", "寻找";
    PROVE: "Prove", "证明";
    PROVE_HINT: "Find searches with the rules as they are here; Prove with every rule in force", "“寻找”按当前的规则搜索；“证明”则遵守全部规则";
    STOP: "Stop", "停止";
    GO_ON: "Go on", "继续";
    GO_FURTHER: "Go on, four times as far", "继续，上限放宽到四倍";
    SHOW_IT: "Show it", "演示";
    COUNT: "{states} states, {depth} moves deep, {rate} states/s, {mb} MB", "{states} 个状态，深 {depth} 步，每秒 {rate} 个状态，{mb} MB";
    NO_WORKER: "Nothing can be searched here: this page may not start a worker. Open it by itself, or let its host allow workers from blob: addresses", "这里无法搜索：页面不能启动 Worker。请单独打开本页，或让宿主允许来自 blob: 地址的 Worker";
    WRONG: "This cannot be asked: {why}", "无法这样提问：{why}";
    WORKER_BROKE: "The search broke down, which it should not: {why}", "搜索意外中断：{why}";
}
