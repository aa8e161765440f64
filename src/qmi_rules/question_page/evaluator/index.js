// The question page's law: what a purchase may be bought by, from the compiled table alone. `rows` is what `qmi-rules kit --rows` writes.

import { answerOf, glanceOf, questionOf as nextOf, questionText } from "./card.js";
import { dec, written } from "./decimals.js";
import { citation, findingSentence } from "./findings.js";
import { Table } from "./law.js";
import { lightestOf, optionsOf } from "./options.js";
import { caseOf, kindsDiffer, lotCases, told, valuation, wholeCase } from "./purchase.js";
import { STATUS, statusesOf } from "./truth.js";
import { whatIfTold } from "./whatif.js";
import { Language } from "./words.js";

/** @typedef {import("./law.js").Rows} Rows */
/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./options.js").Option} Option */
/** @typedef {import("./purchase.js").Purchase} Purchase */

/** @type {WeakMap<Rows, Table>} */
const tables = new WeakMap();

/** @param {Rows} rows @returns {Table} */
function tableOf(rows) {
  let table = tables.get(rows);
  if (table === undefined) tables.set(rows, (table = new Table(rows)));
  return table;
}

/**
 * How a purchase may be bought on its day.
 * @param {Purchase} purchase @param {Rows} rows @param {string} lang
 * @param {string[]} skipped paths that nobody can answer: they are not asked
 * @param {string | number | null} delegationLimit up to which amount the mayor signs by delegation
 */
export function decide(purchase, rows, lang = "fr", skipped = [], delegationLimit = null) {
  const say = new Language(rows, lang);
  const decided = decidedOf(purchase, rows, { skipped, delegationLimit });
  return {
    options: decided.options.map(brief),
    arrangements: optionsOf(decided.law, decided.facts, true).map(brief),
    lots: decided.lots.map(({ id, options }) => ({ id, options: options.map(brief) })),
    answer: answerOf(say, decided),
  };
}

/** @param {Option} option */
function brief({ procedure, truth }) {
  return { procedure: procedure.id, status: STATUS[truth] };
}

/** @param {Purchase} purchase @param {Rows} rows @param {{skipped?: string[], delegationLimit?: string | number | null}} known */
function decidedOf(purchase, rows, { skipped = [], delegationLimit = null } = {}) {
  const table = tableOf(rows);
  const law = table.on(purchase.launched_on);
  const facts = wholeCase(table, purchase);
  const parts = valuation(table, purchase);
  const valuePath = purchase.need && parts.some((part) => part.amount === null) ? rows.card.framework : "estimated_value";
  const options = optionsOf(law, facts, false, { valuePath });
  const { cases, asked } = lotCases(law, purchase);
  const undeclaredLots = asked.map((i) => `lots[${i}].small_lot`);
  const lots = (purchase.lots ?? []).map((lot, i) => {
    const place = { path: `lots[${i}].`, undeclaredLots };
    return { id: lot.id, options: optionsOf(law, cases[i] ?? facts, false, place) };
  });
  const limit = delegationLimit === null ? null : dec(delegationLimit);
  return { law, facts, options, lots, lightest: lightestOf(options), valuePath, skipped, kindsDiffer: kindsDiffer(purchase), delegationLimit: limit };
}

/** What an answer may change of the card, as one text to compare: much sooner there than the card. @param {Purchase} purchase @param {Rows} rows */
export function glance(purchase, rows) {
  const table = tableOf(rows);
  return glanceOf(table.on(purchase.launched_on), wholeCase(table, purchase));
}

/** The facts that a purchase puts to the table, those of its lots, and what its need is worth. @param {Purchase} purchase @param {Rows} rows */
export function facts(purchase, rows) {
  const table = tableOf(rows);
  const { cases } = lotCases(table.on(purchase.launched_on), purchase);
  return {
    ...told(table, wholeCase(table, purchase)),
    lots: (purchase.lots ?? []).map((lot, i) => ({ id: lot.id, ...told(table, cases[i] ?? wholeCase(table, purchase)) })),
    valuation: valuation(table, purchase).map((one) => ({ ...one, amount: one.amount === null ? null : written(one.amount) })),
  };
}

/** The statuses of a case of the kit. @param {Record<string, any>} facts @param {string} on @param {Rows} rows @returns {Record<string, string>} */
export function statuses(facts, on, rows) {
  const table = tableOf(rows);
  const truths = statusesOf(table.on(on), caseOf(table, facts, on));
  return Object.fromEntries(table.procedures.map((procedure, i) => [procedure.id, STATUS[truths[i] ?? "undetermined"]]));
}

/** What to ask next; null as soon as no answer can change the card. @param {Purchase} purchase @param {Rows} rows @param {string} lang @param {string[]} skipped */
export function nextQuestion(purchase, rows, lang = "fr", skipped = []) {
  const next = nextOf(new Language(rows, lang), decidedOf(purchase, rows, { skipped }));
  return next === null ? null : { ...questionOf(next.fact, rows, lang), why: next.why };
}

/** How to ask for what stands at a path of the document. @param {string} path @param {Rows} rows @param {string} lang */
export function questionOf(path, rows, lang = "fr") {
  const say = new Language(rows, lang);
  const table = tableOf(rows);
  const fact = path === rows.card.framework ? null : table.factAt(path);
  const other = rows.questions.find((one) => one.path === path);
  return {
    fact: path,
    label: fact === null ? "" : say.text(fact.label),
    question: other === undefined ? questionText(say, table.on(""), path) : say.text(other.question),
    kind: fact?.kind ?? other?.kind ?? "number",
    choices: (fact?.choices ?? []).map((word) => ({ id: word.id, label: say.text(word.label) })),
  };
}

/** Every procedure with what it rests on, condition by condition. @param {Purchase} purchase @param {Rows} rows @param {string} lang */
export function explain(purchase, rows, lang = "fr") {
  const say = new Language(rows, lang);
  const { law, options } = decidedOf(purchase, rows);
  return options.map((option) => ({
    procedure: option.procedure.id,
    label: say.text(option.procedure.label),
    status: STATUS[option.truth],
    missing: option.missing,
    legal_basis: option.legalBasis.map((source) => ({ id: source.id, text: citation(say, source), url: source.url })),
    grounds: groundsTold(say, law, option),
  }));
}

/**
 * The nearest changes that would open a procedure, and those that would close it, in the words of the library.
 * @param {Purchase} purchase @param {string} procedure its id @param {Rows} rows @param {string} lang
 */
export function whatIf(purchase, procedure, rows, lang = "fr") {
  const table = tableOf(rows);
  const found = table.procedures.find((one) => one.id === procedure);
  if (found === undefined) throw new RangeError(`no procedure ${procedure}`);
  return whatIfTold(new Language(rows, lang), table.on(purchase.launched_on), wholeCase(table, purchase), found);
}

/** What was seen row by row; where no row is in force on the day, the time for which the table knows the procedure. @param {Language} say @param {Law} law @param {Option} option */
function groundsTold(say, law, option) {
  if (!option.isKnown || !option.grounds.length) {
    const { id, known_from } = option.procedure;
    const rows = law.table.rows.rules.filter((rule) => rule.procedure === id);
    const since = option.isKnown ? rows.map((rule) => rule.from).sort()[0] : known_from;
    const isEarly = since !== undefined && option.facts.launched_on < since;
    const sentence = !isEarly ? "no_rule" : option.isKnown ? "not_yet" : "known_from";
    const text = say.say(`finding_${sentence}`, { since: isEarly ? say.date(since) : "" });
    return [{ row: id, status: STATUS[option.truth], legal_basis: [], findings: [{ truth: option.truth, text }] }];
  }
  return option.grounds.map(({ row, truth, findings }) => {
    const source = law.table.cited(row.basis, option.facts.launched_on);
    return {
      row: row.id,
      status: STATUS[truth],
      legal_basis: [{ id: source.id, text: citation(say, source), url: source.url }],
      findings: findings.map((one) => ({ truth: one.truth, text: findingSentence(say, law, one, row) })),
    };
  });
}

/** Amounts, numbers and days as the library writes them. @param {Rows} rows @param {string} lang */
export function words(rows, lang = "fr") {
  const say = new Language(rows, lang);
  return {
    euros: (/** @type {string} */ amount) => say.euros(dec(amount)),
    number: (/** @type {string | number} */ value) => say.number(dec(value)),
    percent: (/** @type {string} */ share) => say.percent(dec(share)),
    date: (/** @type {string} */ day) => say.date(day),
  };
}
