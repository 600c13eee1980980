// Filters: pills above the rows. A filter is { field, op, text }; where(model, filters, search) is what they mean.
import { h } from "./dom.js";
import { is_written, parsed } from "./values.js";

const EQUALITY = [["equals", "="], ["not", "≠"], ["in", "in"], ["null", "is null"], ["filled", "is not null"]];
const ORDER = [["lt", "<"], ["lte", "≤"], ["gt", ">"], ["gte", "≥"]];
const TEXT = [["contains", "contains"], ["startsWith", "starts with"], ["endsWith", "ends with"]];
const LIST = [["has", "has"], ["isEmpty", "is empty"], ["equals", "="]];
const UNORDERED = ["Boolean", "Json", "Bytes"];

function operators(field) {
  if (field.isList) return LIST;
  if (field.kind === "enum" || UNORDERED.includes(field.type)) return EQUALITY.filter(([op]) => op !== "in" || field.type !== "Json");
  return field.type === "String" ? [...TEXT, ...EQUALITY, ...ORDER] : [...EQUALITY, ...ORDER];
}

const needs_text = (op) => !["null", "filled", "isEmpty"].includes(op);
const can_filter = (field) => is_written(field) && field.type !== "Bytes";

function condition(field, { op, text }) {
  const single = { ...field, isList: false };
  const value = (t) => (field.type === "Json" ? JSON.parse(t) : parsed(single, t));
  switch (op) {
    case "null": return { equals: null };
    case "filled": return { not: null };
    case "isEmpty": return { isEmpty: true };
    case "in": return { in: text.split(",").map((part) => value(part.trim())) };
    case "equals": return { equals: field.isList ? parsed(field, text) : value(text) };
    case "contains": case "startsWith": case "endsWith": return { [op]: text, mode: "insensitive" };
    default: return { [op]: value(text) };
  }
}

// In every column that can be compared with what was typed.
function found_anywhere(model, text) {
  const any = [];
  for (const field of model.fields) {
    if (!is_written(field) || field.isList) continue;
    if (field.type === "String" && !/Uuid|Inet|Bit|Xml/.test(field.nativeType?.[0] ?? "")) any.push({ [field.name]: { contains: text, mode: "insensitive" } });
    else if (["Int", "BigInt", "Decimal", "String"].includes(field.type)) {
      try {
        if (field.type !== "String") any.push({ [field.name]: { equals: fits(field, parsed(field, text)) } });
        else if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) any.push({ [field.name]: { equals: text } });
      } catch { /* no such number: it is not in this column */ }
    }
  }
  return { OR: any };
}

function fits(field, value) {
  if (field.type === "Int" && Math.abs(Number(value)) > 2 ** 31 - 1) throw new Error("too big");
  return value;
}

export function where(model, state) {
  const all = [];
  for (const filter of state.filters ?? []) {
    const field = model.fields.find((f) => f.name === filter.field);
    if (field) all.push({ [field.name]: condition(field, filter) });
  }
  if (state.search) all.push(found_anywhere(model, state.search));
  if (state.related) all.push(state.related.where);
  return all.length ? { AND: all } : undefined;
}

// A row of pills, and the form of another one. change(filters) when there are others.
export function bar(model, filters, change) {
  const fields = model.fields.filter(can_filter);
  const pill = (filter, i) => {
    const field = fields.find((f) => f.name === filter.field);
    const words = Object.fromEntries(field ? operators(field) : []);
    return h("span", { class: "pill" }, filter.field, " ", h("i", {}, words[filter.op] ?? filter.op), " ", needs_text(filter.op) ? filter.text : "",
      h("button", { title: "Remove this filter", "aria-label": "Remove this filter", onclick: () => change(filters.filter((_, k) => k !== i)) }, "×"));
  };
  return [filters.map(pill), form(fields, (filter) => change([...filters, filter]))];
}

function form(fields, done) {
  const open = h("button", { class: "plain", onclick: () => { open.hidden = true; box.hidden = false; field.focus(); } }, "+ Filter");
  const field = h("select", { "aria-label": "Field", onchange: refresh }, fields.map((f) => h("option", {}, f.name)));
  const op = h("select", { "aria-label": "Comparison", onchange: refresh_text });
  const text = h("input", { "aria-label": "Value", size: 14 });
  const problem = h("span", { class: "problem" });
  const box = h("form", { class: "filter", hidden: true, onsubmit: submit }, field, op, text, h("button", {}, "Add"), problem);
  const chosen = () => fields.find((f) => f.name === field.value);
  function refresh() {
    op.replaceChildren(...operators(chosen()).map(([name, word]) => h("option", { value: name }, word)));
    refresh_text();
  }
  function refresh_text() { text.hidden = !needs_text(op.value); }
  function submit(event) {
    event.preventDefault();
    const filter = { field: field.value, op: op.value, text: text.value };
    try {
      condition(chosen(), filter);
      done(filter);
    } catch (e) {
      problem.textContent = e.message;
    }
  }
  if (fields.length) refresh();
  return fields.length ? [open, box] : [];
}
