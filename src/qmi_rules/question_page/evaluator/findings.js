// What an examination of a row saw, condition by condition, and how it is said.

import { compare } from "./decimals.js";
import { HOLDS, isPresumed } from "./law.js";
import { conjunction, judgedWord, presumption } from "./truth.js";

/** @typedef {import("./decimals.js").Dec} Dec */
/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {import("./law.js").Row} Row */
/** @typedef {import("./law.js").Rule} Rule */
/** @typedef {import("./law.js").Test} Test */
/** @typedef {import("./law.js").Cited} Cited */
/** @typedef {import("./truth.js").Truth} Truth */
/** @typedef {import("./words.js").Language} Language */
/** @typedef {{test: Test, path: string, value: any, truth: Truth, presumed: boolean, contested: boolean, unknown: boolean}} Finding */
/**
 * @template {Row} R
 * @typedef {{row: R, truth: Truth, findings: Finding[], applies: boolean, trusted: boolean}} Examination
 */
/** @typedef {Examination<Rule>} Ground */

const SCOPE = ["contract_type", "buyer_kind", "lot_type"];

/** A condition on a value, whatever the table presumes. @param {Test} test @param {any} value @returns {Truth} */
export function judged({ edge, limit, condition }, value) {
  if (edge === null || limit === null) return judgedWord(condition, value);
  const answers = new Set(value === null ? [] : limit.amounts.map((amount) => HOLDS[edge](compare(value, amount))));
  return answers.size !== 1 ? "undetermined" : answers.has(true) ? "yes" : "no";
}

/** A condition on a case, what the table presumes included. @param {Test} test @param {Case} facts @returns {Truth} */
export function judgedOn(test, facts) {
  const value = facts[test.fact.id] ?? null;
  return value === null && isPresumed(test.fact, facts) ? presumption(test) : judged(test, value);
}

/** @param {Test} test @param {Case} facts @param {string} prefix @returns {Finding} */
function finding(test, facts, prefix) {
  const { fact, limit } = test;
  const value = facts[fact.id] ?? null;
  const presumed = value === null && limit === null && isPresumed(fact, facts);
  const truth = presumed ? presumption(test) : judged(test, value);
  const path = prefix && (fact.lot || fact.kind === "truth") ? prefix + fact.path : fact.path;
  const contested = limit !== null && truth === "undetermined" && value !== null && limit.amounts.length > 1;
  return { test, path, value, truth, presumed, contested, unknown: limit !== null && !limit.amounts.length };
}

/**
 * Every condition of a row on a case.
 * @template {Row} R @param {Law} law @param {R} row @param {Case} facts @param {string} prefix before the paths of facts of a lot
 * @returns {Examination<R>}
 */
export function examined(law, row, facts, prefix = "") {
  const tests = law.tests(row);
  const findings = tests.map((test) => finding(test, facts, prefix));
  const applies = facts.lot_value !== null || !tests.some(({ fact }) => fact.lot);
  const truth = applies ? conjunction(findings.map((one) => one.truth)) : "no";
  const trusted = truth !== "yes" || !(/** @type {any} */ (row).untrusted);
  return { row, truth: trusted ? truth : "undetermined", findings, applies, trusted };
}

/** @param {Examination<any>} ground @returns {string[]} paths of the facts that are not filled and keep the row open */
export function missingIn({ truth, findings }) {
  if (truth !== "undetermined") return [];
  return [...new Set(findings.filter((one) => one.truth === "undetermined" && one.value === null).map((one) => one.path))];
}

/** @param {Examination<any>} ground @returns {string[]} what the sources disagree on, and that decides here */
export function contestedIn({ row, truth, findings, trusted }) {
  if (truth !== "undetermined") return [];
  const limits = findings.filter((one) => one.contested).map((one) => one.test.threshold);
  return trusted || row.unknown ? limits : [...limits, row.id];
}

/** @param {Examination<any>} ground @returns {string[]} what the table does not know, and that decides here */
export function unknownIn({ row, truth, findings, trusted }) {
  if (truth !== "undetermined") return [];
  const limits = findings.filter((one) => one.unknown).map((one) => one.test.threshold);
  return row.unknown && !trusted ? [...limits, row.id] : limits;
}

/** @param {Examination<any>} ground @returns {string[]} paths of what was presumed */
export function presumedIn({ findings }) {
  return findings.filter((one) => one.presumed).map((one) => one.path);
}

/** The grounds of a procedure that concern the type and kind of a case; all, where none does. @param {Law} law @param {string} procedure @param {Case} facts @returns {Rule[]} */
export function relevantRules(law, procedure, facts) {
  const name = `${procedure}/${facts.contract_type}/${facts.buyer_kind}/${facts.lot_type}`;
  let found = law.relevant.get(name);
  if (found === undefined) {
    const grounds = law.rules.filter((rule) => rule.procedure === procedure);
    const fitting = grounds.filter((rule) =>
      law.tests(rule).every((test) => !SCOPE.includes(test.fact.id) || judged(test, facts[test.fact.id] ?? null) !== "no"),
    );
    law.relevant.set(name, (found = fitting.length ? fitting : grounds));
  }
  return found;
}

/** Every kind and type agree on a status: one of them shows why. @param {Case} facts @param {Truth} truth */
function isSupposed(facts, truth) {
  return truth !== "undetermined" && (facts.buyer_kind === null || facts.contract_type === null);
}

/** The rows that concern a case; those that settle the status where it is settled. @param {Law} law @param {Case} facts @param {string} procedure @param {Truth} truth @param {string} prefix @returns {Ground[]} */
export function groundsOf(law, facts, procedure, truth, prefix) {
  const supposed = isSupposed(facts, truth);
  const first = (/** @type {string} */ id) => facts[id] ?? law.table.fact(id).choices?.[0]?.id ?? null;
  const seen = supposed ? { ...facts, buyer_kind: first("buyer_kind"), contract_type: first("contract_type") } : facts;
  let found = relevantRules(law, procedure, seen).map((rule) => examined(law, rule, seen, prefix));
  if (supposed) {
    // nobody said what was only supposed, and the answer does not depend on it
    const said = (/** @type {Finding} */ { test: { fact } }) =>
      !((fact.path === "buyer.kind" && facts.buyer_kind === null) || (fact.path === "contract_type" && facts.contract_type === null));
    found = found.map((ground) => ({ ...ground, findings: ground.findings.filter(said) }));
  }
  const applying = found.filter((ground) => ground.applies);
  if (applying.length) found = applying;
  if (truth === "no") return found;
  const chosen = found.filter((ground) => ground.truth === truth);
  return chosen.length ? chosen : found;
}

// --- how it is said

/** A source as a sentence cites it. @param {Language} say @param {Cited} source */
export function citation(say, source) {
  const text = say.text(source.name);
  return source.article === null ? text : `${source.article} ${text}`;
}

/** The same by its short name. @param {Language} say @param {Cited} source */
export function shortCitation(say, source) {
  const short = source.text === undefined ? undefined : say.short[source.text];
  if (short !== undefined) return say.say("finding_articles", { code: say.text(short), articles: source.article ?? "" });
  return `${source.article ?? ""} ${say.text(source.name)}`.trim();
}

/** The name of the fact at a path. @param {Language} say @param {Law} law @param {string} path @param {Rule | null} row */
export function factName(say, law, path, row = null) {
  if (path === law.table.rows.card.framework) return say.say("finding_framework");
  const fact = law.table.factAt(path, row);
  return fact === null ? path : say.text(fact.label);
}

/** What was seen, in one clause. @param {Language} say @param {Law} law @param {Finding} seen @param {Rule | null} row */
export function findingSentence(say, law, seen, row = null) {
  const { fact } = seen.test;
  if (fact.kind === "number") return numberSentence(say, law, seen, factName(say, law, seen.path, row));
  if (fact.kind === "choice") return choiceSentence(say, seen, factName(say, law, seen.path, row));
  if (seen.presumed) return say.say("finding_presumed_so", { statement: say.text(fact.denied) });
  if (seen.value === null) return say.say("finding_fact_open", { fact: say.text(fact.label) });
  return say.text(seen.value ? fact.affirmed : fact.denied);
}

/** @param {Language} say @param {Finding} seen @param {string} name */
function choiceSentence(say, { test: { fact, condition }, value, truth, presumed }, name) {
  const word = (/** @type {string} */ id) => {
    const found = fact.choices?.find((choice) => choice.id === id);
    return found === undefined ? id : say.text(found.label);
  };
  const expected = say.anyOf((condition.in ?? []).map(word));
  if (presumed) return say.say("finding_presumed_so", { statement: name + say.formats.label + word(fact.presumed_choice ?? "") });
  if (value === null) return say.say("finding_choice_open", { fact: name, expected });
  if (truth === "yes") return say.say("finding_choice", { fact: name, value: word(value) });
  return say.say("finding_choice_other", { expected, fact: name, value: word(value) });
}

/** @param {Language} say @param {Law} law @param {Finding} seen @param {string} fact */
function numberSentence(say, law, { test: { limit, edge }, value, truth }, fact) {
  if (limit === null) return "";
  const { amounts, unit } = limit;
  if (!amounts.length) return say.say("finding_limit_unknown", { threshold: say.text(limit.label) });
  let limits = say.anyOf(amounts.map((amount) => say.quantity(amount, unit)));
  if (value === null) return say.say("finding_number_open", { fact, limit: limits });
  let told = say.quantity(value, unit);
  const [only] = amounts;
  // a hair from a share
  if (amounts.length === 1 && only !== undefined && told === limits && compare(value, only) !== 0) {
    told = say.say(compare(value, only) > 0 ? "finding_more" : "finding_less", { value: told });
  }
  if (truth === "undetermined") {
    const basis = say.anyOf(limit.basis.map((id) => citation(say, law.table.cited(id))));
    return say.say("finding_limit_contested", { fact, value: told, limits, basis });
  }
  const contested = amounts.length > 1;
  if (contested) limits = say.say("finding_any_reading", { limits });
  const since = limit.since === null ? "" : say.say("finding_since", { date: say.date(limit.since) });
  const text = say.say(`finding_${edge}_${truth}`, { fact, value: told, limit: limits, since });
  return contested || limit.certainty === null || limit.certainty === "confirmed"
    ? text
    : text + say.say("finding_certainty", { certainty: say.say(`certainty_${limit.certainty}`) });
}
