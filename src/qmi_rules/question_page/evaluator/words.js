// One reader's language: sentences of the table filled, amounts, days and lists as the library writes them.

import { dec, rounded, times, trimmed, written } from "./decimals.js";

/** @typedef {import("./decimals.js").Dec} Dec */
/** @typedef {Record<string, string>} Text a text in each language */
/** @typedef {{2: string, start: string, middle: string, end: string}} ListPattern */
/**
 * @typedef {object} Formats
 * @property {string} group @property {string} decimal @property {string} euros @property {string} percent
 * @property {string} date @property {string} first @property {string[]} months
 * @property {string} clauses @property {string} label @property {number[]} one
 * @property {ListPattern} all_of @property {ListPattern} any_of
 */
/** @typedef {{[code: string]: Formats}} FormatsByLanguage */
/** @typedef {{patterns: Record<string, Text>, formats: FormatsByLanguage, short_names: Record<string, Text>}} Spoken */

const HUNDRED = dec(100);

export class Language {
  /** @param {Spoken} rows @param {string} code */
  constructor(rows, code) {
    this.code = code;
    this.formats = /** @type {Formats} */ (rows.formats[code]);
    this.patterns = rows.patterns;
    this.short = rows.short_names;
    if (!this.formats) throw new RangeError(`no language ${code}`);
  }

  /** A text of the table. @param {Text | undefined} text @returns {string} */
  text(text) {
    return text?.[this.code] ?? "";
  }

  /** A sentence by its name, its places filled. @param {string} name @param {Record<string, string>} values @returns {string} */
  say(name, values = {}) {
    const pattern = this.patterns[name];
    if (pattern === undefined) throw new RangeError(`no sentence ${name}`);
    return this.text(pattern).replace(/\{(\w+)\}/g, (_, place) => values[place] ?? "");
  }

  /** The sentence for one or for several. @param {number} count @param {string} name @param {Record<string, string>} values */
  count(count, name, values = {}) {
    const form = this.formats.one.includes(count) ? "one" : "several";
    return this.say(`${name}_${form}`, { count: this.number(dec(count)), ...values });
  }

  /** @param {Dec} value @param {number} least digits behind the point that are always written @param {number} most @returns {string} */
  digits(value, least, most) {
    let kept = rounded(value, most);
    const short = trimmed(kept);
    kept = short.places < least ? rounded(short, least) : short;
    const [whole = "", behind = ""] = written(kept).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, this.formats.group);
    return behind ? grouped + this.formats.decimal + behind : grouped;
  }

  /** @param {Dec} amount @returns {string} cents only where there are any */
  euros(amount) {
    const places = trimmed(amount).places ? 2 : 0;
    const text = this.formats.euros.replace("{n}", this.digits({ ...amount, units: amount.units < 0n ? -amount.units : amount.units }, places, places));
    return amount.units < 0n ? "-" + text : text;
  }

  /** @param {Dec} value @returns {string} */
  number(value) {
    return this.digits(value, 0, 3);
  }

  /** @param {Dec} value a share of one @returns {string} */
  percent(value) {
    return this.formats.percent.replace("{n}", this.digits(times(value, HUNDRED), 0, 2));
  }

  /** @param {string} day 2026-04-01 @returns {string} */
  date(day) {
    const [year = 0, month = 1, number = 1] = day.split("-").map(Number);
    const told = number === 1 ? this.formats.first : String(number);
    const values = { day: told, month: this.formats.months[month - 1] ?? "", year: String(year) };
    return this.formats.date.replace(/\{(\w+)\}/g, (_, place) => values[/** @type {"day" | "month" | "year"} */ (place)]);
  }

  /** A number with its unit; null is "?". @param {Dec | null} value @param {string} unit @returns {string} */
  quantity(value, unit) {
    if (value === null) return "?";
    if (unit === "EUR HT") return this.say("unit_EUR HT", { amount: this.euros(value) });
    if (unit === "EUR") return this.euros(value);
    if (unit === "share") return this.percent(value);
    return unit === "months" ? this.say("unit_months", { n: this.number(value) }) : this.number(value);
  }

  /** @param {string[]} items @returns {string} one after another, with semicolons */
  clauses(items) {
    return items.join(this.formats.clauses);
  }

  /** @param {string[]} items @returns {string} a, b and c */
  allOf(items) {
    return listed(items, this.formats.all_of);
  }

  /** @param {string[]} items @returns {string} a, b or c */
  anyOf(items) {
    return listed(items, this.formats.any_of);
  }
}

/** @param {string[]} items @param {ListPattern} pattern @returns {string} */
function listed(items, pattern) {
  const [first = "", second = ""] = items;
  if (items.length < 2) return first;
  if (items.length === 2) return joined(pattern["2"], first, second);
  let text = joined(pattern.start, first, second);
  for (const item of items.slice(2, -1)) text = joined(pattern.middle, text, item);
  return joined(pattern.end, text, items[items.length - 1] ?? "");
}

/** @param {string} pattern @param {string} one @param {string} other @returns {string} */
function joined(pattern, one, other) {
  return pattern.replace(/\{([01])\}/g, (_, place) => (place === "0" ? one : other));
}

/** A clause as a sentence begins it. @param {string} text @returns {string} */
export function sentenceCase(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const BREAKS = /[\n\r\t\v\f\x85\u2028\u2029]/g;

/** A text without what steers a terminal or turns the reading direction; runs of spaces are one. @param {string} text @returns {string} */
export function visible(text) {
  const kept = text.replace(BREAKS, " ").replace(/[\p{Cf}\p{Cc}\p{Cs}\p{Co}\p{Cn}]/gu, (c) => (c === "\u200d" ? c : ""));
  return kept.split(" ").filter((word) => word).join(" ");
}
