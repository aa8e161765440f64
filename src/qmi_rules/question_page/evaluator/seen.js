// What the card says of one case: competition, the lightest procedure, what is not sure of it; and which facts it takes for granted.

import { examined, judged, missingIn, presumedIn, relevantRules } from "./findings.js";
import { isPresumed, spokenFor } from "./law.js";
import { competitionOf, inOrder, lightestOf, limitsToRead, optionsOf } from "./options.js";

/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {import("./law.js").Fact} Fact */
/** @typedef {import("./options.js").Option} Option */
/** @typedef {import("./options.js").Doubt} Doubt */
/** @typedef {import("./options.js").ContestedLimit} ContestedLimit */
/**
 * @typedef {{code: string, about: string, limit?: ContestedLimit, doubt?: Doubt, options?: Option[], paths?: string[]}} Reservation
 * `limit`, `doubt`, `options` or `paths`: what it speaks of
 */

export class Seen {
  /** @param {Law} law @param {Case} facts */
  constructor(law, facts) {
    this.law = law;
    this.facts = facts;
    /** @type {string | null} */
    this.told = null;
    this.options = optionsOf(law, facts);
    this.lightest = lightestOf(this.options);
    this.doubts = this.lightest?.doubts ?? [];
    this.competition = competitionOf(this.options);
    const open = this.options.filter((option) => option.procedure.dispensed && option.truth === "yes");
    // nobody is told to do without competition on the strength of law that nobody confirmed
    if (this.competition === "not_required" && open.every((option) => option.doubts.length)) this.competition = "undetermined";
  }

  /** The lightest open procedure that rests on confirmed law only. @returns {Option | null} */
  get safe() {
    if (!this.doubts.length) return this.lightest;
    return lightestOf(this.options.filter((option) => option.truth === "yes" && !option.doubts.length));
  }

  /** The ways without competition that are not settled and would be lighter. @returns {Option[]} */
  get waiting() {
    const order = this.lightest?.order ?? null;
    return inOrder(
      this.options.filter((one) => one.truth === "undetermined" && one.procedure.dispensed && (order === null || one.order < order)),
    );
  }

  /** What is not sure of it, but for the day. @returns {Reservation[]} */
  get reservations() {
    /** @type {Reservation[]} */
    const found = limitsToRead(this.waiting).map((limit) => ({ code: "contested", about: limit.threshold, limit }));
    for (const doubt of this.doubts) found.push({ code: doubt.certainty, about: doubt.about, doubt });
    const unknown = this.waiting.filter((option) => option.unknown.length || !option.isKnown);
    if (unknown.length) found.push({ code: "law_unknown", about: "", options: unknown });
    const main = this.lightest;
    if (main?.procedure.dispensed && main.grounds.every((ground) => presumedIn(ground).length)) {
      found.push({ code: "presumed", about: main.presumed.join(" "), paths: main.presumed });
    }
    for (const { path } of this.noticeFacts) found.push({ code: "notice", about: path, paths: [path] });
    return found;
  }

  /** The facts that nobody filled and on which it hangs which notice is published, though no procedure asks for them. @returns {Fact[]} */
  get noticeFacts() {
    if (this.lightest === null) return [];
    const { rows, asked } = noticeRows(this.law, this.lightest.procedure);
    const wanting = asked.filter((fact) => this.facts[fact.id] === null);
    if (!wanting.length) return [];
    const held = rows.map((row) => examined(this.law, row, this.facts)).filter((one) => one.truth !== "no");
    if (new Set(held.map(({ row }) => row.duty)).size < 2) return [];
    const missing = held.flatMap(missingIn);
    return wanting.filter((fact) => missing.includes(fact.path));
  }

  /** Whether the card says the same of another case: competition, procedure, reservations. @param {Seen} other @returns {boolean} */
  isLike(other) {
    return (
      this.competition === other.competition &&
      this.lightest?.procedure.id === other.lightest?.procedure.id &&
      this.reserved === other.reserved
    );
  }

  /** The reservations as one text to compare, whatever their order. @returns {string} */
  get reserved() {
    this.told ??= [...new Set(this.reservations.map(({ code, about }) => `${code} ${about}`))].sort().join("|");
    return this.told;
  }
}

/** The rows that say which notice of a ladder a procedure owes, and the facts that only they ask a person for. @param {Law} law @param {import("./law.js").Procedure} procedure @returns {{rows: import("./law.js").DutyRow[], asked: Fact[]}} */
function noticeRows(law, procedure) {
  const key = `notice of ${procedure.id}`;
  let found = law.kept.get(key);
  if (found === undefined) {
    const duties = new Set(law.table.rows.ladders.flat());
    const rows = law.dutyRows.filter(
      (row) => duties.has(row.duty) && (row.procedures ? row.procedures.includes(procedure.id) : !procedure.arrangement),
    );
    const ofProcedures = new Set(law.rules.flatMap((rule) => rule.when.map((one) => one.fact)));
    const named = new Set(rows.flatMap((row) => row.when.map((one) => one.fact)).filter((fact) => !ofProcedures.has(fact)));
    found = { rows, asked: law.table.facts.filter((fact) => named.has(fact.id) && !fact.lot && fact.ask !== "on_request") };
    law.kept.set(key, found);
  }
  return found;
}

/** The facts of particular cases: asked on request, and such that a row wants one of its like to be so. @param {Law} law @returns {Set<string>} */
function particular(law) {
  const known = law.kept.get(particular);
  if (known !== undefined) return known;
  /** @type {Set<string>} */
  const found = new Set();
  for (const rule of law.rules) {
    const rare = law.tests(rule).filter(({ fact }) => fact.ask === "on_request");
    if (!rare.some(({ condition }) => condition.is)) continue;
    for (const { fact } of rare) if (fact.kind === "truth") found.add(fact.id);
  }
  law.kept.set(particular, found);
  return found;
}

/** The particular facts that belong to a way which the buyer wants: another fact of the row is so. @param {Law} law @param {Case} facts @returns {Set<string>} */
function wanted(law, facts) {
  const rare = particular(law);
  /** @type {Set<string>} */
  const found = new Set();
  for (const { when } of law.rules) {
    const tested = when.filter(({ fact }) => rare.has(fact));
    if (tested.some(({ fact, is }) => is && facts[fact] === true)) for (const { fact } of tested) found.add(fact);
  }
  return found;
}

/** The particular facts that nobody filled, that nothing calls for, and that would keep something open if they were so. @param {Law} law @param {Case} facts @returns {Fact[]} */
export function presumedFacts(law, facts) {
  const wish = wanted(law, facts);
  const rare = law.table.facts.filter(
    (fact) => particular(law).has(fact.id) && facts[fact.id] === null && !wish.has(fact.id) && !spokenFor(fact, facts),
  );
  const ids = new Set(rare.map((fact) => fact.id));
  /** @type {Set<string>} */
  const concerned = new Set();
  for (const procedure of law.table.procedures) {
    if (procedure.arrangement) continue;
    const tests = relevantRules(law, procedure.id, facts)
      .filter((rule) => law.tests(rule).every((test) => ids.has(test.fact.id) || judged(test, facts[test.fact.id] ?? null) !== "no"))
      .flatMap((rule) => law.tests(rule).filter(({ fact }) => ids.has(fact.id)));
    // what the table presumes itself, and another row of the procedure takes the other way, opens nothing more
    const settled = new Set(tests.filter(({ fact, condition }) => !condition.is && fact.presumed).map(({ fact }) => fact.id));
    for (const { fact, condition } of tests) if (condition.is && !settled.has(fact.id)) concerned.add(fact.id);
  }
  // after them what the table presumes of the act itself: an ordinary contract, under the rules of award
  const acts = law.table.facts.filter(
    (fact) => fact.kind === "choice" && fact.ask === "on_request" && isPresumed(fact, facts) && !spokenFor(fact, facts),
  );
  return [...rare.filter((fact) => concerned.has(fact.id)), ...acts];
}

/** The facts that a person is asked about: not filled, no particular case or one that is wanted, and tested by a procedure. @param {Law} law @param {Case} facts @returns {Fact[]} */
export function askable(law, facts) {
  const wish = wanted(law, facts);
  return law.table.facts.filter(
    (fact) =>
      testedFacts(law).has(fact.id) &&
      !fact.lot &&
      facts[fact.id] === null &&
      (fact.ask !== "on_request" || wish.has(fact.id) || spokenFor(fact, facts)),
  );
}

/** The facts that some procedure tests. @param {Law} law @returns {Set<string>} */
function testedFacts(law) {
  let found = law.kept.get(testedFacts);
  if (found === undefined) {
    const arrangements = new Set(law.table.procedures.filter((one) => one.arrangement).map((one) => one.id));
    found = new Set(law.rules.filter((rule) => !arrangements.has(rule.procedure)).flatMap((rule) => rule.when.map((one) => one.fact)));
    for (const { fact } of law.table.rows.outside) found.add(fact);
    law.kept.set(testedFacts, found);
  }
  return found;
}
