//! What the address says: what each parameter does and may be, and what is said of one that is wrong. Must not know
//! any protocol, nor where it is shown.

crate::words! {
    ABOUT_SCENARIO: "A built-in scenario, by its name; it brings its cluster with it and opens paused, with everything recorded", "内置场景的名称；场景自带集群，打开时暂停在开头，全过程已录好";
    ABOUT_ALGO: "Which protocol runs", "运行哪个协议";
    ABOUT_VARIANT: "The protocol as it should be, or with one rule switched off", "标准协议，或关闭了某条规则的变体";
    ABOUT_PUZZLE: "A variant of which the reader is to find the fault by hand, in a small cluster; it opens paused", "让读者在一个小集群里亲手找出错误的变体；打开时暂停";
    ABOUT_COMPARE: "Which protocol runs in a second cluster beside the first, with the same seed and the same faults", "旁边第二个集群运行哪个协议；种子相同，故障也相同";
    ABOUT_COMPARE_OPTION: "An option that is switched the other way in the second cluster", "在第二个集群里反过来设的选项";
    ABOUT_COMPARE_VARIANT: "The variant of the second cluster", "第二个集群的变体";
    ABOUT_NODES: "How many nodes the cluster has", "集群有多少个节点";
    ABOUT_SEED: "The seed of all that is random: the same seed is the same run", "所有随机性的种子：种子相同，过程就相同";
    ABOUT_SPEED: "How fast virtual time passes, compared with real time; the nearest speed of the page's list is taken", "虚拟时间相对于真实时间的快慢；取页面速度列表中最接近的一档";
    ABOUT_T: "The virtual time in milliseconds at which the page opens, paused", "页面打开时所处的虚拟时间（毫秒），此时暂停";
    ABOUT_AUTOPLAY: "Whether time passes as soon as the page is open; not so with a scenario or a time, unless this says so", "打开页面后是否立即播放；给出场景或时间时默认不播放，除非在此指定";
    ABOUT_UI: "How much is shown: everything, the cluster with its controls, or the cluster alone", "显示多少：全部、集群和控制条，或者只有集群";
    ABOUT_EMBED: "Whether the page is a part of another page", "本页面是否嵌在别的页面里";
    ABOUT_GALLERY: "Whether the gallery of scenarios is open at first", "打开时是否先显示场景库";
    ABOUT_THEME: "The theme, whatever the reader chose before", "主题，优先于读者以前的选择";
    ABOUT_MOTION: "Whether things move, or go from event to event", "画面连续运动，还是逐个事件切换";
    ABOUT_LANG: "The language, whatever the reader chose before", "语言，优先于读者以前的选择";

    ALLOWED_NAMES: "one of {names}", "{names} 之一";
    ALLOWED_WHOLE: "a whole number from {least} to {most}", "{least} 到 {most} 的整数";
    ALLOWED_NUMBER: "a number from {least} to {most}", "{least} 到 {most} 的数";
    VALUE: "{value}", "{value}";

    OTHERWISE_SCENARIO: "no scenario", "不用场景";
    OTHERWISE_COMPARE_VARIANT: "no second cluster", "没有第二个集群";
    OTHERWISE_T: "the start of the run", "从头开始";
    OTHERWISE_THEME: "the reader's own theme", "读者自己的主题";
    OTHERWISE_LANG: "the reader's own language", "读者自己的语言";

    WRONG: "The address says {name}={value}, which should be {allowed}; instead: {otherwise}", "地址中写的是 {name}={value}，应为{allowed}；现改用：{otherwise}";
    UNEXPECTED: "Step {step} of the scenario expects {wanted} and finds {got}", "场景第 {step} 步预期 {wanted}，实际是 {got}";
    STUCK: "The scenario ends early, because a step cannot be performed: {fault}", "场景提前结束，因为有一步无法执行：{fault}";
    TOO_FAR: "The time in the address is too far to be reached at once; the page stopped on the way", "地址中的时间太远，无法一次到达；页面停在了途中";
    LINK_VERSION: "The link is of version {version}, which this page does not know; instead it opens what the rest of the address says", "这个链接的版本是 {version}，本页面不认识；现按地址的其余部分打开";
    LINK_UNREADABLE: "The part of the link that holds the run is damaged; the page opens what the rest of the address says", "链接中记录运行过程的部分已损坏；现按地址的其余部分打开";
    LINK_DAMAGED: "The link was changed on its way here; what it seems to say is shown", "链接在传递途中被改动过；下面显示的是读出的内容";
    LINK_CUT_OFF: "The link was cut off on its way here; the run is shown as far as the link goes, {actions} actions", "链接在传递途中被截断；运行过程显示到链接所能读出的地方，共 {actions} 个动作";
    LINK_START: "The run of the link cannot begin: node {node}: {why}; the page opens what the rest of the address says", "链接中的运行无法开始：节点 {node}：{why}；现按地址的其余部分打开";
    LINK_STUCK: "Action {action} of the link cannot be done again: {why}; the run up to there is shown", "链接中的第 {action} 个动作无法重做：{why}；显示到此为止的过程";
    LINK_IDLE: "nothing is due any more", "已没有会自行发生的事";
    LINK_NO_FORK: "its branch does not leave another one", "它所在的分支没有从别的分支分出";
    LINK_DIFFERS: "The link was made by a version of this page in which the run came out differently; nodes may stand elsewhere than its sender saw them", "生成这个链接的页面版本与本页面不同，过程的结果也不同；各节点的状态可能与发送者看到的不一样";
    HOST_ELEMENT: "HTML, with a script", "HTML（可用脚本）";
    HOST_FRAME: "HTML, a frame alone", "HTML（只用框架）";
    HOST_MARKDOWN: "Markdown, mdBook", "Markdown，包括 mdBook";
    HOST_REVEAL: "reveal.js", "reveal.js";
    HOST_JUPYTER: "Jupyter", "Jupyter";
    HOST_DOCUSAURUS: "Docusaurus, MDX", "Docusaurus 等 MDX 网站";
    HOST_MOODLE: "Moodle and other platforms", "Moodle 等教学平台";

    DISMISS: "Dismiss", "关闭提示";
    IGNORED: "The address has a parameter {name} that is unknown or there twice; it is ignored", "地址中的参数 {name} 未知或重复出现，已忽略";
}
