// The console: Lua with `db` in it, as at the prompt of the REPL, and SQL.
import { fill, h } from "./dom.js";
import { call } from "./remote.js";

const KEPT = 100;
const examples = { lua: "db.User:findMany {\n  take = 10,\n}", sql: "SELECT version()" };

const stored = () => JSON.parse(localStorage.getItem("history") ?? "[]");
function remember(language, code) {
  const list = [{ language, code }, ...stored().filter((h) => h.code !== code || h.language !== language)].slice(0, KEPT);
  localStorage.setItem("history", JSON.stringify(list));
}

export function open_console(context, element) {
  let language = localStorage.getItem("language") ?? "lua";
  const first = context.models[0]?.name ?? "User";
  const text_for = (name) => localStorage.getItem(`code.${name}`) ?? examples[name].replace("User", first);
  const area = h("textarea", {
    class: "code", rows: 9, spellcheck: false, "aria-label": "Code", value: text_for(language),
    oninput: () => localStorage.setItem(`code.${language}`, area.value),
    onkeydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(language); }
      if (event.key === "Tab") { event.preventDefault(); area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end"); }
    },
  });
  const results = h("div", { class: "results" });
  const tab = (name, title) => h("button", { class: "tab", "aria-pressed": String(language === name), onclick: () => turn_to(name) }, title);
  const tabs = h("span", { class: "tabs" });
  const explain = h("button", { class: "plain", title: "The server's plan; nothing is run", onclick: () => run("explain") }, "Explain");
  const runs = h("button", { title: "Ctrl-Enter", onclick: () => run(language) }, "Run");
  const past = h("select", { "aria-label": "What was run before", onchange: () => recall() });

  function turn_to(name) {
    language = name;
    localStorage.setItem("language", name);
    area.value = text_for(name);
    refresh();
  }
  function refresh() {
    fill(tabs, tab("lua", "Lua"), tab("sql", "SQL"));
    explain.hidden = language !== "sql";
    fill(past, h("option", { value: "" }, "History"), stored().map((entry, i) => h("option", { value: i }, `${entry.language}: ${entry.code.replace(/\s+/g, " ").slice(0, 60)}`)));
  }
  function recall() {
    const entry = stored()[Number(past.value)];
    if (past.value === "" || !entry) return;
    localStorage.setItem(`code.${entry.language}`, entry.code);
    turn_to(entry.language);
  }

  async function run(name) {
    const selected = area.value.slice(area.selectionStart, area.selectionEnd);
    const code = selected.trim() ? selected : area.value;
    if (!code.trim()) return;
    remember(language, code);
    refresh();
    runs.disabled = true;
    fill(results, h("p", { class: "empty" }, "Running."));
    try {
      const answer = await call(name, { code });
      fill(results, shown(answer.result), footer(answer));
    } catch (e) {
      fill(results, h("pre", { class: "problem block" }, e.text ?? e.message));
    }
    runs.disabled = false;
  }

  refresh();
  fill(element, h("header", { class: "bar" }, h("h1", {}, "Console"), tabs, h("span", { class: "space" }), past, explain, runs), area, results);
  area.focus();
}

const footer = ({ millis, statements }) =>
  h("p", { class: "footer" }, `${statements.length} statement${statements.length === 1 ? "" : "s"}, ${millis.toFixed(1)} ms`);

function shown(result) {
  if (result.text !== undefined) return h("pre", {}, result.text);
  if (result.count !== undefined) return h("p", {}, `${result.count} row${result.count === 1 ? "" : "s"} changed.`);
  if (result.rows) return grid(result.rows);
  return [result.output.map((line) => h("pre", {}, line)), result.values.map((value) => (value.rows ? grid(value.rows) : h("pre", {}, value.text)))];
}

function grid(rows) {
  if (!rows.length) return h("p", { class: "empty" }, "No rows.");
  const columns = Object.keys(rows[0]);
  const cell = (value) => {
    if (value === null || value === undefined) return h("span", { class: "null" }, "null");
    return typeof value === "object" ? h("span", { class: "code" }, JSON.stringify(value)) : String(value);
  };
  return h("div", { class: "grid small" }, h("table", {},
    h("thead", {}, h("tr", {}, columns.map((name) => h("th", { class: "plain" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, columns.map((name) => h("td", { class: typeof row[name] === "number" ? "right" : "" }, cell(row[name]))))))));
}
