// The statuses of all procedures for a case: yes, no, or not to be told yet.

import { compare } from "./decimals.js";
import { HOLDS, isPresumed } from "./law.js";

/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {import("./law.js").Rule} Rule */
/** @typedef {import("./law.js").Test} Test */
/** @typedef {"yes" | "no" | "undetermined"} Truth */
/** @typedef {Truth[]} Truths one for each procedure, in the order of the table */
/** @typedef {0 | 1 | 2} Mark no, not to be told, yes: of several conditions the lowest counts */
/** @typedef {(values: any[], facts: Case) => Mark} Marker of the values of a case, in the order of the facts of the table */
/** @typedef {{place: number, tests: Marker[]}} Live a row that may hold for a kind and a type, its limits read in one way */

const NO = 0;
const OPEN = 1;
const YES = 2;

/** @type {Readonly<Record<Truth, string>>} */
export const STATUS = { yes: "open", no: "closed", undetermined: "undetermined" };

/** Yes if all are, no if one is. @param {Truth[]} truths @returns {Truth} */
export function conjunction(truths) {
  return truths.includes("no") ? "no" : truths.includes("undetermined") ? "undetermined" : "yes";
}

/** Yes if one is, no if all are. @param {Truth[]} truths @returns {Truth} */
export function disjunction(truths) {
  return truths.includes("yes") ? "yes" : truths.includes("undetermined") ? "undetermined" : "no";
}

/** Why the table says nothing of a case; null where it does. @param {Law} law @param {Case} facts */
export function outsideOf(law, facts) {
  return law.table.rows.outside.find((one) => one.in.includes(facts[one.fact])) ?? null;
}

/**
 * Where a kind of buyer or type of contract is not filled, or a limit contested, every one is tried: what all agree on is settled.
 * @param {Law} law @param {Case} facts @returns {Truths}
 */
export function statusesOf(law, facts) {
  const { known } = law;
  if (outsideOf(law, facts) !== null) return known.map(() => "undetermined");
  // looked up once: a row looks at a place of a list, not for a name
  const values = law.table.facts.map(({ id }) => facts[id]);
  // the lowest and the highest mark of each procedure over all that is tried
  const least = new Uint8Array(known.length).fill(YES);
  const most = new Uint8Array(known.length);
  const marks = new Uint8Array(known.length);
  for (const live of liveGroups(law, facts)) {
    for (let i = 0; i < known.length; i++) marks[i] = known[i] ? NO : OPEN;
    for (const { place, tests } of live) {
      const before = marks[place] ?? NO;
      if (before === YES) continue;
      const mark = all(tests, values, facts);
      if (mark > before) marks[place] = mark;
    }
    for (let i = 0; i < known.length; i++) {
      const mark = marks[i] ?? NO;
      if (mark < (least[i] ?? NO)) least[i] = mark;
      if (mark > (most[i] ?? NO)) most[i] = mark;
    }
  }
  return known.map((_, i) => (least[i] === YES ? "yes" : most[i] === NO ? "no" : "undetermined"));
}

/** @param {Marker[]} tests @param {any[]} values @param {Case} facts @returns {Mark} */
function all(tests, values, facts) {
  /** @type {Mark} */
  let least = YES;
  for (const test of tests) {
    const mark = test(values, facts);
    if (mark === NO) return NO;
    if (mark < least) least = mark;
  }
  return least;
}

/**
 * The rows that may hold, for each kind and type that is possible and each way to read the contested limits; groups that are the same once.
 * @param {Law} law @param {Case} facts @returns {Live[][]}
 */
function liveGroups(law, facts) {
  const name = `${facts.buyer_kind}/${facts.contract_type}`;
  const known = law.kept.get(name);
  if (known !== undefined) return known;
  const words = (/** @type {string} */ id) => (facts[id] === null ? (law.table.fact(id).choices ?? []).map((word) => word.id) : [facts[id]]);
  /** @type {Map<string, Rule[]>} */
  const groups = new Map();
  for (const kind of words("buyer_kind")) {
    for (const type of words("contract_type")) {
      const rules = law.rules.filter((rule) => law.known[placeOf(law, rule)] && inScope(law, rule, kind, type));
      groups.set(rules.map((rule) => rule.id).join(), rules);
    }
  }
  const worlds = law.table.rows.readings[law.since] ?? [{}];
  const found = [...groups.values()].flatMap((rules) => worlds.map((world) => rules.map((rule) => liveRow(law, rule, world))));
  law.kept.set(name, found);
  return found;
}

/** @param {Law} law @param {Rule} rule @returns {number} */
function placeOf(law, rule) {
  return law.table.place.get(rule.procedure) ?? -1;
}

/** @param {Law} law @param {Rule} rule @param {string} kind @param {string} type */
function inScope(law, rule, kind, type) {
  return law.tests(rule).every(({ fact, condition }) => {
    const value = fact.id === "buyer_kind" ? kind : fact.id === "contract_type" ? type : null;
    return value === null || (condition.in ?? []).includes(value);
  });
}

/** @param {Law} law @param {Rule} rule @param {Record<string, number>} world @returns {Live} */
function liveRow(law, rule, world) {
  const tests = law.tests(rule).filter(({ fact }) => fact.id !== "buyer_kind" && fact.id !== "contract_type");
  const placeIn = (/** @type {string} */ id) => law.table.facts.findIndex((fact) => fact.id === id);
  const marks = tests.map((test) => marker(test, placeIn(test.fact.id), world[test.threshold] ?? 0));
  const lot = placeIn("lot_value");
  if (tests.some(({ fact }) => fact.lot)) marks.unshift((values) => (values[lot] === null ? NO : YES));
  if (rule.untrusted) marks.push(() => OPEN);
  return { place: placeOf(law, rule), tests: marks };
}

/** A condition as a function of a case, a contested limit read in one way. @param {Test} test @param {number} at @param {number} reading @returns {Marker} */
function marker(test, at, reading) {
  const { fact, condition, edge, limit } = test;
  if (edge !== null && limit !== null) {
    const amount = limit.amounts[reading];
    const holds = HOLDS[edge];
    if (amount === undefined) return () => OPEN;
    return (values) => (values[at] === null ? OPEN : holds(compare(values[at], amount)) ? YES : NO);
  }
  const words = /** @type {any[]} */ (condition.in ?? [condition.is]);
  const taken = presumption(test) === "yes" ? YES : NO;
  const unfilled = fact.presumed || fact.presumed_choice ? taken : OPEN;
  if (fact.asked === undefined) return (values) => (values[at] === null ? unfilled : words.includes(values[at]) ? YES : NO);
  return (values, facts) => (values[at] === null ? (isPresumed(fact, facts) ? taken : OPEN) : words.includes(values[at]) ? YES : NO);
}

/** What a condition is where its fact is presumed. @param {Test} test @returns {Truth} */
export function presumption({ fact, condition }) {
  const holds = fact.kind === "truth" ? condition.is === false : (condition.in ?? []).includes(fact.presumed_choice ?? "");
  return holds ? "yes" : "no";
}

/** A yes/no fact or a word of a list against what a row expects. @param {import("./law.js").Condition} condition @param {unknown} value @returns {Truth} */
export function judgedWord(condition, value) {
  if (value === null) return "undetermined";
  const holds = condition.is === undefined ? (condition.in ?? []).includes(String(value)) : value === condition.is;
  return holds ? "yes" : "no";
}
