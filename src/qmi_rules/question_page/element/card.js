// The card: what the law answers, because of what, how sure, who signs, what to do; and the annexes that unfold under it.
import { capital, filled, h, link, unfolding } from "./nodes.js";

/**
 * @typedef {{rows: any, lang: string, day: string, words: Record<string, string>, euros: (amount: string) => string, date: (iso: string) => string,
 *   tell: (text: any) => string, explain: () => any[], changes: () => {opening: any[], closing: any[], notes: string[]}, choose: (path: string) => void, questionOf: (path: string) => any}} Shown
 */

/** The first line of a card: its answer in one sentence. @param {any} answer */
export function headlineOf(answer) {
  return answer.text.split("\n")[0];
}

/** The name of a procedure. @param {Shown} shown @param {string | null} id */
export function procedureName(shown, id) {
  const found = shown.rows.procedures.find((/** @type {any} */ one) => one.id === id);
  return found ? shown.tell(found.label) : shown.words.no_procedure;
}

/** A text of law with its article, linked to the version of the day where its address is known. @param {Shown} shown @param {string | null} id @param {string | null} [url] */
export function citation(shown, id, url) {
  const source = id === null ? undefined : shown.rows.sources[id];
  if (source === undefined) return null;
  const text = shown.tell(source.text);
  const name = source.article ? filled(shown.words.article, { article: source.article, text }) : text;
  return link(name.trim(), url ?? versionOn(source, shown.day) ?? source.url);
}

/** The address of the version of an article that is in force on a day. @param {any} source @param {string} day @returns {string | undefined} */
function versionOn(source, day) {
  return source.versions?.find((/** @type {any} */ one) => (one.from ?? "") <= day && day <= (one.until ?? "9999"))?.url;
}

/** The body of the card. @param {Shown} shown @param {any} answer */
export function cardBody(shown, answer) {
  const { words } = shown;
  return [
    answer.because.length > 0 &&
      h("ul", { class: "because" }, answer.because.map((/** @type {any} */ one) => h("li", {}, sentence(one.text), " ", bracketed(citation(shown, one.legal_basis, one.url))))),
    answer.margin && margin(shown, answer.margin),
    answer.reservations.length > 0 &&
      h("div", { class: "reservations", role: "note" },
        h("h3", {}, words.to_verify),
        h("ul", {}, answer.reservations.map((/** @type {any} */ one) => h("li", {}, sentence(one.text))))),
    answer.safe && h("p", { class: "safe" }, h("strong", {}, words.safe), " ", procedureName(shown, answer.safe)),
    answer.ladder.length > 0 && ladder(shown, answer.ladder),
    h("p", { class: "signs" }, h("strong", {}, words.signs), " ", sentence(answer.signs.text), " ", bracketed(citation(shown, answer.signs.legal_basis))),
    answer.do.length > 0 &&
      h("div", { class: "do" }, h("h3", {}, words.to_do), h("ol", {}, answer.do.map((/** @type {string} */ id) => h("li", {}, dutyName(shown, id))))),
  ];
}

/** @param {string} text */
function sentence(text) {
  return capital(text) + (/[.!?…]$/.test(text) ? "" : ".");
}

/** @param {any} node */
function bracketed(node) {
  return node === null ? null : h("span", { class: "basis" }, "(", node, ")");
}

/** @param {Shown} shown @param {string} id */
function dutyName(shown, id) {
  const duty = shown.rows.duties[id];
  return duty === undefined ? id : shown.tell(duty.label ?? duty);
}

/** The limit and what is left below it. @param {Shown} shown @param {any} limits */
function margin(shown, limits) {
  const { words } = shown;
  const used = Number(limits.limit) > 0 ? 1 - Number(limits.distance) / Number(limits.limit) : 0;
  const percent = Math.max(0, Math.min(100, Math.round(used * 100)));
  const bar = h("span", { class: "bar", "aria-hidden": "true" }, h("span", { class: "used" }));
  bar.firstChild.style.width = `${percent}%`;
  return h("div", { class: "margin" },
    h("dl", {},
      h("div", {}, h("dt", {}, words.limit), h("dd", { "data-qmi": "limit" }, shown.euros(limits.limit))),
      h("div", {}, h("dt", {}, words.left), h("dd", { "data-qmi": "distance" }, shown.euros(limits.distance)))),
    bar);
}

/** The lightest procedure by amount. @param {Shown} shown @param {any[]} rungs */
export function ladder(shown, rungs) {
  const { words, rows } = shown;
  const fact = (/** @type {string} */ id) => shown.tell(rows.facts.find((/** @type {any} */ one) => one.id === id)?.affirmed ?? id);
  return h("table", { class: "ladder" },
    h("caption", {}, words.ladder),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.ladder_amount), h("th", { scope: "col" }, words.ladder_way))),
    h("tbody", {}, rungs.map((rung) => {
      const span = rung.below ? filled(words.below, { amount: shown.euros(rung.below) }) : words.beyond;
      return h("tr", {}, h("th", { scope: "row" }, span), h("td", {}, procedureName(shown, rung.procedure), rung.if ? h("span", { class: "if" }, " ", filled(words.if, { fact: fact(rung.if) })) : null));
    })));
}

/** "Pourquoi ?": the grounds of the ways that matter: the one that is answered, and the lighter ones that are not open. @param {Shown} shown @param {any} answer */
export function why(shown, answer) {
  return unfolding(shown.words.why, () => {
    const told = shown.explain();
    const main = told.findIndex((one) => one.procedure === answer.procedure);
    return told.slice(0, main < 0 ? undefined : main + 1).filter((one, i) => i === main || one.status !== "closed" || one.grounds.length > 0).map((one) => [
      h("h3", {}, one.label, " — ", shown.words[one.status]),
      grounds(shown, one),
    ]);
  }, { class: "why" });
}

/** The grounds of one way. @param {Shown} shown @param {any} told */
export function grounds(shown, told) {
  if (told.grounds.length === 0) return h("p", {}, shown.words.no_ground);
  return h("ul", { class: "grounds" }, told.grounds.map((/** @type {any} */ ground) =>
    h("li", {},
      (ground.legal_basis ?? []).map((/** @type {any} */ one) => [link(one.text, one.url), " "]),
      h("ul", {}, ground.findings.map((/** @type {any} */ one) => h("li", { class: `truth ${one.truth}` }, h("span", { class: "mark" }, shown.words[`truth_${one.truth}`]), " ", one.text))))));
}

/** "Et si ?": the nearest changes that would open a lighter way, and those that would close the one that is answered. @param {Shown} shown @param {any} answer */
export function whatIf(shown, answer) {
  const { words } = shown;
  const list = (/** @type {any[]} */ changes) => h("ul", { class: "changes" }, changes.map((one) => h("li", {}, sentence(one.text))));
  return unfolding(words.what_if, () => {
    const { opening, closing, notes } = shown.changes();
    if (opening.length === 0 && closing.length === 0) return h("p", {}, words.nothing_changes);
    return [
      opening.map((one) => [h("h3", {}, filled(words.would_open, { procedure: procedureName(shown, one.procedure) })), list(one.changes)]),
      notes.map((note) => h("p", { class: "hint" }, note)),
      closing.length > 0 && [h("h3", {}, filled(words.would_close, { procedure: procedureName(shown, answer.procedure) })), list(closing)],
    ];
  }, { class: "what-if" });
}

/** All ways with their status, and how another decision changes the list in place. @param {Shown} shown @param {any} decision */
export function ways(shown, decision) {
  const { words } = shown;
  /** @type {Map<string, (status: string) => void>} */
  const marks = new Map();
  const item = (/** @type {any} */ { procedure, status }) => {
    const mark = h("span", { class: `status ${status}` }, words[status]);
    const grounds_ = unfolding("", () => {
      const told = shown.explain().find((one) => one.procedure === procedure);
      return told ? grounds(shown, told) : h("p", {}, words.no_ground);
    });
    grounds_.firstChild.append(mark, " ", procedureName(shown, procedure));
    const node = h("li", { "data-procedure": procedure, "data-status": status }, grounds_);
    marks.set(procedure, (now) => {
      grounds_.renew();
      if (node.dataset.status === now) return;
      node.dataset.status = now;
      mark.className = `status ${now}`;
      mark.textContent = words[now];
    });
    return node;
  };
  const list = (/** @type {any[]} */ options) => h("ul", { class: "ways" }, options.map(item));
  return {
    nodes: [list(decision.options), decision.arrangements.length > 0 && [h("h3", {}, words.arrangements), list(decision.arrangements)]],
    change: (/** @type {any} */ other) => [...other.options, ...other.arrangements].forEach(({ procedure, status }) => marks.get(procedure)?.(status)),
  };
}

/** The ways of each lot that differ from closed: a table. @param {Shown} shown @param {any} decision */
export function lots(shown, decision) {
  if (decision.lots.length === 0) return null;
  const lightest = (/** @type {any} */ lot) => {
    const open = shown.rows.procedures.filter((/** @type {any} */ one) => !one.arrangement && lot.options.some((/** @type {any} */ option) => option.procedure === one.id && option.status === "open"));
    open.sort((/** @type {any} */ a, /** @type {any} */ b) => a.rank - b.rank);
    return open.length > 0 ? shown.tell(open[0].label) : shown.words.no_procedure;
  };
  return h("table", { class: "lots" },
    h("caption", {}, shown.words.lots),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, shown.words.lot_name), h("th", { scope: "col" }, shown.words.ladder_way))),
    h("tbody", {}, decision.lots.map((/** @type {any} */ lot) => h("tr", {}, h("th", { scope: "row" }, lot.id), h("td", {}, lightest(lot))))));
}

/** The facts of particular cases that the card presumes not to be there; a click says that one is. @param {Shown} shown @param {string[]} paths */
export function particular(shown, paths) {
  return unfolding(shown.words.particular, () => [
    h("p", {}, shown.words.particular_help),
    h("ul", { class: "particular" }, paths.map((path) => h("li", {}, h("button", { type: "button", class: "plain", onclick: () => shown.choose(path) }, shown.questionOf(path).question)))),
  ], { class: "particular" });
}
