// One option for each procedure: its status, and on demand what it rests on, waits for and leaves in doubt.

import { compare } from "./decimals.js";
import { citation, contestedIn, examined, groundsOf, missingIn, presumedIn, unknownIn } from "./findings.js";
import { HOLDS, lastName } from "./law.js";
import { disjunction, outsideOf, statusesOf } from "./truth.js";

/** @typedef {import("./decimals.js").Dec} Dec */
/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {import("./law.js").Procedure} Procedure */
/** @typedef {import("./law.js").Cited} Cited */
/** @typedef {import("./findings.js").Ground} Ground */
/** @typedef {import("./truth.js").Truth} Truth */
/** @typedef {import("./words.js").Language} Language */
/** @typedef {import("./words.js").Text} Text */
/** @typedef {{about: string, certainty: string, amount: Dec | null, unit: string, source: Cited}} Doubt */
/** @typedef {{threshold: string, label: Text, unit: string, readings: {amount: Dec, source: Cited}[]}} ContestedLimit */
/** @typedef {{path?: string, valuePath?: string, undeclaredLots?: string[]}} Place where the facts of a case are filled */

export class Option {
  /** @param {Law} law @param {Case} facts @param {Procedure} procedure @param {Truth} truth @param {Place} place */
  constructor(law, facts, procedure, truth, place) {
    this.law = law;
    this.facts = facts;
    this.procedure = procedure;
    this.truth = truth;
    this.place = place;
    this.order = procedure.rank ?? Infinity;
    /** @type {Ground[] | null} */
    this.seen = null;
  }

  get grounds() {
    this.seen ??= groundsOf(this.law, this.facts, this.procedure.id, this.truth, this.place.path ?? "");
    return this.seen;
  }

  /** @param {(ground: Ground) => string[]} read @returns {string[]} each once */
  gathered(read) {
    return [...new Set(this.grounds.flatMap(read))];
  }

  get isOutside() {
    return outsideOf(this.law, this.facts) !== null;
  }

  /** Paths of the facts that are not filled and would settle the status. */
  get missing() {
    if (this.truth !== "undetermined" || this.isOutside) return [];
    const { undeclaredLots = [], valuePath = "estimated_value" } = this.place;
    const paths = this.gathered(missingIn).flatMap((path) => {
      const name = lastName(path);
      // the share of the small lots is known once each lot says whether it is one
      return name === "small_lots_share" ? undeclaredLots : [name === "estimated_value" ? valuePath : path];
    });
    return [...new Set(paths)];
  }

  /** Ids of the limits and rows that are in doubt, and that decide here. */
  get contested() {
    return this.truth !== "undetermined" || this.isOutside ? [] : this.gathered(contestedIn);
  }

  /** Ids of what the table does not know, and that decides here. */
  get unknown() {
    if (this.truth !== "undetermined") return [];
    const outside = outsideOf(this.law, this.facts);
    if (outside !== null) return [outside.id];
    return this.isKnown ? this.gathered(unknownIn) : [this.procedure.id];
  }

  /** Whether the table knows, for this day, if the procedure exists. */
  get isKnown() {
    return this.law.known[this.law.table.place.get(this.procedure.id) ?? -1] ?? false;
  }

  get presumed() {
    return this.gathered(presumedIn);
  }

  /** It is an arrangement that the purchase says it uses. */
  get isDeclared() {
    const isSaid = () => this.grounds.some(({ findings }) => findings.some(({ value }) => value === true));
    return this.procedure.arrangement === true && this.truth === "yes" && isSaid();
  }

  /** What an open option rests on that is not confirmed; none where a ground is sure. @returns {Doubt[]} */
  get doubts() {
    return this.truth === "yes" ? leastDoubts(this.law, this.grounds) : [];
  }

  /** The texts of the grounds, those of local conditions after the national ones. @returns {Cited[]} */
  get legalBasis() {
    const { table } = this.law;
    const grounds = this.grounds.map((ground) => ground.row);
    const rows = grounds.length ? grounds : table.rows.rules.filter((rule) => rule.procedure === this.procedure.id);
    const ids = [...rows.map((row) => row.basis), ...rows.flatMap((row) => row.local_basis ?? [])];
    return [...new Set(ids)].map((id) => table.cited(id, this.facts.launched_on));
  }
}

/** What all grounds that hold leave in doubt; none where one of them is sure. @param {Law} law @param {Ground[]} grounds */
function leastDoubts(law, grounds) {
  const found = grounds.filter((ground) => ground.truth === "yes").map((ground) => doubtsOf(law, ground));
  return found.reduce((least, one) => (one.length < least.length ? one : least), found[0] ?? []);
}

/** The same for a procedure and a case. @param {Law} law @param {Case} facts @param {string} procedure */
export function doubtsAbout(law, facts, procedure) {
  const rules = law.rules.filter((rule) => rule.procedure === procedure);
  return leastDoubts(law, rules.map((rule) => examined(law, rule, facts)));
}

/** @param {Law} law @param {Ground} ground @returns {Doubt[]} */
function doubtsOf(law, { row, findings }) {
  /** @type {Doubt[]} */
  const found = [];
  const source = (/** @type {string} */ id) => law.table.cited(id);
  if (row.certainty) found.push({ about: row.id, certainty: row.certainty, amount: null, unit: "", source: source(row.basis) });
  for (const { test, value } of findings) {
    const { limit, edge } = test;
    const amount = limit?.amounts.length === 1 ? limit.amounts[0] : undefined;
    if (limit === null || edge === null || amount === undefined) continue;
    const { certainty, since } = limit;
    if (certainty === null || certainty === "confirmed" || since === null) continue;
    // the confirmed value before it would give the same answer
    const before = law.table.limit(limit.threshold, (from) => from < since);
    const [sure] = before.amounts;
    if (before.certainty === "confirmed" && before.amounts.length === 1 && sure !== undefined && HOLDS[edge](compare(value, sure))) continue;
    found.push({ about: limit.threshold, certainty, amount, unit: limit.unit, source: source(limit.basis[0] ?? "") });
  }
  return found;
}

/** The reservation of a doubt, with the text to read. @param {Language} say @param {Doubt} doubt */
export function doubtSentence(say, { certainty, amount, unit, source }) {
  const values = { source: citation(say, source), amount: amount === null ? "" : say.quantity(amount, unit) };
  return say.say(`doubt_${amount === null ? "row" : "value"}_${certainty}`, values);
}

/** @param {Law} law @param {Case} facts @param {boolean} arrangements @param {Place} place @returns {Option[]} */
export function optionsOf(law, facts, arrangements = false, place = {}) {
  const truths = statusesOf(law, facts);
  /** @type {Option[]} */
  const found = [];
  law.table.procedures.forEach((procedure, i) => {
    if ((procedure.arrangement ?? false) === arrangements) found.push(new Option(law, facts, procedure, truths[i] ?? "undetermined", place));
  });
  return found;
}

/** @param {Option[]} options @returns {"not_required" | "required" | "undetermined"} */
export function competitionOf(options) {
  const truth = disjunction(options.filter((option) => option.procedure.dispensed).map((option) => option.truth));
  return truth === "yes" ? "not_required" : truth === "no" ? "required" : "undetermined";
}

/** The open procedure with the fewest formalities; one without a rank is never advised. @param {Option[]} options @returns {Option | null} */
export function lightestOf(options) {
  /** @type {Option | null} */
  let found = null;
  for (const option of options) if (option.truth === "yes" && option.order < (found?.order ?? Infinity)) found = option;
  return found;
}

/** @param {Option[]} options @returns {Option[]} the fewest formalities first */
export function inOrder(options) {
  // a rank may be missing twice: the difference of two infinities is no number
  return [...options].sort((one, other) => (one.order === other.order ? 0 : one.order - other.order));
}

/** The contested limits that keep options undetermined, each once. @param {Option[]} options @returns {ContestedLimit[]} */
export function limitsToRead(options) {
  /** @type {Map<string, ContestedLimit>} */
  const found = new Map();
  for (const option of options) {
    if (!option.contested.length) continue;
    for (const ground of option.grounds.filter((one) => one.truth === "undetermined")) {
      for (const { test, contested } of ground.findings) {
        const { limit } = test;
        if (!contested || limit === null || found.has(limit.threshold)) continue;
        const readings = limit.amounts.map((amount, i) => ({ amount, source: option.law.table.cited(limit.basis[i] ?? "") }));
        found.set(limit.threshold, { threshold: limit.threshold, label: limit.label, unit: limit.unit, readings });
      }
    }
  }
  return [...found.values()];
}
