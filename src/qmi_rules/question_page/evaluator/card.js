// The card: what to do, because of what, how sure, who signs, what is left to settle; as data, then as its lines of text.

import { ladderOf, nextFact } from "./asking.js";
import { compare, minus, written } from "./decimals.js";
import { dutiesOf } from "./duties.js";
import { findingSentence, shortCitation } from "./findings.js";
import { doubtSentence, inOrder, lightestOf, optionsOf } from "./options.js";
import { presumedFacts, Seen } from "./seen.js";
import { outsideOf } from "./truth.js";
import { sentenceCase, visible } from "./words.js";

/** @typedef {import("./decimals.js").Dec} Dec */
/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {import("./law.js").Limit} Limit */
/** @typedef {import("./law.js").Cited} Cited */
/** @typedef {import("./findings.js").Finding} Finding */
/** @typedef {import("./options.js").Option} Option */
/** @typedef {import("./seen.js").Reservation} Reservation */
/** @typedef {import("./asking.js").Rung} Rung */
/** @typedef {import("./words.js").Language} Language */
/** @typedef {{text: string, source: Cited}} Because */
/** @typedef {{limit: Limit, amount: Dec, distance: Dec}} Margin */
/** @typedef {{who: string, text: string, source: Cited | null}} Signature */
/** @typedef {{fact: string, question: string, why: string, goesWithoutSaying: boolean}} Question */
/** @typedef {{id: string, options: Option[]}} LotOptions */
/** @typedef {{law: Law, facts: Case, lots: LotOptions[], lightest: Option | null, valuePath: string, skipped: string[],
 *   kindsDiffer: boolean, delegationLimit: Dec | null}} Decided what is decided, what nobody can answer, up to which amount the mayor signs by delegation */

/** What a reservation is about that comes of members of several kinds, not of a threshold. */
const MEMBERS = "members";

/** The case that the card speaks of: it presumes that no particular case is there. @param {{law: Law, facts: Case}} decided */
function presuming({ law, facts }) {
  const rare = presumedFacts(law, facts);
  const ordinary = rare.filter((fact) => fact.kind === "truth").map((fact) => [fact.id, false]);
  return { rare, presumed: { ...facts, ...Object.fromEntries(ordinary) } };
}

/** What an answer may change of the card, as one text to compare: competition, procedure, reservations. @param {Law} law @param {Case} facts */
export function glanceOf(law, facts) {
  const seen = new Seen(law, presuming({ law, facts }).presumed);
  return `${seen.competition} ${seen.lightest?.procedure.id} ${seen.reserved}`;
}

/** What to ask next, and nothing else of the card. @param {Language} say @param {Decided} decided @returns {Question | null} */
export function questionOf(say, decided) {
  if (outsideOf(decided.law, decided.facts) !== null) return null;
  const { presumed } = presuming(decided);
  return questionOn(say, decided, presumed, new Seen(decided.law, presumed));
}

/** The card of a decision, as its document. @param {Language} say @param {Decided} decided */
export function answerOf(say, decided) {
  const { law } = decided;
  const { rows } = law.table;
  const outside = outsideOf(law, decided.facts);
  if (outside !== null) return ofAnotherRegime(say, decided, outside);
  const { rare, presumed: facts } = presuming(decided);
  const seen = new Seen(law, facts);
  const main = seen.lightest;
  const { safe } = seen;
  // without an amount the ladder is the answer: nobody prepares for the heaviest procedure that the amount may ask for
  const isByAmount = facts.estimated_value === null && seen.competition === "undetermined";
  const duties = main === null ? [] : dutiesOf(law, main.procedure, facts);
  const margin = main === null ? null : marginOf(main);
  const signature = duties.find((duty) => duty.id === rows.card.signature);
  const signs = signsOf(say, decided, signature === undefined ? null : law.table.cited(signature.row.basis, facts.launched_on));
  const next = questionOn(say, decided, facts, seen);
  /** @type {Reservation[]} */
  const reservations = [...seen.reservations];
  if (decided.kindsDiffer) reservations.push({ code: "contested", about: MEMBERS });
  reservations.push(...afterReview(law, facts));
  const card = {
    competition: seen.competition,
    procedure: main,
    because: isByAmount ? [] : reasons(say, seen),
    margin,
    reservations,
    safe: safe === main ? null : safe,
    ladder: facts.estimated_value === null ? ladderOf(law, facts) : [],
    signs,
    do: isByAmount || main === null ? [] : firstDuties(law, [...duties, ...dutiesOfUsed(law, facts)]),
    next,
    lots: lotsLine(say, decided),
    presumes: rare.length > 0,
    isOfAnotherRegime: false,
  };
  return {
    competition: card.competition,
    procedure: main?.procedure.id ?? null,
    because: card.because.map(({ text, source }) => ({ text, legal_basis: source.id, url: source.url })),
    margin: margin === null ? null : toldMargin(margin),
    reservations: reservations.map((one) => ({ code: one.code, text: reservationText(say, law, one) })),
    presuming: rare.map((fact) => fact.path),
    safe: card.safe?.procedure.id ?? null,
    ladder: card.ladder.map(toldRung),
    signs: { who: signs.who, text: signs.text, legal_basis: signs.source?.id ?? null },
    do: card.do,
    next: next === null ? null : { fact: next.fact, question: next.question, why: next.why },
    text: lines(say, law, card).join("\n"),
  };
}

/** The card of an act that the table says nothing of: that another regime applies, which one, and nothing more. @param {Language} say @param {Decided} decided @param {import("./law.js").Outside} outside */
function ofAnotherRegime(say, { law, facts }, outside) {
  const source = law.table.cited(outside.basis, facts.launched_on);
  const because = [{ text: say.text(outside.text).replace(/\.+$/, ""), source }];
  const reservations = afterReview(law, facts);
  const signs = { who: "look_up", text: say.say("look_up_other"), source: null };
  const card = {
    competition: "undetermined", procedure: null, because, margin: null, reservations, safe: null, ladder: [], signs, do: [], next: null,
    lots: "", presumes: false, isOfAnotherRegime: true,
  };
  return {
    competition: card.competition,
    procedure: null,
    because: because.map(({ text }) => ({ text, legal_basis: source.id, url: source.url })),
    margin: null,
    reservations: reservations.map((one) => ({ code: one.code, text: reservationText(say, law, one) })),
    presuming: [],
    safe: null,
    ladder: [],
    signs: { who: signs.who, text: signs.text, legal_basis: null },
    do: [],
    next: null,
    text: lines(say, law, card).join("\n"),
  };
}

/** That the launch is after the day up to which the law was reviewed. @param {Law} law @param {Case} facts @returns {Reservation[]} */
function afterReview(law, facts) {
  const { reviewed_on } = law.table.rows;
  return reviewed_on !== null && facts.launched_on > reviewed_on ? [{ code: "beyond_review", about: "" }] : [];
}

/** @param {Margin} margin */
function toldMargin({ limit, amount, distance }) {
  const told = { threshold: limit.threshold, limit: written(amount), distance: written(distance) };
  return limit.amounts.length > 1 ? { ...told, readings: limit.amounts.map(written) } : told;
}

/** @param {Rung} rung */
function toldRung({ from, below, procedure, fact }) {
  const told = { from: written(from), below: below === null ? null : written(below), procedure };
  return fact === null ? told : { ...told, if: fact.id };
}

// --- the reasons

/** Why the lightest procedure is open; then why no lighter one is. @param {Language} say @param {Seen} seen @returns {Because[]} */
function reasons(say, seen) {
  const { law, lightest: main } = seen;
  /** @type {Because[]} */
  const found = [];
  const ground = main?.grounds[0];
  if (main !== null && ground !== undefined) {
    const told = ground.findings.filter(tells).map((finding) => clause(say, law, finding));
    const described = say.text(main.procedure.description ?? main.procedure.label).replace(/\.+$/, "");
    found.push({ text: told.length ? say.clauses(told) : described, source: law.table.cited(ground.row.basis, main.facts.launched_on) });
  }
  if (seen.competition === "not_required") return found;
  const order = main?.order ?? null;
  const lighter = inOrder(seen.options).filter((option) => option.procedure.dispensed && (order === null || option.order < order));
  const option = seen.waiting[0] ?? lighter.find((one) => one.truth === "no" && amounts(one, "no").length);
  const basis = option?.grounds[0]?.row.basis;
  if (option === undefined || basis === undefined) return found;
  const procedure = say.text(option.procedure.label);
  const missing = option.missing.flatMap((path) => law.table.factAt(path) ?? []);
  let text;
  if (option.truth === "no") {
    const limits = amounts(option, "no").flatMap(({ test }) => test.limit?.amounts ?? []);
    const limit = limits.reduce((most, one) => (compare(one, most) > 0 ? one : most));
    text = say.say("only_below", { procedure, limit: say.quantity(limit, "EUR HT") });
  } else if (missing.length) {
    text = say.say("to_establish", { procedure, facts: say.allOf(missing.map((fact) => say.text(fact.label))) });
  } else {
    return found; // a reservation says what it waits for
  }
  return [...found, { text, source: law.table.cited(basis, option.facts.launched_on) }];
}

/** Whether a finding says something of this purchase, and not only that a rare case is not there. @param {Finding} finding */
function tells({ test, value }) {
  return test.fact.kind === "number" || (test.fact.kind === "truth" && value === true);
}

/** A finding that holds; of the value of the need shorter than the explanation has it. @param {Language} say @param {Law} law @param {Finding} finding */
function clause(say, law, finding) {
  const { limit, edge } = finding.test;
  if (limit === null || limit.unit !== "EUR HT") return findingSentence(say, law, finding);
  const limits = limit.amounts.length ? limit.amounts.map((amount) => say.quantity(amount, limit.unit)) : [say.quantity(null, limit.unit)];
  return say.say(`side_${edge}`, { value: say.quantity(finding.value, limit.unit), limit: say.anyOf(limits) });
}

/** What compares an amount with a limit in the grounds of an option, with one answer. @param {Option} option @param {"yes" | "no"} truth @returns {Finding[]} */
function amounts(option, truth) {
  return option.grounds.flatMap((ground) => ground.findings.filter((one) => one.test.limit?.unit === "EUR HT" && one.truth === truth));
}

/** The limit above the value that the procedure is open under; of several grounds the highest, and none where one holds at any amount. @param {Option} main @returns {Margin | null} */
function marginOf(main) {
  const isLimit = (/** @type {Finding} */ { test, truth }) =>
    test.limit?.unit === "EUR HT" && truth === "yes" && (test.edge === "below" || test.edge === "at_most");
  const limits = main.grounds.filter((ground) => ground.truth === "yes").map((ground) => ground.findings.filter(isLimit));
  if (limits.some((ground) => !ground.length)) return null;
  /** @type {Margin | null} */
  let found = null;
  for (const { test, value } of limits.flat()) {
    const amount = test.limit?.amounts[0];
    if (test.limit === null || amount === undefined || value === null) continue;
    if (found === null || compare(amount, found.amount) > 0) found = { limit: test.limit, amount, distance: minus(amount, value) };
  }
  return found;
}

// --- what is not sure

/** @param {Language} say @param {Law} law @param {Reservation} reservation @param {boolean} brief for a line that others share */
function reservationText(say, law, { code, about, limit, doubt, options = [], paths = [] }, brief = false) {
  if (about === MEMBERS) return say.say("members");
  if (limit !== undefined) {
    const label = say.text(limit.label);
    const told = limit.readings.map(({ amount, source }) => {
      const text = say.quantity(amount, limit.unit);
      return brief ? text : `${text} (${shortCitation(say, source)})`;
    });
    return brief ? say.say("contested_brief", { label, amounts: say.anyOf(told) }) : say.say("contested", { label, choice: say.anyOf(told) });
  }
  if (doubt !== undefined) {
    const { amount, certainty, unit, source } = doubt;
    const values = { amount: amount === null ? "" : say.quantity(amount, unit), source: shortCitation(say, source) };
    return say.say(`${amount === null ? "row" : "value"}_${certainty}`, values);
  }
  if (code === "law_unknown") return say.say(code, { procedures: say.allOf(options.map((option) => say.text(option.procedure.label))) });
  if (code === "notice") return say.say(code, { fact: paths.map((path) => say.text(law.table.factAt(path)?.label)).join() });
  if (code === "presumed") {
    const facts = paths.flatMap((path) => law.table.factAt(path) ?? []);
    return say.say(code, { facts: say.allOf(facts.map((fact) => say.text(fact.label))) });
  }
  return say.say("beyond_review", { on: say.date(law.table.rows.reviewed_on ?? "") });
}

// --- who signs, what to do

/** @param {Language} say @param {Decided} decided @param {Cited | null} source @returns {Signature} */
function signsOf(say, { facts, delegationLimit }, source) {
  const kind = facts.buyer_kind;
  const value = facts.estimated_value;
  if (kind === "commune" && delegationLimit !== null && value !== null) {
    const who = compare(value, delegationLimit) <= 0 ? "mayor_by_delegation" : "council";
    return { who, text: say.say(who), source };
  }
  const name = kind === "commune" ? "commune" : [null, "state", "utility"].includes(kind) ? "other" : "local";
  return { who: "look_up", text: say.say(`look_up_${name}`), source };
}

/** What the arrangements oblige to that the purchase says it uses. @param {Law} law @param {Case} facts */
function dutiesOfUsed(law, facts) {
  const used = optionsOf(law, facts, true).filter((option) => option.isDeclared);
  return used.flatMap(({ procedure }) => dutiesOf(law, procedure, facts));
}

/** The first things to do for certain, in the order in which they are done. @param {Law} law @param {import("./duties.js").Owed[]} duties @returns {string[]} */
function firstDuties(law, duties) {
  const { ladders, card } = law.table.rows;
  const { order, signature, most_duties } = card;
  const owed = [...new Set(duties.filter((duty) => duty.isSure && duty.id !== signature).map((duty) => duty.id))];
  const open = new Set(duties.map((duty) => duty.id).filter((id) => !owed.includes(id)));
  for (const ladder of ladders) {
    // which notice is owed may hang on a fact that nobody filled: the one that goes furthest is named
    if (!ladder.some((id) => owed.includes(id))) owed.push(...ladder.filter((id) => open.has(id)).slice(-1));
  }
  const local = new Set(duties.filter((duty) => duty.row.local).map((duty) => duty.id));
  const place = (/** @type {string} */ id, /** @type {number} */ otherwise) => (order.includes(id) ? order.indexOf(id) : otherwise);
  const isLast = (/** @type {string} */ id) => Number(!order.includes(id) && !local.has(id));
  const chosen = owed.sort((one, other) => isLast(one) - isLast(other) || place(one, 0) - place(other, 0)).slice(0, most_duties);
  const end = order.indexOf(signature);
  return chosen.sort((one, other) => place(one, end) - place(other, end));
}

// --- what is asked next

/** @param {Language} say @param {Decided} decided @param {Case} facts @param {Seen} seen @returns {Question | null} */
function questionOn(say, { law, valuePath, skipped }, facts, seen) {
  const next = nextFact(law, facts, seen, skipped);
  if (next === null) return null;
  const path = next.fact.id === "estimated_value" ? valuePath : next.fact.path;
  const ways = [...new Map(next.futures.flatMap(({ lightest }) => (lightest ? [[lightest.procedure.id, lightest]] : []))).values()];
  const labels = [...new Set(ways.map((way) => say.text(way.procedure.label)))];
  const goesWithoutSaying = !(labels.length > 1 && labels.length <= 3);
  const why = goesWithoutSaying ? say.say("may_change") : say.say("by_answer", { ways: say.anyOf(labels) });
  return { fact: path, question: questionText(say, law, path), why, goesWithoutSaying };
}

/** How to ask for a fact; the path itself where there is no question. @param {Language} say @param {Law} law @param {string} path */
export function questionText(say, law, path) {
  if (path === law.table.rows.card.framework) return say.say("finding_framework_question");
  return say.text(law.table.factAt(path)?.question) || path;
}

// --- the lines

/** @param {Language} say @param {Option | null} option */
function name(say, option) {
  return option === null ? say.say("no_way") : say.text(option.procedure.label);
}

/**
 * @param {Language} say @param {Law} law
 * @param {{competition: string, procedure: Option | null, because: Because[], margin: Margin | null, reservations: Reservation[],
 *   safe: Option | null, ladder: Rung[], signs: Signature, do: string[], next: Question | null, lots: string, presumes: boolean, isOfAnotherRegime: boolean}} card
 * @returns {string[]}
 */
function lines(say, law, card) {
  const found = [visible(headline(say, card))];
  card.because.forEach(({ text, source }, i) => {
    const room = i === 0 && card.margin !== null ? " " + visible(say.say("room", { distance: say.euros(card.margin.distance) })) : "";
    found.push(`${visible(sentenceCase(text))} (${visible(shortCitation(say, source))}).${room}`);
  });
  if (card.reservations.length) {
    const doubts = card.reservations.map((one) => reservationText(say, law, one, true));
    found.push(visible(say.say("to_verify", { doubts: say.clauses(doubts) })));
  }
  if (card.safe !== null) found.push(visible(say.say("safe", { procedure: name(say, card.safe) })));
  if (card.ladder.length) {
    found.push(visible(say.say("rungs", { rungs: say.clauses(card.ladder.map((rung) => rungText(say, law, rung))) })));
  }
  if (card.lots) found.push(visible(card.lots));
  const signed = visible(say.say("signs", { who: card.signs.text }));
  found.push(card.signs.source === null ? `${signed}.` : `${signed} (${visible(shortCitation(say, card.signs.source))}).`);
  if (card.do.length) {
    const duties = card.do.map((duty) => say.text(law.table.rows.duties[duty]?.short ?? law.table.rows.duties[duty]?.label));
    found.push(visible(say.say("do", { duties: say.clauses(duties) })));
  }
  if (card.next !== null) {
    const asked = say.say("next", { question: card.next.question });
    found.push(visible(card.next.goesWithoutSaying ? asked : `${asked} ${card.next.why}`));
  }
  if (card.presumes) found.push(visible(say.say("presuming")));
  return found;
}

/** @param {Language} say @param {{competition: string, procedure: Option | null, reservations: Reservation[], safe: Option | null, ladder: Rung[], isOfAnotherRegime: boolean}} card */
function headline(say, { competition, procedure: main, reservations, safe, ladder, isOfAnotherRegime }) {
  if (isOfAnotherRegime) return say.say("other_regime");
  const procedure = name(say, main);
  if (competition !== "undetermined") return say.say(competition, { procedure });
  if (reservations.some(({ code }) => code === "law_unknown")) return say.say("law_of_the_day_unknown");
  if (safe !== null) return say.say("under_reserve", { procedure });
  if (ladder.length) return say.say("by_amount");
  return say.say(reservations.some(({ code, about }) => code === "contested" && about !== MEMBERS) ? "by_text" : "by_point", { procedure });
}

/** @param {Language} say @param {Law} law @param {Rung} rung */
function rungText(say, law, { below, procedure: id, fact }) {
  const found = law.table.procedures.find((one) => one.id === id);
  const procedure = found === undefined ? say.say("no_way") : say.text(found.label);
  const values = { procedure, below: below === null ? "" : say.euros(below), fact: fact === null ? "" : say.text(fact.affirmed) };
  return say.say(`${below === null ? "last_rung" : "rung"}${fact === null ? "" : "_if"}`, values);
}

// --- the lots

/** The lots that go another way than the whole, in one line; empty where there are none. @param {Language} say @param {Decided} decided */
function lotsLine(say, { law, lots, lightest }) {
  /** @type {Map<string, string[]>} */
  const ways = new Map();
  for (const { id, options } of lots) {
    const option = inOrder(options.filter((one) => one.truth === "yes"))[0] ?? null;
    // the empty way stands for that of the whole
    const way = option === null || option.procedure.id === lightest?.procedure.id ? "" : wayOf(say, option);
    ways.set(way, [...(ways.get(way) ?? []), id]);
  }
  const following = ways.get("") ?? [];
  ways.delete("");
  const told = [...ways].map(([way, ids]) => say.count(ids.length, "lots", { lots: named(say, law, ids), way }));
  if (following.length) told.push(say.say(ways.size ? "other_lots_follow" : "lots_follow"));
  return told.length ? say.clauses(told) + "." : "";
}

/** @param {Language} say @param {Option} option */
function wayOf(say, option) {
  const doubts = say.clauses(option.doubts.map((doubt) => doubtSentence(say, doubt)));
  const basis = doubts || option.legalBasis.map((source) => shortCitation(say, source)).join(", ");
  return say.say("lot_way", { procedure: say.text(option.procedure.label), basis });
}

/** @param {Language} say @param {Law} law @param {string[]} ids */
function named(say, law, ids) {
  const most = law.table.rows.card.named_lots;
  const rest = ids.length - most;
  return say.allOf(rest > 0 ? [...ids.slice(0, most), say.count(rest, "others")] : ids);
}
