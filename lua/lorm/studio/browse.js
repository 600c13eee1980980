// The rows of a model: pages by cursor, sorting, filters, cells to edit, relations to follow.
import { download, fill, h, toast } from "./dom.js";
import * as edits from "./edits.js";
import { edit_cell } from "./cell.js";
import * as filters from "./filters.js";
import { call } from "./remote.js";
import { align, is_relation, is_written, preview, shown, text_of, type_text } from "./values.js";

const SIZES = [25, 50, 100, 500];

// context: { models, readOnly, go(model, state), state(): of the address, replace(state) }
export function browse(context, model, element) {
  const view = { context, model, element, state: context.state(), rows: [], page: { take: context.state().size ?? 50 } };
  load(view);
  return { refresh: () => load(view) };
}

// ---- reading ----

// A sort is total when what tells rows apart is part of it; a cursor needs that.
function order(model, state) {
  const sorted = (state.sort ?? []).map(([name, way]) => ({ [name]: way }));
  const rest = (model.identity ?? []).filter((name) => !sorted.some((o) => name in o));
  return [...sorted, ...rest.map((name) => ({ [name]: "asc" }))];
}

async function load(view) {
  const { model, state, page } = view;
  const ticket = (view.ticket = {});
  view.element.classList.add("busy");
  try {
    const where = filters.where(model, state);
    const request = { model: model.name, where, orderBy: order(model, state), take: page.take, skip: page.skip, cursor: page.cursor };
    const { result, millis } = await call("rows", request);
    if (view.ticket !== ticket) return; // another page was asked for meanwhile
    Object.assign(view, { rows: result, millis, problem: undefined });
    count(view, where, ticket);
  } catch (e) {
    if (view.ticket === ticket) Object.assign(view, { rows: [], problem: e });
  }
  if (view.ticket === ticket) {
    view.element.classList.remove("busy");
    draw(view);
  }
}

async function count(view, where, ticket) {
  try {
    const { result } = await call("count", { model: view.model.name, where });
    if (view.ticket !== ticket) return;
    view.total = result;
    const place = view.element.querySelector(".total");
    if (place) place.textContent = total_text(view);
  } catch { /* the rows are there all the same */ }
}

function total_text({ total }) {
  if (total?.count === undefined || total.count === null) return "";
  const n = Number(total.count).toLocaleString("en");
  return total.estimated ? `about ${n} rows` : `${n} row${total.count === 1 ? "" : "s"}`;
}

function turn(view, page) {
  view.page = page;
  load(view);
}

function change(view, changes) {
  view.state = { ...view.state, ...changes };
  view.context.replace(view.state);
  view.total = undefined;
  turn(view, { take: view.state.size ?? 50 });
}

const editable = ({ context, model }) => !context.readOnly && !model.view && model.identity;

// ---- above and below the rows ----

function pages(view) {
  const { rows, model } = view;
  const size = view.state.size ?? 50;
  const at = (row) => edits.key_of(model, row);
  const button = (text, title, page) => h("button", { class: "plain", title, disabled: !page, onclick: () => turn(view, page) }, text);
  const known = model.identity && rows.length;
  const full = rows.length === size;
  return h("span", { class: "pages" },
    button("⇤", "First page", { take: size }),
    button("←", "Page before", known && { take: -size, cursor: at(rows[0]), skip: 1 }),
    button("→", "Next page", known && full && { take: size, cursor: at(rows[rows.length - 1]), skip: 1 }),
    button("⇥", "Last page", model.identity && { take: -size }),
    h("select", { "aria-label": "Rows of a page", onchange: (e) => change(view, { size: Number(e.target.value) }) },
      SIZES.map((n) => h("option", { value: n, selected: n === size }, `${n} rows`))));
}

function search(view) {
  const input = h("input", { type: "search", placeholder: "Search all columns", "aria-label": "Search all columns", value: view.state.search ?? "" });
  return h("form", { onsubmit: (e) => { e.preventDefault(); change(view, { search: input.value || undefined }); } }, input);
}

function related(view) {
  const from = view.state.related;
  if (!from) return null;
  return h("span", { class: "pill" }, from.text,
    h("button", { title: "Show all rows", "aria-label": "Show all rows", onclick: () => change(view, { related: undefined }) }, "×"));
}

function toolbar(view) {
  const { model } = view;
  const add = () => { edits.add(model); draw(view); view.element.querySelector("tr.new td.cell")?.focus(); };
  return h("header", { class: "bar" },
    h("h1", { title: model.documentation ?? "" }, model.name, model.table !== model.name && h("small", {}, model.table)),
    h("span", { class: "total" }, total_text(view)),
    search(view), related(view), filters.bar(model, view.state.filters ?? [], (list) => change(view, { filters: list })),
    h("span", { class: "space" }), pages(view),
    h("button", { class: "plain", title: "Read again", onclick: () => load(view) }, "↻"),
    h("button", { class: "plain", title: "These rows as CSV", onclick: () => save_csv(view) }, "CSV"),
    editable(view) && h("button", { onclick: add }, "Add row"));
}

function save_csv({ model, rows }) {
  const fields = model.fields.filter(is_written);
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [fields.map((f) => f.name), ...rows.map((row) => fields.map((f) => text_of(f, row[f.name])))];
  download(`${model.name}.csv`, "text/csv", lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join(""));
}

// ---- the rows ----

function draw(view) {
  if (view.problem) {
    fill(view.element, toolbar(view), h("p", { class: "problem block" }, view.problem.message));
    return;
  }
  const scrolled = view.element.querySelector(".grid")?.scrollTop ?? 0;
  const rows = [...edits.new_rows(view.model), ...view.rows];
  const table = h("table", {}, head(view), h("tbody", {}, rows.map((row) => line(view, row))));
  fill(view.element, toolbar(view),
    h("div", { class: "grid" }, table, !rows.length && h("p", { class: "empty" }, "There are no rows here.")));
  view.element.querySelector(".grid").scrollTop = scrolled;
}

function sorted(view, field) {
  const [name, way] = view.state.sort?.[0] ?? [];
  return name === field.name ? way : undefined;
}

function head(view) {
  const { model } = view;
  const next = { undefined: "asc", asc: "desc", desc: undefined };
  const cell = (field) => {
    const way = sorted(view, field);
    const can = !is_relation(field) && !field.isList && field.type !== "Json";
    const sort = () => change(view, { sort: next[way] ? [[field.name, next[way]]] : undefined });
    const key = field.isId || model.identity?.includes(field.name);
    return h("th", { class: align(field), scope: "col", title: field.documentation ?? "", "aria-sort": way ? `${way}ending` : "none" },
      h("button", { class: "head", disabled: !can, onclick: sort },
        key && h("b", { class: "key", title: "key" }, "⚷ "), field.name, way && (way === "asc" ? " ↑" : " ↓"),
        h("small", {}, type_text(field), field.isUnique && " unique")));
  };
  return h("thead", {}, h("tr", {}, h("th", { class: "mark" }), model.fields.map(cell)));
}

function line(view, row) {
  const { model } = view;
  const removed = edits.is_removed(model, row);
  const remove = h("button", {
    class: "plain remove", title: removed ? "Keep it" : "Delete this row", "aria-label": removed ? "Keep it" : "Delete this row",
    onclick: () => { edits.remove(model, row, !removed); draw(view); },
  }, removed ? "↺" : "×");
  return h("tr", { class: `${row.$new ? "new" : ""} ${removed ? "removed" : ""}` },
    h("td", { class: "mark" }, editable(view) && remove),
    model.fields.map((field) => (is_relation(field) ? link(view, row, field) : cell(view, row, field))));
}

function cell(view, row, field) {
  const { model, context } = view;
  const changed = edits.has(model, row, field.name);
  const value = changed ? edits.value(model, row, field.name) : row[field.name];
  const untouched = row.$new && !changed;
  const td = h("td", {
    class: `cell ${align(field)} ${changed ? "changed" : ""}`, tabIndex: 0,
    ondblclick: () => edit(), onkeydown: (event) => keys(event),
  }, untouched ? unset(field) : shown(field, changed ? preview(field, value) : value));
  td.dataset.field = field.name;
  const edit = () => {
    if (!editable(view)) return;
    if (edits.is_removed(model, row)) return toast("This row is about to be deleted.");
    edit_cell(context, td, field, value, (result) => {
      edits.set(model, row, field.name, result, !row.$new && JSON.stringify(result) === JSON.stringify(row[field.name]));
      draw(view);
    });
  };
  const keys = (event) => {
    if (event.target !== td) return;
    if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); edit(); }
    else if (event.key === "c" && (event.ctrlKey || event.metaKey) && !getSelection().toString()) navigator.clipboard?.writeText(text_of(field, value));
    else move(event, td);
  };
  return td;
}

// What a new row has in a cell that nobody has filled.
function unset(field) {
  const given = field.hasDefaultValue || field.isUpdatedAt || field.isList;
  return h("span", { class: "null" }, given ? "default" : field.isRequired ? "required" : "null");
}

function move(event, td) {
  const column = td.cellIndex;
  const to = {
    ArrowLeft: td.previousElementSibling, ArrowRight: td.nextElementSibling,
    ArrowUp: td.parentElement.previousElementSibling?.cells[column], ArrowDown: td.parentElement.nextElementSibling?.cells[column],
  }[event.key];
  if (!to) return;
  event.preventDefault();
  (to.matches("[tabindex]") ? to : to.querySelector("button, a"))?.focus();
}

// ---- relations ----

// The other side's field of a relation is how its rows are found, whichever side holds the key.
function link(view, row, field) {
  if (row.$new) return h("td", {}, h("span", { class: "null" }, "–"));
  const other = view.context.models.find((m) => m.name === field.type);
  const back = other?.fields.find((f) => f.relationName === field.relationName && !(other === view.model && f.name === field.name));
  if (!back || !view.model.identity) return h("td", {});
  const keys = field.relationFromFields ?? [];
  if (keys.length && keys.some((name) => row[name] === null)) return h("td", {}, h("span", { class: "null" }, "null"));
  const key = edits.key_of(view.model, row);
  const names = Object.values(key).join(", ");
  const where = { [back.name]: back.isList ? { some: key } : { is: key } };
  const follow = () => view.context.go(other, { related: { where, text: `${field.name} of ${view.model.name} ${names}` } });
  const label = keys.length ? keys.map((name) => row[name]).join(", ") : field.isList ? "rows" : "row";
  return h("td", {}, h("button", { class: "link", onclick: follow }, `${label} →`));
}
