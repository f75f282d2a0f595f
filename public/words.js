// The words of the page outside the application, and the choice of language and theme before the first paint.
// They are not in src/text because they are needed exactly when wasm is not there: while it loads, when it cannot
// load, and after it has panicked. This file knows neither block; it gives them `conclaveWord(key)`.
"use strict";

(() => {
  const WORDS = {
    en: {
      about: "A laboratory for consensus algorithms: watch a cluster elect a leader, then crash it",
      still: "Five nodes on a circle, one of them the leader",
      loading: "Loading",
      starting: "Starting",
      again: "Try again",
      file: "A browser does not run this page from a file. Serve the folder, for example with “cargo xtask serve”, and open its address.",
      unsupported: "This browser cannot run the simulation, which needs WebAssembly. Open the page in a current Firefox, Chrome, Edge or Safari.",
      missing: "A part of this page is missing on its server. Try again, or tell the person who put the page there.",
      policy: "The security policy of this site forbids the simulation to run. Ask the site's owner to allow 'wasm-unsafe-eval' for scripts.",
      broken: "The download broke off. Check the connection and try again.",
      stalled: "The download has stopped moving. Wait a little longer, or try again.",
      other: "The simulation could not start. Try again, or use another browser.",
      stopped: "The simulation stopped",
      advice: "Something in it went wrong that should not. Copy the report for whoever looks after this page, then reload.",
      report: "Report",
      copy: "Copy report",
      copied: "Copied",
      select: "Select the report and copy it by hand",
      reload: "Reload",
    },
    zh: {
      about: "共识算法实验室：看集群选出领导者，再让它崩溃",
      still: "圆周上的五个节点，其中一个是领导者",
      loading: "正在加载",
      starting: "正在启动",
      again: "重试",
      file: "浏览器无法直接从文件运行本页面。请用“cargo xtask serve”等方式提供该目录的网页服务，再打开它的地址。",
      unsupported: "此浏览器不支持 WebAssembly，无法运行模拟。请用新版 Firefox、Chrome、Edge 或 Safari 打开本页面。",
      missing: "服务器上缺少本页面的一部分。请重试，或告知放置本页面的人。",
      policy: "本站的安全策略不允许运行模拟。请联系站点管理员为脚本允许 'wasm-unsafe-eval'。",
      broken: "下载中断。请检查网络连接后重试。",
      stalled: "下载停滞不前。请再等一会儿，或重试。",
      other: "模拟无法启动。请重试，或换一个浏览器。",
      stopped: "模拟已停止",
      advice: "模拟内部出现了不应发生的错误。请复制报告交给本页面的维护者，然后重新加载。",
      report: "报告",
      copy: "复制报告",
      copied: "已复制",
      select: "请手动选中报告并复制",
      reload: "重新加载",
    },
  };

  /** A stored choice; storage throws in a frame without an origin of its own. */
  function stored(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  /** The first of the address, the stored choice and the browser's wish that is one of `allowed`. */
  function chosen(allowed, ...wishes) {
    return wishes.find((wish) => allowed.includes(wish));
  }

  const query = new URLSearchParams(location.search);
  const wished = navigator.language?.toLowerCase().startsWith("zh") ? "zh" : "en";
  document.documentElement.lang = chosen(["en", "zh"], query.get("lang"), stored("conclave.lang"), wished);

  const theme = chosen(["auto", "light", "dark"], query.get("theme"), stored("conclave.theme"));
  if (theme && theme !== "auto") document.documentElement.dataset.theme = theme;

  // The language is read anew each time: the application may have changed it since.
  window.conclaveWord = (key) => (document.documentElement.lang.startsWith("zh") ? WORDS.zh : WORDS.en)[key];

  /** Puts the words of the present language into everything below `root` that names a word. */
  window.conclaveTranslate = (root) => {
    for (const element of root.querySelectorAll("[data-word]")) {
      element.textContent = window.conclaveWord(element.dataset.word);
    }
    for (const element of root.querySelectorAll("[data-word-label]")) {
      element.setAttribute("aria-label", window.conclaveWord(element.dataset.wordLabel));
    }
  };
})();
