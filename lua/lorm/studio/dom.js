// Elements. Text is only ever set as text: what comes from the database is no markup.
//   h("button", { class: "plain", onclick: save, disabled: true }, "Save ", h("b", {}, 3))
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else if (name === "class") element.className = value;
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

export const by_id = (id) => document.getElementById(id);

// A message that goes by itself; errors stay until they are clicked away.
export function toast(text, kind = "note") {
  const note = h("div", { class: `toast ${kind}`, onclick: () => note.remove() }, text);
  by_id("toasts").append(note);
  if (kind !== "error") setTimeout(() => note.remove(), 4000);
}

// A dialog of its own; resolves with what `close(value)` is given, with undefined when it is left.
export function dialog(title, body) {
  return new Promise((resolve) => {
    let result;
    const box = h("dialog", { onclose: () => { box.remove(); resolve(result); } });
    const close = (value) => { result = value; box.close(); };
    fill(box, h("h2", {}, title), body(close));
    document.body.append(box);
    box.showModal();
  });
}

export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
