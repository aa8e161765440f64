// What a procedure obliges the buyer to: the row of each duty that binds.

import { contestedIn, examined, missingIn, unknownIn } from "./findings.js";

/** @typedef {import("./law.js").Law} Law */
/** @typedef {import("./law.js").Case} Case */
/** @typedef {import("./law.js").Procedure} Procedure */
/** @typedef {import("./law.js").DutyRow} DutyRow */
/** @typedef {import("./findings.js").Examination<DutyRow>} Candidate */
/** @typedef {{id: string, row: DutyRow, isSure: boolean}} Owed */

/** The duties that come with a procedure, one entry a duty, in the order of the table. @param {Law} law @param {Procedure} procedure @param {Case} facts @returns {Owed[]} */
export function dutiesOf(law, procedure, facts) {
  /** @type {Map<string, Candidate[]>} */
  const found = new Map();
  for (const row of law.dutyRows) {
    if (row.procedures ? !row.procedures.includes(procedure.id) : procedure.arrangement) continue;
    const seen = examined(law, row, facts);
    if (seen.truth !== "no") found.set(row.duty, [...(found.get(row.duty) ?? []), seen]);
  }
  const chosen = [...found.values()].flatMap((candidates) => binding(law, candidates));
  // only a duty that is certain makes a lighter one of its ladder needless
  const owed = chosen.filter((one) => one.truth === "yes").map((one) => one.row.duty);
  const outdone = law.table.rows.ladders.flatMap((ladder) =>
    ladder.filter((_, i) => ladder.slice(i + 1).some((heavier) => owed.includes(heavier))),
  );
  return chosen
    .filter(({ row }) => !outdone.includes(row.duty))
    .map((one) => ({
      id: one.row.duty,
      row: one.row,
      isSure: !missingIn(one).length && !contestedIn(one).length && !unknownIn(one).length,
    }));
}

/** The rows that say what one duty is: the national one, or a local one that asks for more; both while that is open. @param {Law} law @param {Candidate[]} candidates @returns {Candidate[]} */
function binding(law, candidates) {
  const national = candidates.filter((one) => !one.row.local);
  const local = candidates.filter((one) => one.row.local);
  if (!national.length) return [first(local)];
  const chosen = first(national);
  const stricter = local.filter((one) => asksForMore(law, one.row, chosen.row));
  if (!stricter.length) {
    const sure = local.find((one) => one.truth === "yes");
    return [chosen.truth === "yes" || sure === undefined ? chosen : sure];
  }
  const weight = (/** @type {Candidate} */ one) => [Number(one.truth === "yes"), (one.row.days ?? 0) * sense(law, one.row)];
  const hardest = stricter.reduce((most, one) => (below(weight(most), weight(one)) ? one : most));
  return hardest.truth === "yes" ? [hardest] : [chosen, hardest];
}

/** @param {number[]} one @param {number[]} other @returns {boolean} whether `one` comes before `other` */
function below(one, other) {
  const i = one.findIndex((value, place) => value !== other[place]);
  return i >= 0 && (one[i] ?? 0) < (other[i] ?? 0);
}

/** The shortest that holds; while none does, the one with the fewest questions, then the longest. @param {Candidate[]} candidates @returns {Candidate} */
function first(candidates) {
  const sure = candidates.filter((one) => one.truth === "yes");
  const weight = (/** @type {Candidate} */ one) => (sure.length ? [one.row.days ?? Infinity] : [missingIn(one).length, -(one.row.days ?? 0)]);
  return (sure.length ? sure : candidates).reduce((least, one) => (below(weight(one), weight(least)) ? one : least));
}

/** @param {Law} law @param {DutyRow} local @param {DutyRow} national */
function asksForMore(law, local, national) {
  if (local.days === undefined || national.days === undefined) return local.days !== undefined;
  return (local.days - national.days) * sense(law, local) > 0;
}

/** A deadline is stricter where it is shorter, a minimum where it is longer. @param {Law} law @param {DutyRow} row */
function sense(law, row) {
  return law.table.rows.duties[row.duty]?.deadline ? -1 : 1;
}
