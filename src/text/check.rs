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
}
