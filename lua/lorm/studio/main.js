// The page: what is at the side, what the address says, what all views share.
//   #/User?{"filters":[...]}     rows of a model, in a state that can be kept as a bookmark
//   #/console                    Lua and SQL
import { browse } from "./browse.js";
import { open_console } from "./console.js";
import { by_id, dialog, fill, h, toast } from "./dom.js";
import * as edits from "./edits.js";
import { Failure, call, onStatements, statements } from "./remote.js";

const context = { models: [], enums: [], go, state: () => place().state, replace };
let view;

// ---- the address ----

function place() {
  const [, name = "", query = ""] = /^#\/([^?]*)\??(.*)$/.exec(location.hash) ?? [];
  try {
    return { name: decodeURIComponent(name), state: query ? JSON.parse(decodeURIComponent(query)) : {} };
  } catch {
    return { name, state: {} };
  }
}

function address(name, state) {
  const kept = JSON.stringify(state ?? {});
  return `#/${encodeURIComponent(name)}${kept === "{}" ? "" : `?${encodeURIComponent(kept)}`}`;
}

function go(model, state) {
  location.hash = address(model.name, state);
}

function replace(state) {
  history.replaceState(null, "", address(place().name, state));
}

// ---- the side ----

function draw_side() {
  const { name } = place();
  const entry = (target, text, title) => h("a", { href: address(target), "aria-current": name === target ? "page" : false, title: title ?? "" }, text);
  const search = h("input", { type: "search", placeholder: "Models (Ctrl-K)", "aria-label": "Find a model", oninput: () => narrow(search.value), onkeydown: (event) => {
    const first = by_id("models").querySelector("a:not([hidden])");
    if (event.key === "Enter" && first) { first.click(); search.value = ""; narrow(""); }
  } });
  fill(by_id("side"),
    h("p", { class: "brand" }, h("img", { src: "/icon.svg", alt: "" }), "lorm studio"),
    h("p", { class: "database", title: context.database }, context.database.replace(/^postgres(ql)?:\/\//, ""), context.production && h("b", { class: "danger" }, " production"), context.readOnly && h("b", {}, " read-only")),
    search, h("div", { id: "models" }, context.models.map((m) => entry(m.name, m.name, m.documentation))),
    h("hr"), entry("console", "Console"),
    h("button", { class: "plain", onclick: () => { by_id("log").hidden = !by_id("log").hidden; draw_log(); } }, "Statements"));
}

function narrow(text) {
  for (const link of by_id("models").children) link.hidden = !link.textContent.toLowerCase().includes(text.toLowerCase());
}

// ---- statements ----

function draw_log() {
  const log = by_id("log");
  if (log.hidden) return;
  fill(log, h("header", { class: "bar" }, h("h2", {}, "Statements"), h("span", { class: "space" }), h("button", { class: "plain", onclick: () => { log.hidden = true; } }, "Close")),
    h("ol", {}, statements.map((s) => h("li", { class: s.error ? "problem" : "" }, h("span", { class: "millis" }, `${s.millis.toFixed(1)} ms`), h("code", {}, s.sql), s.params && s.params !== "[]" && h("small", {}, s.params), s.error && h("small", {}, s.error)))));
}

// ---- saving ----

const bar = h("div", { id: "changes", hidden: true });

function draw_changes() {
  const n = edits.count();
  bar.hidden = n === 0;
  fill(bar, `${n} row${n === 1 ? "" : "s"} changed`, h("button", { class: "plain", onclick: () => { edits.discard(); view?.refresh?.(); } }, "Discard"), h("button", { title: "Ctrl-S", onclick: save }, "Save"));
}

async function save() {
  const list = edits.list();
  const removed = list.filter((edit) => edit.action === "delete").length;
  if (removed && !(await sure(removed))) return;
  try {
    const { result } = await call("save", { edits: list });
    if (result.error) return toast(`Nothing was saved. ${list[result.failed - 1].model}: ${result.error.message}`, "error");
    edits.discard();
    toast(`${list.length} row${list.length === 1 ? "" : "s"} saved.`);
    view?.refresh?.();
  } catch (e) {
    toast(`Nothing was saved. ${e.message}`, "error");
  }
}

const sure = (n) => dialog(`Delete ${n} row${n === 1 ? "" : "s"}?`, (close) => h("p", { class: "buttons" },
  h("button", { class: "plain", onclick: () => close(false) }, "Cancel"), h("button", { class: "danger", onclick: () => close(true) }, "Delete")));

// ---- all of it ----

function show() {
  draw_side();
  const { name } = place();
  const model = context.models.find((m) => m.name === name);
  const element = h("div", { class: "view" });
  fill(by_id("view"), element, bar);
  document.title = name ? `${name} – lorm studio` : "lorm studio";
  if (name === "console") view = open_console(context, element);
  else if (model) view = browse(context, model, element);
  else if (context.models.length && !name) go(context.models[0]);
  else fill(element, h("p", { class: "empty" }, name ? `There is no model ${name}.` : "The schema has no models yet."));
}

function keys(event) {
  if (!(event.ctrlKey || event.metaKey)) return;
  if (event.key === "k") { event.preventDefault(); by_id("side").querySelector("input").focus(); }
  if (event.key === "s") { event.preventDefault(); if (edits.count()) save(); }
}

async function start() {
  try {
    Object.assign(context, (await call("schema")).result);
  } catch (e) {
    const hint = e instanceof Failure && e.status === 403 ? "" : " Reload this page when that is mended.";
    fill(by_id("view"), h("pre", { class: "problem block" }, (e.text ?? e.message) + hint));
    return;
  }
  edits.onchange(draw_changes);
  onStatements(draw_log);
  addEventListener("hashchange", show);
  addEventListener("keydown", keys);
  addEventListener("beforeunload", (event) => { if (edits.count()) event.preventDefault(); });
  show();
}

start();
