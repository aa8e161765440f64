// From a purchase as its document has it to the cases that are put to the table: one for the whole, one a lot.

import { compare, dec, minus, over, plus, share, sum, times, written, ZERO } from "./decimals.js";
import { askedBy, inRanges, suggestedBy } from "./law.js";
import { statusesOf } from "./truth.js";

/** @typedef {import("./decimals.js").Dec} Dec */
/** @typedef {import("./law.js").Table} Table */
/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {string | number} Amount */
/** @typedef {{contract_type: string, value: Amount, specific_service?: boolean | null}} Part */
/**
 * @typedef {object} Need
 * @property {Amount} [firm] @property {Amount[]} [options] @property {{count: number | string, each: Amount}} [renewals]
 * @property {{amount: Amount, years: number | string}} [yearly] @property {{maximum?: Amount | null}} [framework]
 * @property {Amount[]} [same_need] @property {Amount[]} [operation] @property {Amount[]} [rd_phases]
 * @property {Amount[]} [later_purchases] @property {Amount[]} [prizes] @property {Part[]} [parts] @property {Amount} [vat_rate]
 */
/** @typedef {{kind?: string | null, insee_code?: string | null, local_authority?: boolean | null}} Buyer */
/** @typedef {Record<string, any> & {id: string, estimated_value: Amount}} Lot */
/**
 * @typedef {Record<string, any> & {launched_on: string, estimated_value?: Amount | null, need?: Need | null, lots?: Lot[] | null,
 *   members?: {buyer: Buyer, part: Amount}[] | null, buyer?: Buyer | null}} Purchase
 */
/** @typedef {{part: string, amount: Dec | null, legal_basis: string}} ValuedPart */

const NOT_LOCAL = ["state", "utility"];

// --- what the need is worth

/** The parts of a need that are present, with VAT taken off the running total: they add up to the cent. @param {Table} table @param {Need} need @returns {ValuedPart[]} */
function valueNeed(table, need) {
  const basis = table.rows.valuation;
  const rate = given(need.vat_rate);
  let gross = ZERO;
  let net = ZERO;
  return [...partsOf(need)].map(([part, amount]) => {
    // a trial and what follows it are one need; only in an innovation partnership has that an article of its own
    const legal_basis = basis[part === "later_purchases" && !need.rd_phases?.length ? "firm" : part] ?? "";
    if (amount === null || rate === null) return { part, amount, legal_basis };
    gross = plus(gross, amount);
    const before = net;
    net = over(gross, plus(dec(1), rate), 2, true);
    return { part, amount: minus(net, before), legal_basis };
  });
}

/** @param {Need} need @returns {Iterable<[string, Dec | null]>} */
function* partsOf(need) {
  const firm = given(need.firm);
  if (firm !== null) yield ["firm", firm];
  if (need.renewals) yield ["renewals", times(dec(need.renewals.count), dec(need.renewals.each))];
  if (need.yearly) yield ["yearly", times(dec(need.yearly.amount), dec(need.yearly.years))];
  if (need.framework) yield ["framework", given(need.framework.maximum)];
  if (need.parts?.length) yield ["parts", sum(need.parts.map((part) => dec(part.value)))];
  for (const name of /** @type {const} */ (["options", "same_need", "operation", "rd_phases", "later_purchases", "prizes"])) {
    const amounts = need[name];
    if (amounts?.length) yield [name, sum(amounts.map(dec))];
  }
}

/** @param {Amount | null | undefined} amount @returns {Dec | null} */
function given(amount) {
  return amount === null || amount === undefined ? null : dec(amount);
}

/** The parts that make up the value of a purchase. @param {Table} table @param {Purchase} purchase @returns {ValuedPart[]} */
export function valuation(table, purchase) {
  const basis = table.rows.valuation;
  const parts = purchase.need ? valueNeed(table, purchase.need) : [];
  if (parts.length) return parts;
  const one = (/** @type {string} */ part, /** @type {Dec} */ amount) => [{ part, amount, legal_basis: basis[part] ?? "" }];
  if (purchase.lots?.length) return one("lots", sum(purchase.lots.map((lot) => dec(lot.estimated_value))));
  if (purchase.members?.length) return one("members", sum(purchase.members.map((member) => dec(member.part))));
  const declared = given(purchase.estimated_value);
  return declared === null ? [] : one("declared", declared);
}

/** The value compared with the limits; null where a part cannot be known, or none is. @param {Table} table @param {Purchase} purchase @returns {Dec | null} */
export function valueOf(table, purchase) {
  if (!purchase.need && !purchase.lots?.length && !purchase.members?.length) return given(purchase.estimated_value);
  const amounts = valuation(table, purchase).map((part) => part.amount);
  return amounts.length && !amounts.includes(null) ? sum(/** @type {Dec[]} */ (amounts)) : null;
}

// --- the case of the whole

/** @param {Table} table @param {Purchase} purchase @returns {Case} */
export function wholeCase(table, purchase) {
  const { buyer, need } = purchase;
  /** @type {Case} */
  const facts = {
    ...table.blank,
    launched_on: purchase.launched_on,
    cpv: purchase.cpv ?? null,
    asked: askedBy(table, purchase.cpv ?? null),
    suggested: suggestedBy(table, purchase.title ?? ""),
  };
  for (const id of [...table.yesNo, "contract_type", "exclusion", "instrument"]) facts[id] = purchase[id] ?? null;
  facts.estimated_value = valueOf(table, purchase);
  facts.duration_months = given(purchase.duration_months);
  facts.buyer_kind = buyer?.kind ?? null;
  facts.local_authority = buyer?.local_authority ?? (buyer?.insee_code ? true : null);
  facts.allotted = purchase.lots?.length ? true : null;
  for (const fact of table.factsAt.get("cpv") ?? []) facts[fact.id] = fact.choices?.find((word) => inRanges(facts.cpv, word.cpv))?.id ?? null;
  if (need?.parts?.length) {
    facts.contract_type ??= mainType(table, need.parts);
    facts.specific_service ??= mainlySpecific(need.parts);
  }
  if (purchase.members?.length) {
    facts.joint = true;
    facts.buyer_kind = commonKind(purchase);
  }
  return facts;
}

/** Services or supplies by the larger value; whether works are the main object is for the buyer to say. @param {Table} table @param {Part[]} parts */
function mainType(table, parts) {
  const worth = (/** @type {string} */ type) => sum(parts.filter((part) => part.contract_type === type).map((part) => dec(part.value)));
  const types = (table.fact("contract_type").choices ?? []).map((word) => word.id);
  const present = types.filter((type) => worth(type).units !== 0n);
  if (present.length === 1) return present[0];
  if (worth("works").units !== 0n) return null;
  return compare(worth("services"), worth("supplies")) > 0 ? "services" : "supplies";
}

/** A mixed contract follows the category of higher value; if that cannot be told, the ordinary rules. @param {Part[]} parts */
function mainlySpecific(parts) {
  if (parts.every((part) => (part.specific_service ?? null) === null)) return null;
  const specific = sum(parts.filter((part) => part.specific_service).map((part) => dec(part.value)));
  return compare(times(specific, dec(2)), sum(parts.map((part) => dec(part.value)))) > 0;
}

/** The kind of all who buy; of several the one with the lowest limits, which is the cautious reading. @param {Purchase} purchase @returns {string | null} */
function commonKind(purchase) {
  const own = purchase.buyer?.kind ?? null;
  const kinds = new Set((purchase.members ?? []).map((member) => member.buyer.kind ?? null));
  if (own !== null) kinds.add(own);
  if (kinds.size === 1) return [...kinds][0] ?? null;
  if (kinds.has(null)) return null;
  if (kinds.has("state")) return "state";
  return own !== null && !NOT_LOCAL.includes(own) ? own : "other_local";
}

/** Whether the buyers of a joint purchase are of kinds that the thresholds tell apart. @param {Purchase} purchase */
export function kindsDiffer({ buyer, members }) {
  const kinds = [buyer?.kind ?? null, ...(members ?? []).map((member) => member.buyer.kind ?? null)].filter((kind) => kind !== null);
  return Boolean(members?.length) && new Set(kinds.map((kind) => (NOT_LOCAL.includes(kind) ? kind : "local"))).size > 1;
}

// --- the cases of the lots

/**
 * One case a lot, and the places of the lots that must still say whether they use the small-lot rule.
 * @param {Law} law @param {Purchase} purchase @returns {{cases: Case[], asked: number[]}}
 */
export function lotCases(law, purchase) {
  const lots = purchase.lots ?? [];
  const whole = wholeCase(law.table, purchase);
  const total = sum(lots.map((lot) => dec(lot.estimated_value)));
  const meant = sum(lots.filter((lot) => lot.small_lot).map((lot) => dec(lot.estimated_value)));
  const shareOf = (/** @type {Dec} */ part) => (total.units === 0n ? ZERO : share(part, total));
  const cases = lots.map((lot) => lotCase(law.table, whole, lot));
  const silent = [...cases.keys()].filter((i) => cases[i]?.small_lot === null);
  const asked = silent.filter((i) => {
    const one = /** @type {Case} */ (cases[i]);
    const used = { ...one, small_lot: true, small_lots_share: shareOf(plus(meant, one.lot_value)) };
    // whether the rule may open something for the lot that it would not have otherwise, were it the last to use it
    return statusesOf(law, used).join() !== statusesOf(law, { ...one, small_lot: false }).join();
  });
  if (!asked.length) for (const one of cases) Object.assign(one, { small_lots_share: shareOf(meant), small_lots_value: meant });
  return { cases, asked };
}

/** @param {Table} table @param {Case} whole @param {Lot} lot @returns {Case} */
function lotCase(table, whole, lot) {
  /** @type {Case} */
  const facts = { ...whole, allotted: true, lot_value: dec(lot.estimated_value), small_lot: lot.small_lot ?? null };
  for (const id of table.yesNo) facts[id] = lot[id] ?? whole[id];
  // a lot of services in a contract whose main object is another follows that object
  if (whole.contract_type !== null && whole.contract_type !== "services") facts.specific_service = whole.specific_service;
  facts.lot_type = lot.contract_type ?? whole.contract_type;
  return facts;
}

// --- as a document

/** The facts of a case as they travel; what is not known is left out. @param {Table} table @param {Case} facts */
export function told(table, facts) {
  /** @type {Record<string, any>} */
  const found = facts.cpv === null ? {} : { cpv: facts.cpv };
  for (const { id, kind } of table.facts) {
    const value = facts[id];
    if (value !== null) found[id] = kind === "number" ? written(value) : value;
  }
  return found;
}

/** A case of the kit. @param {Table} table @param {Record<string, any>} facts @param {string} on @returns {Case} */
export function caseOf(table, facts, on) {
  /** @type {Case} */
  const found = { ...table.blank, launched_on: on, cpv: facts.cpv ?? null, asked: askedBy(table, facts.cpv ?? null), suggested: [] };
  for (const { id, kind } of table.facts) found[id] = kind === "number" ? given(facts[id]) : (facts[id] ?? null);
  return found;
}
