// The editor of one cell, in its place; long values get a window of their own.
import { dialog, fill, h } from "./dom.js";
import { parsed, typed } from "./values.js";

const is_long = (field, value) => field.type === "Json" || field.isList || /\n/.test(typed(field, value)) || typed(field, value).length > 80;

// done(value) with what is to be saved.
export function edit_cell(context, td, field, value, done) {
  if (field.type === "Boolean" && !field.isList) return choose(td, field, value, ["true", "false"], done);
  if (field.kind === "enum" && !field.isList) {
    return choose(td, field, value, context.enums.find((e) => e.name === field.type)?.values.map((v) => v.name ?? v) ?? [], done);
  }
  if (is_long(field, value)) return in_window(field, value, done);
  in_place(td, field, value, done);
}

function accept(field, text, done, say) {
  try {
    done(parsed(field, text));
  } catch (e) {
    say(e.message);
  }
}

function choose(td, field, value, choices, done) {
  const before = [...td.childNodes];
  const cancel = () => fill(td, before);
  const select = h("select", {
    "aria-label": field.name, onblur: cancel,
    onkeydown: (event) => { if (event.key === "Escape") { cancel(); td.focus(); } },
    onchange: () => (select.value === "\0" ? done(null) : accept(field, select.value, done, () => {})),
  }, value === undefined && h("option", { value: "", selected: true }, ""), choices.map((name) => h("option", { value: name, selected: String(value) === name }, name)),
  !field.isRequired && h("option", { value: "\0", selected: value === null }, "null"));
  fill(td, select);
  select.focus();
}

function in_place(td, field, value, done) {
  const before = [...td.childNodes];
  let over = false;
  const problem = h("span", { class: "problem" });
  const finish = (how) => {
    if (over) return;
    over = true;
    how();
  };
  const cancel = () => finish(() => { fill(td, before); td.focus(); });
  const save = () => {
    if (input.value === typed(field, value) && value !== undefined && value !== null) return cancel();
    accept(field, input.value, (result) => finish(() => done(result)), (text) => { problem.textContent = text; });
  };
  const input = h("input", {
    value: typed(field, value), "aria-label": field.name,
    onkeydown: (event) => {
      event.stopPropagation();
      if (event.key === "Enter") save();
      if (event.key === "Escape") cancel();
    },
    onblur: (event) => { if (!td.contains(event.relatedTarget) && !over) (input.value === typed(field, value) ? cancel() : save()); },
  });
  const none = !field.isRequired && h("button", { class: "plain", onclick: () => finish(() => done(null)) }, "null");
  fill(td, h("span", { class: "editor" }, input, none, problem));
  input.select();
  input.focus();
}

async function in_window(field, value, done) {
  await dialog(field.name, (close) => {
    const problem = h("p", { class: "problem" });
    const area = h("textarea", { value: typed(field, value), rows: 16, cols: 80, spellcheck: false, "aria-label": field.name });
    const save = () => accept(field, area.value, (result) => { close(); done(result); }, (text) => { problem.textContent = text; });
    return [area, problem, h("p", { class: "buttons" },
      !field.isRequired && !field.isList && h("button", { class: "plain", onclick: () => { close(); done(null); } }, "null"),
      h("button", { class: "plain", onclick: () => close() }, "Cancel"), h("button", { onclick: save }, "Keep"))];
  });
}
