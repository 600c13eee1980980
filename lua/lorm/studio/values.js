// What a cell shows, and how it is typed. Values are as JSON has them: whole numbers that are too long for JavaScript,
// exact numbers and instants are texts, bytes are base64.
import { h } from "./dom.js";

const WHOLE = /^[+-]?\d+$/;
const EXACT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const BASE64 = /^[A-Za-z0-9+/\s]*=*\s*$/;

const is_number = (field) => ["Int", "BigInt", "Float", "Decimal"].includes(field.type);
export const is_relation = (field) => field.kind === "object";
export const is_written = (field) => field.kind === "scalar" || field.kind === "enum";
export const align = (field) => (is_number(field) && !field.isList ? "right" : "left");

export function type_text(field) {
  return field.type + (field.isList ? "[]" : field.isRequired ? "" : "?");
}

// One line.
export function text_of(field, value) {
  if (value === null || value === undefined) return "";
  if (field.type === "DateTime" && !field.isList) return String(value).replace("T", " ").replace(/(\.000)?Z$/, "");
  if (field.isList || field.type === "Json") return JSON.stringify(value);
  return String(value);
}

export function shown(field, value) {
  if (value === null || value === undefined) return h("span", { class: "null" }, "null");
  if (field.type === "Boolean" && !field.isList) return h("span", { class: `bool ${value}` }, String(value));
  if (field.kind === "enum" && !field.isList) return h("span", { class: "tag" }, value);
  const text = text_of(field, value);
  if (text === "") return h("span", { class: "null" }, "empty");
  return h("span", { class: field.type === "Json" || field.isList ? "code" : "" }, text.length > 300 ? `${text.slice(0, 300)}…` : text);
}

// What stands in the editor.
export function typed(field, value) {
  if (value === null || value === undefined) return "";
  if (field.isList) return JSON.stringify(value);
  if (field.type === "Json") return JSON.stringify(value, null, 2);
  return String(value);
}

function one(field, text) {
  switch (field.type) {
    case "Int":
    case "BigInt":
      if (!WHOLE.test(text.trim())) throw new Error("a whole number is expected");
      return Number.isSafeInteger(Number(text)) ? Number(text) : text.trim();
    case "Float":
      if (!EXACT.test(text.trim())) throw new Error("a number is expected");
      return Number(text);
    case "Decimal":
      if (!EXACT.test(text.trim())) throw new Error("a number is expected");
      return text.trim();
    case "Boolean":
      if (!/^(true|false)$/.test(text.trim())) throw new Error("true or false is expected");
      return text.trim() === "true";
    case "DateTime": {
      const trimmed = text.trim().replace(" ", "T");
      if (Number.isNaN(Date.parse(trimmed))) throw new Error("a date is expected, such as 2026-05-17 12:30:00");
      return /(Z|[+-]\d\d:?\d\d)$/.test(trimmed) || trimmed.length <= 10 ? trimmed : `${trimmed}Z`;
    }
    case "Bytes":
      if (!BASE64.test(text)) throw new Error("bytes are written in base64");
      return text.trim();
    case "Json":
      JSON.parse(text);
      return text;
    default:
      return text;
  }
}

// Of what was typed, what the program is sent; throws what is wrong with it.
export function parsed(field, text) {
  if (!field.isList) return one(field, text);
  const list = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error("a list is expected, such as [1, 2]");
  return list.map((item) => one(field, typeof item === "string" ? item : JSON.stringify(item)));
}

// What such a value is shown as before it is saved.
export function preview(field, value) {
  if (value === null || field.type !== "Json") return value;
  return field.isList ? value.map((item) => JSON.parse(item)) : JSON.parse(value);
}
