// The way through the questions: which are asked, which of the answers count, what document they make. No page, no clock.
import { sumOf } from "./typed.js";

/**
 * @typedef {{value?: any, unknown?: boolean, loaded?: boolean}} Given An answer: a value, or "nobody knows"; `loaded`: it came with a dossier.
 * @typedef {{answers: Record<string, Given>, extra: Record<string, any>, rest: Record<string, any>, parts: Record<string, any>,
 *   at: string | null, changing: boolean, lang: string}} State
 *   `answers` by question, those that no longer count included; `extra`: facts that count whether they are asked or not (a loaded dossier, a
 *   particular case); `rest`: other keys of the purchase; `parts`: other parts of the dossier.
 * @typedef {{steps: string[], current: string | null, purchase: Record<string, any>, skipped: string[], clash: string[] | null}} Walk
 *   `steps`: the questions on the way, answered or being asked; `current`: the one without an answer, null = nothing more can change the card;
 *   `clash`: the totals of members and of lots, where they differ.
 * @typedef {{opening: any[], next: (purchase: Record<string, any>, skipped: string[]) => string | null,
 *   matters: (question: any, purchase: Record<string, any>) => boolean,
 *   valueOf: (purchase: Record<string, any>) => string | null}} Law
 */

/** The paths that an opening question settles, in a purchase. @type {Record<string, string[]>} */
export const PATHS = {
  buyer: ["buyer.kind"],
  contract_type: ["contract_type"],
  amount: ["estimated_value", "need"],
  day: ["launched_on"],
  together: ["joint", "members"],
  lots: ["lots"],
  new: ["innovative"],
};

/** The opening question that settles a path; the path itself where none does. @param {string} path */
export function questionAt(path) {
  return Object.keys(PATHS).find((id) => PATHS[id].includes(path)) ?? path;
}

const LONGEST = 80;

/** @param {string} lang @returns {State} */
export function fresh(lang) {
  return { answers: {}, extra: {}, rest: {}, parts: {}, at: null, changing: false, lang };
}

/**
 * Go through the questions from the first one, with the answers that are there. An answer counts where its question is met on the way;
 * others are kept for the way back and count for nothing.
 * @param {State} state @param {Law} law @returns {Walk}
 */
export function walk(state, law) {
  /** @type {Record<string, any>} */
  const purchase = { ...state.rest };
  for (const [path, value] of Object.entries(state.extra)) put(purchase, path, value);
  const totals = totalsOf(state);
  const clash = new Set(totals).size > 1 ? totals : null;
  /** @type {string[]} */
  const steps = [];
  const skipped = ["lots", "members", "cpv"];
  let current = null;
  for (const question of law.opening) {
    const { id } = question;
    if (PATHS[id] === undefined || PATHS[id].some((path) => path in state.extra)) continue;
    const given = state.answers[id];
    if (id === "amount" && totals.length > 0 && !agrees(given, totals[0], law)) continue;
    if (given === undefined && current !== null) continue;
    if (question.asked !== "always" && current === null && !given?.loaded && !law.matters(question, purchase)) continue;
    if (given === undefined) current = id;
    steps.push(id);
    take(purchase, id, given, clash !== null, skipped, question);
  }
  if (current !== null) return { steps, current, purchase, skipped, clash };
  while (steps.length < LONGEST) {
    const named = law.next(purchase, skipped);
    if (named === null) break;
    const id = questionAt(named);
    if (steps.includes(id) || skipped.includes(named)) {
      if (skipped.includes(named)) break;
      skipped.push(named);
      continue;
    }
    steps.push(id);
    const given = state.answers[id];
    if (given === undefined) return { steps, current: id, purchase, skipped, clash };
    take(purchase, id, given, false, skipped, law.opening.find((one) => one.id === id));
  }
  return { steps, current: null, purchase, skipped, clash };
}

/** The answers that count for nothing for now. @param {State} state @param {Walk} walked */
export function dormant(state, walked) {
  return Object.keys(state.answers).filter((path) => !walked.steps.includes(path));
}

/**
 * Put an answer into the purchase; what nobody knows is not asked again.
 * @param {any} purchase @param {string} id @param {Given | undefined} given @param {boolean} clash @param {string[]} skipped @param {any} [question]
 */
function take(purchase, id, given, clash, skipped, question) {
  if (given === undefined) return;
  const value = given.value ?? {};
  if (id === "contract_type" && value.title) purchase.title = value.title;
  if (given.unknown) {
    skipped.push(...(PATHS[id] ?? [id]));
    return;
  }
  switch (id) {
    case "buyer": {
      const { name: _, ...buyer } = value;
      purchase.buyer = { ...purchase.buyer, ...withoutNull(buyer) };
      break;
    }
    case "contract_type":
      purchase.contract_type = value.contract_type;
      break;
    case "amount":
      if (value.need) purchase.need = value.need;
      else if (value.vat_rate) purchase.need = { firm: value.amount, vat_rate: value.vat_rate };
      else purchase.estimated_value = value.amount;
      break;
    case "day":
      purchase.launched_on = value.day;
      break;
    case "together":
      // members say by themselves that they are several
      if (value.joint && counted(value.members).length > 1 && !clash) purchase.members = counted(value.members).map(asMember);
      else purchase.joint = value.joint;
      break;
    case "lots":
      if (value.allotted && value.lots.length > 0) purchase.lots = value.lots;
      break;
    case "new":
      fill(purchase, question, value.choice);
      break;
    default:
      put(purchase, id, given.value);
  }
}

/** Fill what a choice of an opening question fills of the purchase. @param {any} purchase @param {any} question @param {string} choice */
export function fill(purchase, question, choice) {
  for (const [path, value] of Object.entries(fillsOf(question, choice))) if (path.startsWith("purchase.")) put(purchase, path.slice(9), value);
}

/** @param {any} question @param {string} choice @returns {Record<string, any>} */
function fillsOf(question, choice) {
  return question?.choices.find((/** @type {any} */ one) => one.id === choice)?.fills ?? {};
}

/** The totals that lots and members give. @param {State} state @returns {string[]} */
function totalsOf(state) {
  const members = state.answers.together?.value;
  const lots = state.answers.lots?.value;
  const found = [];
  if (lots?.allotted && lots.lots.length > 0) found.push(sumOf(lots.lots.map((/** @type {any} */ lot) => lot.estimated_value)));
  if (members?.joint && counted(members.members).length > 1) found.push(sumOf(counted(members.members).map((/** @type {any} */ one) => one.part)));
  return found;
}

/** Whether an amount is the total that lots or members give: it is then said twice, and counts. @param {Given | undefined} given @param {string} total @param {Law} law */
function agrees(given, total, law) {
  if (given?.value === undefined) return false;
  /** @type {any} */
  const alone = {};
  take(alone, "amount", given, false, []);
  const value = law.valueOf(alone);
  return value !== null && sumOf([value]) === sumOf([total]);
}

/** The members whose part is known. @param {any[] | undefined} members */
export function counted(members) {
  return (members ?? []).filter((one) => one.part);
}

/** @param {any} one */
function asMember(one) {
  return { buyer: withoutNull({ ...one.buyer }), part: one.part };
}

/** @param {Record<string, any>} object */
function withoutNull(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined && value !== ""));
}

/** Fill a path such as "buyer.local_authority". @param {any} document @param {string} path @param {any} value */
export function put(document, path, value) {
  const [head, ...rest] = path.split(".");
  if (rest.length === 0) document[head] = value;
  else {
    document[head] = { ...document[head] };
    put(document[head], rest.join("."), value);
  }
}

/**
 * The dossier as every command takes it: the answers that count and what was loaded with them.
 * @param {State} state @param {Walk} walked @param {string} untitled @param {any[]} opening
 */
export function dossierOf(state, walked, untitled, opening) {
  const { title, ...purchase } = walked.purchase;
  /** @type {any} */
  const dossier = { ...state.parts, purchase: { title: title || untitled, ...purchase } };
  const given = walked.steps.includes("new") ? state.answers.new : undefined;
  if (given?.value && !given.loaded) {
    const question = opening.find((one) => one.id === "new");
    for (const [path, value] of Object.entries(fillsOf(question, given.value.choice))) if (!path.startsWith("purchase.")) put(dossier, path, value);
  }
  return dossier;
}

const STRUCTURED = ["title", "contract_type", "launched_on", "estimated_value", "need", "lots", "members", "joint", "buyer", "innovative", "format"];

/**
 * The state that a dossier, or a purchase alone, gives.
 * @param {any} document @param {string} lang @param {(path: string) => boolean} isFact @returns {State}
 */
export function stateOf(document, lang, isFact) {
  const state = fresh(lang);
  if (!isObject(document)) throw new Error("not a dossier");
  const purchase = isObject(document.purchase) ? document.purchase : document;
  if (purchase !== document) {
    state.parts = Object.fromEntries(Object.entries(document).filter(([key]) => key !== "purchase" && key !== "format"));
  }
  const { title, contract_type, launched_on, estimated_value, need, lots, members, joint, buyer, innovative } = purchase;
  const answers = state.answers;
  const loaded = (/** @type {any} */ value) => ({ value, loaded: true });
  if (isObject(buyer)) {
    if (buyer.kind) answers.buyer = loaded({ ...buyer });
    else state.rest.buyer = buyer;
  }
  if (contract_type) answers.contract_type = loaded({ contract_type, title: title ?? "" });
  else if (title) state.rest.title = title;
  if (estimated_value !== undefined && estimated_value !== null) answers.amount = loaded({ amount: String(estimated_value), ...(isObject(need) ? { need } : {}) });
  else if (isObject(need)) {
    const simple = Object.keys(need).every((key) => key === "firm" || key === "vat_rate") && need.firm !== undefined;
    answers.amount = loaded(simple ? withoutNull({ amount: String(need.firm), vat_rate: need.vat_rate && String(need.vat_rate) }) : { need });
  }
  if (launched_on) answers.day = loaded({ day: String(launched_on) });
  if (Array.isArray(members) && members.length > 0)
    answers.together = loaded({ joint: true, members: members.map((one) => ({ ...one, part: one.part === undefined ? "" : String(one.part) })) });
  else if (typeof joint === "boolean") answers.together = loaded({ joint, members: [] });
  if (Array.isArray(lots) && lots.length > 0)
    answers.lots = loaded({ allotted: true, lots: lots.map((one) => ({ ...one, estimated_value: String(one.estimated_value) })) });
  if (typeof innovative === "boolean") answers.new = loaded({ choice: innovative ? "new" : "ordinary" });
  for (const [key, value] of Object.entries(purchase)) {
    if (STRUCTURED.includes(key) || value === null || value === undefined) continue;
    if (isFact(key)) state.extra[key] = value;
    else state.rest[key] = value;
  }
  return state;
}

/** @param {any} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
