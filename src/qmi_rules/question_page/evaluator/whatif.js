// What would change the answer: the smallest changes of a case that would open, or close, one procedure.

import { compare, dec, minus, plus, ZERO } from "./decimals.js";
import { citation, examined, judged, relevantRules } from "./findings.js";
import { HOLDS } from "./law.js";
import { doubtsAbout, doubtSentence, limitsToRead, Option } from "./options.js";
import { conjunction, disjunction, STATUS, statusesOf } from "./truth.js";

/** @typedef {import("./decimals.js").Dec} Dec */
/** @typedef {import("./law.js").Table} Table */
/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {import("./law.js").Fact} Fact */
/** @typedef {import("./law.js").Rule} Rule */
/** @typedef {import("./law.js").Test} Test */
/** @typedef {import("./law.js").Edge} Edge */
/** @typedef {import("./law.js").Procedure} Procedure */
/** @typedef {import("./options.js").Doubt} Doubt */
/** @typedef {import("./truth.js").Truth} Truth */
/** @typedef {import("./words.js").Language} Language */
/** @typedef {{fact: Fact | null, before: any, after: any, distance: Dec, unit: string, bound: "at_most" | "at_least" | ""}} Alteration a null fact: the launch */
/** @typedef {{alterations: Alteration[], rule: Rule, doubts: Doubt[]}} ChangeSet alterations that together change the answer; none of them is too many */
/** @typedef {{law: Law, launch: Alteration | null}} Near */

/** Of two changes the one that only establishes a fact is nearer than another day, and that than another amount. @type {Record<string, number>} */
const ORDER = { "": 0, days: 1, "EUR HT": 2 };
/** @type {Record<Edge, Edge>} */
const OPPOSITE = { below: "from", from: "below", at_most: "above", above: "at_most" };
const ONE = dec(1);
/** A step of what has neither cents nor months: a share. */
const HAIR = dec("0.0001");
/** More facts that must change at once are no advice. */
const MOST_TOGETHER = 3;

/** @param {Law} law @param {Case} facts @param {Procedure} procedure @returns {Truth} */
function statusIn(law, facts, procedure) {
  return statusesOf(law, facts)[law.table.place.get(procedure.id) ?? -1] ?? "undetermined";
}

/** @param {Law} law @param {Procedure} procedure @returns {Rule[]} */
function rulesOf(law, procedure) {
  return law.rules.filter((rule) => rule.procedure === procedure.id);
}

/** The law of the day, and that of every span to which advice may move the launch, with the move that it takes. @param {Law} law @param {Case} facts @returns {Near[]} */
function nearLaws({ table }, facts) {
  const { days, what_if } = table.rows;
  const day = dayNumber(facts.launched_on);
  return ["", ...days].flatMap((since, i) => {
    const next = days[i];
    let moved = day;
    if (since !== "" && dayNumber(since) > day) moved = dayNumber(since);
    else if (next !== undefined && dayNumber(next) <= day) moved = dayNumber(next) - 1;
    // farther off a law may still change, and nobody plans a purchase by it
    const away = Math.abs(moved - day);
    if (away > what_if.most_days) return [];
    /** @type {Alteration} */
    const launch = { fact: null, before: facts.launched_on, after: writtenDay(moved), distance: dec(away), unit: "days", bound: "" };
    return [{ law: table.on(launch.after), launch: moved === day ? null : launch }];
  });
}

/** @param {Law} today @param {Case} facts @param {Procedure} procedure */
function opensOf(today, facts, procedure) {
  /** @type {ChangeSet[]} */
  const found = [];
  for (const { law, launch } of nearLaws(today, facts)) {
    if (!law.known[law.table.place.get(procedure.id) ?? -1]) continue;
    for (const rule of rulesOf(law, procedure)) {
      const needed = examined(law, rule, facts).applies ? neededFor(law, rule, facts) : null;
      const change = needed && checked(law, facts, procedure, rule, launch ? [...needed, launch] : needed, "yes");
      if (change) found.push(change);
    }
  }
  return nearest(found);
}

/** What makes every condition of a row hold; null where a fact stands in the way that is not the buyer's to choose. @param {Law} law @param {Rule} rule @param {Case} facts */
function neededFor(law, rule, facts) {
  /** @type {Map<string, Alteration>} */
  const needed = new Map();
  for (const test of law.tests(rule)) {
    const value = facts[test.fact.id] ?? null;
    if (judged(test, value) === "yes") continue;
    const choice = bearingOf(law, test.fact).choice;
    // a fact that is answered does not change to obtain a procedure
    if (choice === "given" || (choice === "established" && value !== null)) return null;
    const alteration = altered(law, test, facts, true);
    if (alteration === null || needed.has(test.fact.id)) return null;
    needed.set(test.fact.id, alteration);
  }
  return [...needed.values()];
}

/** For every row that holds or may hold, one condition broken. @param {Law} today @param {Case} facts @param {Procedure} procedure */
function closesOf(today, facts, procedure) {
  const live = rulesOf(today, procedure).filter((rule) => examined(today, rule, facts).truth !== "no");
  /** @type {ChangeSet[]} */
  const found = [];
  const keep = (/** @type {ChangeSet | null} */ change) => change && found.push(change);
  for (const { law, launch } of nearLaws(today, facts)) {
    if (launch !== null) {
      const [ground] = [...live, ...rulesOf(law, procedure), ...law.table.rows.rules.filter((rule) => rule.procedure === procedure.id)];
      if (ground !== undefined && statusIn(law, facts, procedure) === "no") keep(checked(law, facts, procedure, ground, [launch], "no"));
      continue;
    }
    /** @type {Map<string, [Alteration, Rule]>} */
    const breaks = new Map();
    for (const rule of live) {
      for (const test of law.tests(rule)) {
        const broken = altered(law, test, facts, false);
        if (broken !== null) breaks.set(test.fact.path, [broken, rule]);
      }
    }
    for (const chosen of chosenOf([...breaks.values()])) {
      keep(checked(law, facts, procedure, /** @type {[Alteration, Rule]} */ (chosen[0])[1], chosen.map(([one]) => one), "no"));
    }
  }
  return nearest(found);
}

/** One, then two, then three of them. @template T @param {T[]} all @returns {T[][]} */
function chosenOf(all) {
  /** @type {T[][]} */
  const found = [];
  for (let size = 1; size <= MOST_TOGETHER; size++) {
    const take = (/** @type {number} */ from, /** @type {T[]} */ taken) => {
      if (taken.length === size) found.push(taken);
      else for (let i = from; i < all.length; i++) take(i + 1, [...taken, /** @type {T} */ (all[i])]);
    };
    take(0, []);
  }
  return found;
}

/** The change, if deciding anew gives what is wanted: it may close elsewhere what it opens here. @param {Law} law @param {Case} facts @param {Procedure} procedure @param {Rule} rule @param {Alteration[]} alterations @param {Truth} wanted @returns {ChangeSet | null} */
function checked(law, facts, procedure, rule, alterations, wanted) {
  const changed = { ...facts };
  for (const { fact, after } of alterations) changed[fact?.id ?? "launched_on"] = after;
  if (statusIn(law, changed, procedure) !== wanted) return null;
  // of a launch that is moved away, the law that it leaves does not matter
  if (wanted === "no" && alterations.some(({ fact }) => fact === null)) return { alterations, rule, doubts: [] };
  return { alterations, rule, doubts: doubtsAbout(law, wanted === "yes" ? changed : facts, procedure.id) };
}

/** @param {Law} law @param {Fact} fact of one that the table does not speak of, no advice is safe */
function bearingOf(law, fact) {
  return law.table.rows.bearings[fact.id] ?? { choice: "given" };
}

/** The nearest alteration that makes a condition hold, or fail, whichever reading of its limit is right. @param {Law} law @param {Test} test @param {Case} facts @param {boolean} holds @returns {Alteration | null} */
function altered(law, { fact, condition, edge, limit }, facts, holds) {
  const before = facts[fact.id] ?? null;
  if (fact.kind === "choice") return null;
  if (fact.kind === "truth") return { fact, before, after: Boolean(condition.is) === holds, distance: ONE, unit: "", bound: "" };
  const lowest = limit?.amounts[0];
  const highest = limit?.amounts[limit.amounts.length - 1];
  if (edge === null || limit === null || lowest === undefined || highest === undefined) return null;
  const written = law.table.rows.what_if.steps[limit.unit];
  const step = written === undefined ? HAIR : dec(written);
  const side = holds ? edge : OPPOSITE[edge];
  const after = { below: () => minus(lowest, step), at_most: () => lowest, from: () => highest, above: () => plus(highest, step) }[side]();
  if (after.units < 0n) return null;
  // an amount nobody gave is no distance away
  const distance = before === null ? ZERO : compare(after, before) < 0 ? minus(before, after) : minus(after, before);
  return { fact, before, after, distance, unit: limit.unit, bound: side === "below" || side === "at_most" ? "at_most" : "at_least" };
}

// --- which are nearest

/** Those that no other makes unnecessary; the fewest alterations first, then the shortest way. @param {ChangeSet[]} changes */
function nearest(changes) {
  const ordered = changes.map((one) => ({ ...one, alterations: [...one.alterations].sort((a, b) => orderOf(a) - orderOf(b)) })).sort(byWay);
  /** @type {ChangeSet[]} */
  const kept = [];
  for (const change of ordered) if (!kept.some((other) => dominates(other, change))) kept.push(change);
  return kept;
}

/** @param {Alteration} alteration */
function orderOf({ unit }) {
  return ORDER[unit] ?? 3;
}

/** @param {ChangeSet} one @param {ChangeSet} other */
function byWay(one, other) {
  if (one.alterations.length !== other.alterations.length) return one.alterations.length - other.alterations.length;
  for (const [i, mine] of one.alterations.entries()) {
    const theirs = /** @type {Alteration} */ (other.alterations[i]);
    const difference = orderOf(mine) - orderOf(theirs) || compare(mine.distance, theirs.distance) || compare(widthOf(mine), widthOf(theirs));
    if (difference) return difference;
  }
  return 0;
}

/** Of two bounds on a number nobody gave, the wider goes first. @param {Alteration} alteration @returns {Dec} */
function widthOf({ before, after, bound }) {
  if (before !== null || bound === "") return ZERO;
  return bound === "at_most" ? minus(ZERO, after) : after;
}

/** It needs nothing that the other does not, and goes no farther. @param {ChangeSet} one @param {ChangeSet} other */
function dominates(one, other) {
  const theirs = new Map(other.alterations.map((alteration) => [nameOf(alteration), alteration.distance]));
  return one.alterations.every((alteration) => {
    const distance = theirs.get(nameOf(alteration));
    return distance !== undefined && compare(alteration.distance, distance) <= 0;
  });
}

/** What changes; a launch brought forward and one put back are two things. @param {Alteration} alteration */
function nameOf({ fact, before, after }) {
  return fact?.path ?? (after < before ? "launched_on<" : "launched_on");
}

// --- how it is said

/**
 * What would change the answer for one procedure, in the words of the library.
 * @param {Language} say @param {Law} law @param {Case} facts @param {Procedure} procedure
 */
export function whatIfTold(say, law, facts, procedure) {
  const truth = statusIn(law, facts, procedure);
  const opens = truth === "yes" ? [] : opensOf(law, facts, procedure);
  const line = (/** @type {ChangeSet} */ change) => ({ facts: change.alterations.map(({ fact }) => fact?.path ?? "launched_on"), text: changeLine(say, law, change) });
  const notes = opens.flatMap(({ alterations }) => alterations.flatMap(({ fact }) => noteOf(say, law, fact)));
  return {
    status: STATUS[truth],
    opens: [...(truth === "undetermined" ? readings(say, law, facts, procedure) : []), ...opens.map(line)],
    // looked for when it is read: every combination of what may be broken is tried
    get closes() {
      return truth === "no" ? [] : closesOf(law, facts, procedure).map(line);
    },
    notes: [...new Set(notes)],
  };
}

/** What to know about changing an amount. @param {Language} say @param {Law} law @param {Fact | null} fact @returns {string[]} */
function noteOf(say, law, fact) {
  const { choice, reason, basis } = fact === null ? { choice: "chosen", reason: undefined, basis: undefined } : bearingOf(law, fact);
  if (choice !== "estimated" || reason === undefined) return [];
  return [basis === undefined ? say.text(reason) : `${say.text(reason)} (${citation(say, law.table.cited(basis))})`];
}

/** The readings of contested limits that would open it: nothing is left to change, only a text to read. @param {Language} say @param {Law} law @param {Case} facts @param {Procedure} procedure */
function readings(say, law, facts, procedure) {
  const waiting = relevantRules(law, procedure.id, facts).map((rule) => examined(law, rule, facts)).filter((ground) => ground.truth === "undetermined");
  const option = new Option(law, facts, procedure, "undetermined", {});
  option.seen = waiting;
  return limitsToRead([option]).flatMap(({ threshold, unit, readings: read }) =>
    read.flatMap(({ amount, source }) => {
      const truths = waiting.map(({ findings }) =>
        conjunction(findings.map(({ test, value, truth }) => (test.threshold !== threshold || test.edge === null || value === null ? truth : HOLDS[test.edge](compare(value, amount)) ? "yes" : "no"))),
      );
      if (disjunction(truths) !== "yes") return [];
      const text = say.say("change_reading", { amount: say.quantity(amount, unit), source: citation(say, source) });
      return [{ facts: /** @type {string[]} */ ([]), text }];
    }),
  );
}

/** One change in a sentence, with its article, or the text to read where it rests on something that is not confirmed. @param {Language} say @param {Law} law @param {ChangeSet} change */
function changeLine(say, law, { alterations, rule, doubts }) {
  const text = say.allOf(alterations.map((alteration) => alterationText(say, law, alteration)));
  if (!doubts.length) return `${text} (${citation(say, law.table.cited(rule.basis))})`;
  return say.say("change_doubted", { change: text, doubts: say.clauses(doubts.map((doubt) => doubtSentence(say, doubt))) });
}

/** @param {Language} say @param {Law} law @param {Alteration} alteration */
function alterationText(say, law, { fact, before, after, distance, unit, bound }) {
  if (fact === null) return say.say(after > before ? "change_launched_from" : "change_launched_until", { day: say.date(after) });
  const name = say.text(fact.label);
  if (unit === "EUR HT" && before !== null) {
    return say.say(compare(after, before) < 0 ? "change_falls" : "change_rises", { fact: name, distance: say.euros(distance), amount: say.euros(after) });
  }
  if (unit) return say.say(`change_${bound}`, { fact: name, amount: say.quantity(after, unit) });
  const sentence = after ? fact.affirmed : fact.denied;
  // French elides before "il", whatever the language that is written: the catalogue of each has both sentences
  const text = say.say(sentence?.fr?.startsWith("il ") ? "change_fact_il" : "change_fact", { fact: say.text(sentence) });
  return bearingOf(law, fact).choice === "chosen" ? say.say("change_chosen", { condition: text }) : text;
}

// --- days, without a clock

const EPOCH = 719_468;
const DAYS_OF_ERA = 146_097;

/** The number of a day, so that the next day has the next one; years begin with March. @param {string} iso */
function dayNumber(iso) {
  const [year = 0, month = 1, day = 1] = iso.split("-").map(Number);
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const inYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const inEra = (y - era * 400) * 365 + Math.floor((y - era * 400) / 4) - Math.floor((y - era * 400) / 100) + inYear;
  return era * DAYS_OF_ERA + inEra - EPOCH;
}

/** @param {number} number @returns {string} 2026-04-01 */
function writtenDay(number) {
  const shifted = number + EPOCH;
  const era = Math.floor(shifted / DAYS_OF_ERA);
  const inEra = shifted - era * DAYS_OF_ERA;
  const ofEra = Math.floor((inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365);
  const inYear = inEra - (365 * ofEra + Math.floor(ofEra / 4) - Math.floor(ofEra / 100));
  const month = Math.floor((5 * inYear + 2) / 153);
  const day = inYear - Math.floor((153 * month + 2) / 5) + 1;
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${era * 400 + ofEra + (month < 10 ? 0 : 1)}-${two(month < 10 ? month + 3 : month - 9)}-${two(day)}`;
}
