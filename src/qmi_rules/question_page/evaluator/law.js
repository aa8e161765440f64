// The law of a day: which rows are in force, what each limit is, what the facts are called.

import { compare, dec } from "./decimals.js";

/** @typedef {import("./decimals.js").Dec} Dec */
/** @typedef {import("./words.js").Text} Text */
/** @typedef {import("./words.js").Spoken} Spoken */
/** @typedef {{id: string, label: Text, cpv?: [string, string][]}} Word */
/**
 * @typedef {object} Fact
 * @property {string} id @property {"truth" | "choice" | "number"} kind @property {"always" | "when_it_helps" | "on_request"} ask
 * @property {string} path @property {Text} label @property {Text} [question]
 * @property {Text} [affirmed] @property {Text} [denied] @property {Word[]} [choices]
 * @property {boolean} [presumed] @property {string} [presumed_choice] @property {boolean} [lot]
 * @property {{cpv?: [string, string][], words?: string[], with?: string[]}} [asked]
 */
/** @typedef {{fact: string, is?: boolean, in?: string[], below?: string, from?: string, at_most?: string, above?: string}} Condition */
/**
 * @typedef {object} Row
 * @property {string} from @property {string} [until] @property {Condition[]} when @property {string} basis @property {string} [local]
 */
/**
 * @typedef {Row & {id: string, procedure: string, certainty?: string, untrusted?: boolean, unknown?: Text,
 *   local_basis?: string, local_conditions?: number}} Rule
 */
/** @typedef {Row & {duty: string, procedures?: string[], days?: number}} DutyRow */
/**
 * @typedef {object} Procedure
 * @property {string} id @property {Text} label @property {Text} [description] @property {number} [rank]
 * @property {boolean} [dispensed] @property {boolean} [arrangement] @property {string} [known_from]
 */
/** @typedef {{from: string, amounts?: string[], basis?: string[], since?: string, certainty?: string}} WrittenValue */
/** @typedef {{from?: string, until?: string, url?: string}} Version */
/** @typedef {{name: Text, text?: string, article?: string, url?: string, versions?: Version[]}} Source */
/**
 * @typedef {Spoken & {
 *   format: string, edition: string, days: string[], valuation: Record<string, string>, reviewed_on: string | null, languages: string[], facts: Fact[], procedures: Procedure[],
 *   questions: {path: string, kind: string, question: Text}[],
 *   thresholds: Record<string, {label: Text, unit: string, values: WrittenValue[]}>,
 *   readings: Record<string, Record<string, number>[]>, rules: Rule[], duty_rows: DutyRow[],
 *   outside: Outside[], bearings: Record<string, {choice: string, reason?: Text, basis?: string}>,
 *   what_if: {steps: Record<string, string>, most_days: number},
 *   duties: Record<string, {label: Text, short?: Text, deadline?: boolean}>, ladders: string[][], sources: Record<string, Source>,
 *   card: {order: string[], signature: string, most_duties: number, most_tried: number, named_lots: number, framework: string}}} Rows
 */
/** @typedef {{fact: string, in: string[], id: string, text: Text, basis: string}} Outside an act that the table says nothing of */
/** @typedef {{threshold: string, label: Text, unit: string, amounts: Dec[], basis: string[], since: string | null, certainty: string | null}} Limit */
/** @typedef {"below" | "from" | "at_most" | "above"} Edge */
/** @typedef {{fact: Fact, condition: Condition, edge: Edge | null, limit: Limit | null, threshold: string}} Test */
/** @typedef {Record<string, any> & {launched_on: string, cpv: string | null, asked: string[], suggested: string[]}} Case facts by id, null = not known; what its CPV code calls for, and what its title suggests */

const EDGES = /** @type {Edge[]} */ (["below", "from", "at_most", "above"]);

/** @type {Record<Edge, (difference: number) => boolean>} */
export const HOLDS = {
  below: (difference) => difference < 0,
  from: (difference) => difference >= 0,
  at_most: (difference) => difference <= 0,
  above: (difference) => difference > 0,
};

/** @type {Omit<Fact, "id" | "kind" | "ask" | "path" | "label">} */
const BLANK = {
  question: undefined,
  affirmed: undefined,
  denied: undefined,
  choices: undefined,
  presumed: undefined,
  presumed_choice: undefined,
  lot: undefined,
  asked: undefined,
};
const CASE = ["launched_on", "cpv", "asked", "suggested"];

/** What is the same on every day. */
export class Table {
  /** @param {Rows} rows */
  constructor(rows) {
    if (rows.format !== "qmi-rules/rows/1") throw new RangeError(`not rows of this evaluator: ${rows.format}`);
    this.rows = rows;
    // one shape for all facts and one for all cases: engines are several times faster on those
    this.facts = rows.facts.map((fact) => ({ ...BLANK, ...fact }));
    this.factsById = new Map(this.facts.map((fact) => [fact.id, fact]));
    /** @type {Case} */
    this.blank = JSON.parse(JSON.stringify(Object.fromEntries([...CASE, ...this.facts.map((fact) => fact.id)].map((id) => [id, null]))));
    this.procedures = rows.procedures;
    this.place = new Map(rows.procedures.map((procedure, i) => [procedure.id, i]));
    /** @type {Map<string, Fact[]>} */
    this.factsAt = new Map();
    for (const fact of this.facts) this.factsAt.set(fact.path, [...(this.factsAt.get(fact.path) ?? []), fact]);
    this.yesNo = this.facts.filter((fact) => fact.kind === "truth" && !fact.lot && fact.path === fact.id).map((fact) => fact.id);
    /** @type {Map<string, Law>} */
    this.laws = new Map();
  }

  /** @param {string} id @returns {Fact} */
  fact(id) {
    const fact = this.factsById.get(id);
    if (fact === undefined) throw new RangeError(`no fact ${id}`);
    return fact;
  }

  /** The fact that a path of a document names; the row tells apart what is filled at one path. @param {string} path @param {Rule | null} row */
  factAt(path, row = null) {
    const inLot = path.startsWith("lots[");
    const found = this.factsAt.get(lastName(path)) ?? [];
    let fitting = found.filter((fact) => (fact.lot ?? false) === inLot);
    if (!fitting.length) fitting = found;
    if (fitting.length > 1 && row) {
      const tested = fitting.filter((fact) => row.when.some((condition) => condition.fact === fact.id));
      if (tested.length) fitting = tested;
    }
    return fitting[0] ?? null;
  }

  /** The law of a day, the same object for all days between two changes. @param {string} day @returns {Law} */
  on(day) {
    let since = "";
    for (const change of this.rows.days) if (change <= day) since = change;
    let law = this.laws.get(since);
    if (law === undefined) this.laws.set(since, (law = new Law(this, since)));
    return law;
  }

  /** A value of a limit. @param {string} threshold @param {(from: string) => boolean} chosen @returns {Limit} */
  limit(threshold, chosen) {
    const written = this.rows.thresholds[threshold];
    if (written === undefined) throw new RangeError(`no threshold ${threshold}`);
    const value = written.values.filter(({ from }) => chosen(from)).pop();
    return {
      threshold,
      label: written.label,
      unit: written.unit,
      amounts: (value?.amounts ?? []).map(dec),
      basis: value?.basis ?? [],
      since: value?.since ?? null,
      certainty: value?.certainty ?? null,
    };
  }

  /** A source as a result of a day cites it: with the address of the version then in force. @param {string} id @param {string | null} day */
  cited(id, day = null) {
    const source = this.rows.sources[id];
    if (source === undefined) throw new RangeError(`no source ${id}`);
    const version = day === null ? undefined : source.versions?.find(({ from = "", until = "9999" }) => from <= day && day <= until);
    return { id, name: source.name, text: source.text, article: source.article ?? null, url: version?.url ?? source.url ?? null };
  }
}

/** @typedef {ReturnType<Table["cited"]>} Cited */

/** The law between two changes. */
export class Law {
  /** @param {Table} table @param {string} since first day; empty = before everything that the table knows */
  constructor(table, since) {
    this.table = table;
    this.since = since;
    /** @param {Row} row */
    const inForce = ({ from, until }) => from <= since && (until === undefined || since <= until);
    this.rules = table.rows.rules.filter(inForce);
    this.dutyRows = table.rows.duty_rows.filter(inForce);
    this.known = table.procedures.map(({ known_from }) => known_from === undefined || (since !== "" && since >= known_from));
    /** @type {Map<string, Limit>} */
    this.limits = new Map();
    /** @type {Map<Row, Test[]>} */
    this.tested = new Map();
    /** @type {Map<string, Rule[]>} */
    this.relevant = new Map();
    /** @type {Map<any, any>} */
    this.kept = new Map();
  }

  /** @param {string} threshold @returns {Limit} */
  limit(threshold) {
    let limit = this.limits.get(threshold);
    if (limit === undefined) this.limits.set(threshold, (limit = this.table.limit(threshold, (from) => from <= this.since)));
    return limit;
  }

  /** @param {Row} row @returns {Test[]} */
  tests(row) {
    let tests = this.tested.get(row);
    if (tests === undefined) this.tested.set(row, (tests = row.when.map((condition) => this.test(condition))));
    return tests;
  }

  /** @param {Condition} condition @returns {Test} */
  test(condition) {
    const edge = EDGES.find((one) => condition[one] !== undefined) ?? null;
    const threshold = edge === null ? "" : (condition[edge] ?? "");
    return { fact: this.table.fact(condition.fact), condition, edge, threshold, limit: edge === null ? null : this.limit(threshold) };
  }

  /** The amounts that the rows in force compare a fact with. @param {string} fact @returns {Dec[]} in order, each once */
  edgesOf(fact) {
    /** @type {Dec[]} */
    const found = [];
    for (const rule of this.rules) {
      for (const { fact: tested, limit } of this.tests(rule)) {
        for (const amount of tested.id === fact && limit !== null ? limit.amounts : []) {
          if (!found.some((other) => compare(other, amount) === 0)) found.push(amount);
        }
      }
    }
    return found.sort(compare);
  }
}

/** The path of a fact without the lot that it is of. @param {string} path */
export function lastName(path) {
  return path.includes("].") ? path.slice(path.lastIndexOf("].") + 2) : path;
}

/** Whether a CPV code lies in one of some ranges. @param {string | null} cpv @param {[string, string][] | undefined} ranges */
export function inRanges(cpv, ranges) {
  const code = cpv?.slice(0, 8);
  return code !== undefined && (ranges ?? []).some(([first, last]) => first <= code && code <= last);
}

/** The facts about which a CPV code calls for a question. @param {Table} table @param {string | null} cpv @returns {string[]} */
export function askedBy(table, cpv) {
  return table.facts.filter((fact) => inRanges(cpv, fact.asked?.cpv)).map((fact) => fact.id);
}

/** Whether what a case says calls for the question about a fact that is otherwise presumed. @param {Fact} fact @param {Case} facts */
export function calledFor({ id, asked }, facts) {
  if (asked === undefined) return false;
  return facts.asked.includes(id) || (asked.with !== undefined && asked.with.some((name) => facts[name] === true));
}

/** The facts that words of a title give reason to ask about; they decide nothing. @param {Table} table @param {string} title @returns {string[]} */
export function suggestedBy(table, title) {
  const read = letters(title);
  const isIn = (/** @type {string} */ word) => new RegExp(`\\b${letters(word)}[sx]?\\b`, "u").test(read);
  return table.facts.filter((fact) => (fact.asked?.words ?? []).some(isIn)).map((fact) => fact.id);
}

/** A text as words are compared: small letters without accents, one apostrophe. @param {string} text */
function letters(text) {
  const plain = text.toLowerCase().replaceAll("œ", "oe").replaceAll("’", "'").normalize("NFKD");
  return [...plain].filter((letter) => letter <= "\u007f").join("");
}

/** Whether something speaks for a question about a particular case. @param {Fact} fact @param {Case} facts */
export function spokenFor(fact, facts) {
  return calledFor(fact, facts) || facts.suggested.includes(fact.id);
}

/** Whether a case leaves a fact open and the table takes it for granted. @param {Fact} fact @param {Case} facts */
export function isPresumed(fact, facts) {
  return Boolean(fact.presumed || fact.presumed_choice) && (facts[fact.id] ?? null) === null && !calledFor(fact, facts);
}
