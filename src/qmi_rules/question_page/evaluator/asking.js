// What to ask next: the fact whose answers leave least open, as long as one can change the card.

import { compare, ZERO } from "./decimals.js";
import { judgedOn } from "./findings.js";
import { askable, Seen } from "./seen.js";

/** @typedef {import("./decimals.js").Dec} Dec */
/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {import("./law.js").Fact} Fact */
/** @typedef {import("./options.js").Option} Option */
/** @typedef {{fact: Fact, futures: Seen[]}} Next */

/** The answers that a fact may be given: yes and no, each word, or one amount for each stretch between two limits. @param {Law} law @param {Fact} fact @returns {any[]} */
function answersTo(law, fact) {
  if (fact.kind === "truth") return [true, false];
  return fact.kind === "choice" ? (fact.choices ?? []).map((word) => word.id) : [ZERO, ...law.edgesOf(fact.id)];
}

/** @param {Law} law @param {Case} facts @param {Seen} seen the card as it is @param {string[]} skipped paths that nobody can answer @returns {Next | null} */
export function nextFact(law, facts, seen, skipped) {
  const asked = [...askable(law, facts), ...seen.noticeFacts].filter((fact) => !skipped.includes(fact.path));
  /** @type {(Next & {open: number}) | null} */
  let best = null;
  for (const fact of asked) {
    const futures = answersTo(law, fact).map((value) => new Seen(law, { ...facts, [fact.id]: value }));
    if (futures.every((future) => future.isLike(seen))) continue;
    const open = futures.filter((future) => future.competition === "undetermined").length / futures.length;
    if (best === null || open < best.open) best = { fact, futures, open };
  }
  return best ?? together(law, facts, seen, asked);
}

/** Facts that change the card only together: all their answers are tried, and where these are too many the first is asked. @param {Law} law @param {Case} facts @param {Seen} seen @param {Fact[]} asked @returns {Next | null} */
function together(law, facts, seen, asked) {
  const answers = asked.map((fact) => answersTo(law, fact));
  const tested = stillTested(law, facts, asked);
  let tried = 0;
  for (let size = 2; size <= asked.length; size++) {
    for (const places of combinations(asked.length, size)) {
      // what no row asks for any more changes nothing, alone or with others: its answers are counted, not tried
      if (places.some((place) => !tested[place])) {
        tried += places.reduce((count, place) => count * (answers[place]?.length ?? 0), 1);
        if (tried > law.table.rows.card.most_tried) return { fact: /** @type {Fact} */ (asked[places[0] ?? 0]), futures: [] };
        continue;
      }
      for (const values of products(places.map((place) => answers[place] ?? []))) {
        tried += 1;
        const changes = Object.fromEntries(places.map((place, i) => [asked[place]?.id ?? "", values[i]]));
        if (tried > law.table.rows.card.most_tried || !new Seen(law, { ...facts, ...changes }).isLike(seen)) {
          const fact = asked[places[0] ?? 0];
          return fact === undefined ? null : { fact, futures: [] };
        }
      }
    }
  }
  return null;
}

/**
 * Which facts some row still asks for: one that nothing closes already, whatever is answered.
 * @param {Law} law @param {Case} facts @param {Fact[]} asked @returns {boolean[]} one for each fact
 */
function stillTested(law, facts, asked) {
  // where one kind or type stands for all, rows that are closed are looked at too
  if (facts.buyer_kind === null || facts.contract_type === null) return asked.map(() => true);
  const open = new Set(asked.map((fact) => fact.id));
  /** @type {Set<string>} */
  const found = new Set();
  for (const rule of law.rules) {
    const tests = law.tests(rule);
    const isClosed = tests.some((test) => !open.has(test.fact.id) && judgedOn(test, facts) === "no");
    if (!isClosed) for (const { fact } of tests) found.add(fact.id);
  }
  return asked.map((fact) => found.has(fact.id));
}

/** @param {number} count @param {number} size @param {number} from @returns {Generator<number[]>} */
function* combinations(count, size, from = 0) {
  if (size === 0) yield [];
  else for (let i = from; i <= count - size; i++) for (const rest of combinations(count, size - 1, i + 1)) yield [i, ...rest];
}

/** @param {any[][]} lists @returns {Generator<any[]>} */
function* products(lists) {
  const [first, ...rest] = lists;
  if (first === undefined) yield [];
  else for (const value of first) for (const others of products(rest)) yield [value, ...others];
}

// --- the ladder: the lightest procedure for every amount

/** @typedef {{from: Dec, below: Dec | null, procedure: string | null, fact: Fact | null}} Rung */

/** @param {Law} law @param {Case} facts @returns {Rung[]} also what a fact that helps would open, where it is not filled */
export function ladderOf(law, facts) {
  const amounts = [ZERO, ...law.edgesOf("estimated_value").filter((edge) => edge.units > 0n)];
  const safeWith = (/** @type {Record<string, any>} */ changes) =>
    amounts.map((amount) => new Seen(law, { ...facts, ...changes, estimated_value: amount }).safe);
  const plain = safeWith({});
  /** @type {[Fact | null, (Option | null)[]][]} */
  const found = [[null, plain]];
  for (const fact of askable(law, facts)) {
    if (fact.kind !== "truth" || fact.ask !== "when_it_helps") continue;
    // said only where it opens a lighter way
    const lighter = safeWith({ [fact.id]: true }).map((option, i) => {
      const other = plain[i] ?? null;
      return option !== null && (other === null || option.order < other.order) ? option : null;
    });
    found.push([fact, lighter]);
  }
  /** @type {Rung[]} */
  const rungs = [];
  for (const [fact, options] of found) {
    let start = 0;
    for (let i = 1; i <= amounts.length; i++) {
      const here = options[start]?.procedure.id ?? null;
      if (i < amounts.length && (options[i]?.procedure.id ?? null) === here) continue;
      if (here !== null || fact === null) rungs.push({ from: amounts[start] ?? ZERO, below: amounts[i] ?? null, procedure: here, fact });
      start = i;
    }
  }
  return rungs.sort(
    (one, other) => byEnd(one.below, other.below) || compare(one.from, other.from) || byName(one.fact?.id ?? "", other.fact?.id ?? ""),
  );
}

/** @param {Dec | null} one @param {Dec | null} other null = no end */
function byEnd(one, other) {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return compare(one, other);
}

/** @param {string} one @param {string} other */
function byName(one, other) {
  return one < other ? -1 : Number(one > other);
}
