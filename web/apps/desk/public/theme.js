// Before the first paint, so that a dark screen never flashes white. A file, not inline: the content policy forbids inline scripts.
(function () {
  var wanted = null;
  try { wanted = localStorage.getItem("jingwei.theme"); } catch { /* private window: follow the system */ }
  var dark = wanted === "dark" || (wanted !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
