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
}
