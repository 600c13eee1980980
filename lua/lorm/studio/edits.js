// What was changed and not yet saved, of all models; it is saved in one transaction.
//   edits.set(model, row, "title", value)     a cell         edits.add(model)     a new row, which it returns
//   edits.remove(model, row)                  a row          edits.value(model, row, name)     as it will be
//   edits.list()      what calls.save takes                  edits.onchange(fn)
// A row is known by its key; a new one has a number instead.
const changes = new Map(); // "Model key" -> { model, key, created, removed, data: Map }
const listeners = [];
let created = 0;

export const onchange = (fn) => listeners.push(fn);
const changed = () => listeners.forEach((fn) => fn());

export const key_of = (model, row) => Object.fromEntries(model.identity.map((name) => [name, row[name]]));

function name_of(model, row) {
  return `${model.name} ${row.$new ?? JSON.stringify(key_of(model, row))}`;
}

function change_of(model, row) {
  const name = name_of(model, row);
  if (!changes.has(name)) changes.set(name, { model, key: key_of(model, row), data: new Map() });
  return changes.get(name);
}

const found = (model, row) => (model.identity ? changes.get(name_of(model, row)) : undefined);

export function set(model, row, name, value, same) {
  const change = change_of(model, row);
  if (same) change.data.delete(name);
  else change.data.set(name, value);
  if (!change.created && !change.removed && !change.data.size) changes.delete(name_of(model, row));
  changed();
}

export function add(model) {
  const row = { $new: ++created };
  changes.set(name_of(model, row), { model, row, created: true, data: new Map() });
  changed();
  return row;
}

export function remove(model, row, removed = true) {
  const change = change_of(model, row);
  change.removed = removed;
  if (change.created || (!removed && !change.data.size)) changes.delete(name_of(model, row));
  changed();
}

export const has = (model, row, name) => found(model, row)?.data.has(name) ?? false;
export const value = (model, row, name) => found(model, row)?.data.get(name);
export const is_removed = (model, row) => found(model, row)?.removed ?? false;
export const new_rows = (model) => [...changes.values()].filter((c) => c.created && c.model === model).map((c) => c.row);
export const count = () => changes.size;

export function discard() {
  changes.clear();
  changed();
}

// Deletions last: what is changed may have pointed there.
export function list() {
  const all = [...changes.values()];
  const data = (change) => Object.fromEntries(change.data);
  const edit = (action, change) => ({ action, model: change.model.name, key: change.key, data: data(change) });
  return [
    ...all.filter((c) => c.created).map((c) => edit("create", c)),
    ...all.filter((c) => !c.created && !c.removed).map((c) => edit("update", c)),
    ...all.filter((c) => c.removed).map((c) => edit("delete", c)),
  ];
}
