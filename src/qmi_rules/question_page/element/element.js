// The custom element <qmi-rules-question-page lang="fr">: questions at one side, the card at the other, and what a person does with it.
import { cardBody, headlineOf, ladder, lots, particular, ways, whatIf, why } from "./card.js";
import { PATHS, dormant, dossierOf, fill, fresh, stateOf, walk } from "./journey.js";
import { addressWith, carriedBy, forget, keep, keepInAddress, mayKeep, recalled } from "./memory.js";
import { arrange, capital, filled, h, unfolding } from "./nodes.js";
import { answerText, freshId, widgetFor } from "./widgets.js";

const LANGUAGES = ["fr", "en"];
const LARGEST_FILE = 2_000_000;
/** Milliseconds that are left to the browser once an answer is drawn, and once a key or a choice is. */
const REST = 80;
const SHORT_REST = 10;
/** Some time after the next frame is drawn. @type {(run: () => void, rest: number) => number} */
const whenDrawn = (run, rest) => requestAnimationFrame(() => setTimeout(run, rest));
/** The changes of a procedure that are shown, the nearest first. */
const MOST_CHANGES = 3;

/** @param {string | null} tag */
function languageOf(tag) {
  const code = (tag ?? "fr").slice(0, 2).toLowerCase();
  return LANGUAGES.includes(code) ? code : "fr";
}

/**
 * Define the element and the hooks on `window.qmiRules`.
 * @param {{rows: any, words: Record<string, Record<string, string>>, service: string | null}} data
 * @param {any} evaluator The functions of the evaluator.
 * @param {string} css
 */
export function start(data, evaluator, css) {
  const { rows } = data;
  /** @type {any} */ (window).qmiRules = {
    decide: (/** @type {any} */ purchase, lang = "fr") => evaluator.decide(purchase, rows, lang),
    facts: (/** @type {any} */ purchase) => evaluator.facts(purchase, rows),
    edition: rows.edition,
  };
  if (!customElements.get("qmi-rules-question-page")) customElements.define("qmi-rules-question-page", elementOf(data, evaluator, css));
}

/** @param {any} data @param {any} evaluator @param {string} css */
function elementOf(data, evaluator, css) {
  const { rows, service } = data;
  const isFact = (/** @type {string} */ path) => rows.facts.some((/** @type {any} */ one) => one.path === path && !one.lot);

  const everything = ["need", ...rows.facts.map((/** @type {any} */ one) => one.path)];

  return class QuestionPage extends HTMLElement {
    constructor() {
      super();
      this.shadow = this.attachShadow({ mode: "open" });
      this.state = fresh("fr");
      /** @type {import("./journey.js").Walk} */
      this.walked = { steps: [], current: null, purchase: {}, skipped: [], clash: null };
      this.walkedFor = "";
      /** @type {any} */
      this.decided = null;
      /** @type {{path: string, label: string, text: string}[]} */
      this.given = [];
      /** @type {Map<string, any>} */
      this.remembered = new Map();
      /** @type {Map<string, {key: string, node: any}>} */
      this.standing = new Map();
      /** @type {Map<string, any>} what an answer would show, drawn before it is given */
      this.drawn = new Map();
      /** What is shown: bar, question, card, answers, foot. @type {any[]} */
      this.shows = [];
      /** What is laid out unseen, with the hook that it has once it is shown. @type {Map<any, string | undefined>} */
      this.laid = new Map();
      /** Whether what is drawn is put aside. */
      this.supposes = false;
      /** The last work begun: what was begun before it stops. */
      this.turn = 0;
      this.open = false;
      this.error = "";
    }

    connectedCallback() {
      if (this.root) return;
      this.state.lang = languageOf(this.getAttribute("lang"));
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      this.shadow.adoptedStyleSheets = [sheet];
      this.status = h("p", { class: "hidden", role: "status", "aria-live": "polite" });
      this.root = h("div", { class: "page" });
      this.shadow.append(this.root, this.status);
      document.addEventListener("visibilitychange", () => this.keepNow());
      window.addEventListener("pagehide", () => this.keepNow());
      const carried = this.key === null ? null : carriedBy(window.location.hash);
      const kept = this.key === null ? null : recalled(this.key);
      // a link wins over what this tab remembers, once: then the fragment is only a way to share
      if (carried !== null && JSON.stringify(carried) !== JSON.stringify(kept?.link ?? null)) this.restore(carried, carried);
      else if (kept !== null) this.restore(kept.state, kept.link ?? null);
      this.render();
    }

    static get observedAttributes() {
      return ["lang"];
    }

    /** @param {string} _name @param {string | null} before @param {string | null} after */
    attributeChangedCallback(_name, before, after) {
      if (!this.root || before === after || languageOf(after) === this.state.lang) return;
      this.state.lang = languageOf(after);
      this.render();
    }

    /** The place in the memory of the tab; null with `forgetful`: nothing is kept. */
    get key() {
      return this.hasAttribute("forgetful") ? null : `qmi-rules:${this.id || "page"}:${rows.edition}`;
    }

    /** @param {any} state @param {any} link */
    restore(state, link) {
      const { answers, extra, rest, parts, at, changing, lang } = { ...fresh("fr"), ...state };
      const all = [answers, extra, rest, parts];
      if (all.some((one) => typeof one !== "object" || one === null)) return;
      const before = this.state;
      this.state = { answers, extra, rest, parts, at: typeof at === "string" ? at : null, changing: changing === true, lang: languageOf(lang) };
      this.link = link;
      try {
        this.refresh();
      } catch {
        this.state = before;
      }
    }

    // --- what other programs read and write

    /** What `window.qmiRules.decide` answers. @param {any} purchase */
    decide(purchase) {
      return evaluator.decide(purchase, rows, this.state.lang);
    }

    get dossier() {
      return dossierOf(this.state, this.refresh(), this.words.untitled, rows.opening.questions);
    }

    set dossier(document) {
      const before = this.state;
      this.state = stateOf(document, before.lang, isFact);
      try {
        this.refresh();
      } catch (error) {
        this.state = before;
        throw error;
      }
      this.changed();
    }

    get decision() {
      const { purchase, skipped } = this.refresh();
      return this.asked(purchase, skipped);
    }

    // --- the law, asked

    get words() {
      return data.words[this.state.lang];
    }

    /** A value that is computed once for the same key. @param {string} key @param {() => any} compute */
    once(key, compute) {
      if (!this.remembered.has(key)) {
        if (this.remembered.size > 500) this.remembered.clear();
        this.remembered.set(key, compute());
      }
      return this.remembered.get(key);
    }

    /** The purchase as the law takes it: where nobody said when, the law last reviewed. @param {any} purchase */
    dated(purchase) {
      return "launched_on" in purchase ? purchase : { ...purchase, launched_on: rows.reviewed_on };
    }

    /** @param {any} purchase @param {string[]} [skipped] */
    asked(purchase, skipped = []) {
      const whole = this.dated(purchase);
      const { lang, parts } = this.state;
      const limit = parts.commune?.delegation_limit ?? null;
      return this.once(`decide ${lang} ${limit} ${skipped} ${JSON.stringify(whole)}`, () => evaluator.decide(whole, rows, lang, skipped, limit));
    }

    /** What the answers to a question may change of the card. @param {any} purchase */
    glance(purchase) {
      const whole = this.dated(purchase);
      return this.once(`glance ${JSON.stringify(whole)}`, () => evaluator.glance(whole, rows));
    }

    /** The card without what is to be asked next, which takes longest to find. @param {any} purchase */
    told(purchase) {
      return this.asked(purchase, everything).answer;
    }

    /** The law as the way through the questions asks it. */
    get law() {
      return {
        opening: rows.opening.questions,
        next: (/** @type {any} */ purchase, /** @type {string[]} */ skipped) => this.asked(purchase, skipped).answer.next?.fact ?? null,
        matters: (/** @type {any} */ question, /** @type {any} */ purchase) => this.matters(question, purchase),
        valueOf: (/** @type {any} */ purchase) => evaluator.facts(this.dated(purchase), rows).estimated_value ?? null,
      };
    }

    /** Go through the questions again, and decide, where an answer is another one. */
    refresh() {
      const { answers, extra, rest, parts, lang } = this.state;
      const told = JSON.stringify([answers, extra, rest, parts, lang]);
      if (told !== this.walkedFor) {
        const found = this.once(`walk ${told}`, () => {
          const walked = walk(this.state, this.law);
          return { walked, decided: this.decidedOn(walked), given: this.rowsOfAnswers(walked) };
        });
        Object.assign(this, found);
        this.walkedFor = told;
      }
      return this.walked;
    }

    /** @param {any} walked */
    decidedOn({ current, purchase, skipped }) {
      // while the opening lasts, what is asked next is known
      return this.asked(purchase, current !== null && current in PATHS ? everything : skipped);
    }

    /** Work in pieces, between which a key or a click is heard; what was begun before is given up. @param {Generator<void>} pieces @param {number} rest */
    work(pieces, rest) {
      const turn = ++this.turn;
      const next = () => {
        // not requestIdleCallback: after a click Chromium may not call it for more than a second
        if (turn === this.turn && !pieces.next().done) setTimeout(next);
      };
      whenDrawn(next, rest);
    }

    /** What the answer does not wait for: the list of all ways, and what the answers to the question would give. @param {string | null} at @param {any[]} [given] the answer filled in so far @returns {Generator<void>} */
    *afterwards(at, given = /** @type {any[]} */ ([])) {
      if (at !== null) yield* this.foreseen(at, [...given, ...this.possible(at)]);
      if (this.answered) this.everyWay.prepare();
    }

    /**
     * Decide and draw ahead what answers would give, and lay out the first: on a slow telephone it is there at the click.
     * @param {string} path @param {any[]} givens @returns {Generator<void>}
     */
    *foreseen(path, givens) {
      let isNearest = true;
      for (const given of givens) {
        try {
          const state = this.leading(path, given);
          const parts = [];
          // the first answer brings the list of answers and the foot under it; the next add a row
          for (const draw of [this.question, this.card, ...(this.answered ? [this.rowsShown] : [this.answers, this.foot])]) {
            yield;
            parts.push(this.supposing(state, () => draw.call(this, this.state.at ?? this.walked.current)));
          }
          yield;
          if (isNearest) this.layAhead(parts.slice(0, this.answered ? 2 : 3));
          isNearest = false;
        } catch {
          // what is wrong with an answer is said when it is given
        }
        yield;
      }
    }

    /** Have the browser lay out what an answer would show, unseen, each part behind the one that stands. @param {any[]} parts in their order on the page, without the bar */
    layAhead(parts) {
      const unseen = parts.filter((part) => part && !this.shows.includes(part));
      for (const part of this.laid.keys()) {
        if (unseen.includes(part)) continue;
        part.remove();
        this.uncover(part);
      }
      let last = this.shows[0];
      parts.forEach((part, i) => {
        last = this.shows[i + 1] ?? last;
        if (!unseen.includes(part)) return;
        if (!this.laid.has(part)) {
          // other programs find by its hook what is shown
          this.laid.set(part, part.dataset.qmi);
          part.removeAttribute("data-qmi");
          part.classList.add("ahead");
          last.after(part);
        }
        last = part;
      });
    }

    /** Take what is laid out unseen as it was drawn. @param {any} part */
    uncover(part) {
      const hook = this.laid.get(part);
      if (hook) part.dataset.qmi = hook;
      part.classList.remove("ahead");
      this.laid.delete(part);
    }

    /** Do something as if other answers were given: what is drawn is put aside until they are. @template T @param {any} state @param {() => T} run @returns {T} */
    supposing(state, run) {
      const { walked, walkedFor, decided, given, state: now } = this;
      this.state = state;
      this.supposes = true;
      try {
        this.refresh();
        return run();
      } finally {
        Object.assign(this, { walked, walkedFor, decided, given, state: now, supposes: false });
      }
    }

    /** The answers that a question may be given without typing anything; first the one that takes a single click. @param {string} id */
    possible(id) {
      const { kind, choices } = this.questionOf(id);
      const unknown = { unknown: true };
      const each = (/** @type {(choice: string) => any} */ value) => [unknown, ...choices.map((/** @type {any} */ one) => ({ value: value(one.id) }))];
      if (kind === "truth") return [unknown, { value: true }, { value: false }];
      if (id === "buyer") return each((choice) => ({ kind: choice }));
      if (id === "contract_type") return each((choice) => ({ contract_type: choice, title: "" }));
      if (id === "together") return [unknown, { value: { joint: false, members: [] } }];
      if (id === "lots") return [unknown, { value: { allotted: false, lots: [] } }];
      if (id === "new") return each((choice) => ({ choice }));
      return kind === "choice" ? each((choice) => choice) : [unknown];
    }

    /**
     * Whether an answer to an opening question can change the card: the procedure, and how sure it is.
     * @param {any} question @param {any} purchase
     */
    matters(question, purchase) {
      // lots change the card by what is filled in for each of them, not by being there
      if (question.id === "lots") return !this.glance(purchase).startsWith("not_required ");
      const now = this.glance(purchase);
      return question.choices.some((/** @type {any} */ choice) => {
        const other = { ...purchase };
        fill(other, question, choice.id);
        return this.glance(other) !== now;
      });
    }

    /** A question by its name: one of the opening, or that of a fact. @param {string} id */
    questionOf(id) {
      return this.once(`question ${this.state.lang} ${id}`, () => {
        const { lang } = this.state;
        const found = rows.opening.questions.find((/** @type {any} */ one) => one.id === id);
        if (found === undefined || PATHS[id] === undefined) return { ...evaluator.questionOf(id, rows, lang), id };
        const help = id === "buyer" && service === null ? "" : found.help[lang];
        const choices = found.choices.map((/** @type {any} */ one) => ({ id: one.id, label: one.label[lang] }));
        return { id, kind: found.kind, question: found.text[lang], help, choices, label: this.words[`label_${id}`] };
      });
    }

    /** What the views need to speak. */
    get shown() {
      const { lang } = this.state;
      const formats = this.once(`words ${lang}`, () => evaluator.words(rows, lang));
      return {
        rows,
        lang,
        day: this.dated(this.walked.purchase).launched_on,
        words: this.words,
        euros: formats.euros,
        date: formats.date,
        tell: (/** @type {any} */ text) => (typeof text === "string" ? text : text[lang]),
        explain: () => this.once(`explain ${lang} ${JSON.stringify(this.walked.purchase)}`, () => evaluator.explain(this.dated(this.walked.purchase), rows, lang)),
        changes: () => this.changes(),
        choose: (/** @type {string} */ path) => this.go(path, true),
        questionOf: (/** @type {string} */ path) => this.questionOf(path),
      };
    }

    /** @param {string} path */
    askedOf(path) {
      const shown = this.shown;
      return {
        words: shown.words,
        lang: shown.lang,
        euros: shown.euros,
        date: shown.date,
        question: this.questionOf(path),
        given: this.givenTo(path),
        vatRate: rows.opening.vat_rate,
        buyers: this.questionOf("buyer").choices,
        findCommunes: service === null ? null : (/** @type {string} */ text) => this.findCommunes(text),
      };
    }

    /** @param {string} path */
    givenTo(path) {
      return path in this.state.extra ? { value: this.state.extra[path] } : this.state.answers[path];
    }

    /** The nearest changes that would open a lighter way than the answer, and those that would close it. */
    changes() {
      const { answer } = this.decided;
      const purchase = this.dated(this.walked.purchase);
      const about = (/** @type {any} */ { id }) => evaluator.whatIf(purchase, id, rows, this.state.lang);
      // a particular case that the answer presumes not to be there has a place of its own
      const ordinary = (/** @type {any} */ change) => !change.facts.some((/** @type {string} */ path) => answer.presuming.includes(path));
      const main = rows.procedures.find((/** @type {any} */ one) => one.id === answer.procedure);
      const lighter = rows.procedures
        .filter((/** @type {any} */ one) => one.dispensed && !one.arrangement && one.rank < (main?.rank ?? 0))
        .sort((/** @type {any} */ one, /** @type {any} */ other) => one.rank - other.rank);
      const opening = [];
      const notes = new Set();
      for (const procedure of lighter) {
        const found = about(procedure);
        const changes = found.opens.filter(ordinary).slice(0, MOST_CHANGES);
        if (changes.length === 0) continue;
        opening.push({ procedure: procedure.id, changes });
        for (const note of found.notes) notes.add(note);
      }
      const closing = main === undefined ? [] : about(main).closes.filter(ordinary).slice(0, MOST_CHANGES);
      return { opening, closing, notes: [...notes] };
    }

    // --- what a person does

    /** @param {string | null} path @param {boolean} changing */
    go(path, changing) {
      this.state.at = path;
      this.state.changing = changing;
      this.error = "";
      this.keep();
      this.render("question");
    }

    /** The state to which an answer leads. @param {string} path @param {any} given */
    leading(path, given) {
      const { answers, extra, changing } = this.state;
      const state = { ...this.state, at: null, changing: false };
      if (path in extra || !(this.walked.steps.includes(path) || path in PATHS)) {
        const { [path]: _, ...others } = extra;
        state.extra = given.unknown ? others : { ...extra, [path]: given.value };
      } else state.answers = { ...answers, [path]: given };
      if (changing) return state;
      const { steps, current } = this.supposing(state, () => this.walked);
      const next = steps[steps.indexOf(path) + 1] ?? null;
      return { ...state, at: next === current ? null : next };
    }

    /** @param {string} path @param {any} given */
    answer(path, given) {
      this.state = this.leading(path, given);
      this.error = "";
      this.changed("question");
    }

    /** Show the new answer and tell it to the page around. @param {string} [focus] */
    changed(focus) {
      this.render(focus);
      this.keep();
      const { purchase, skipped } = this.walked;
      const dossier = this.dossier;
      const decision = () => this.asked(purchase, skipped);
      // decided in full when somebody listens and looks
      const detail = { dossier, get decision() { return decision(); }, get answer() { return decision().answer; } };
      this.dispatchEvent(new CustomEvent("qmi-rules-change", { detail, bubbles: true, composed: true }));
    }

    /** Remember what is answered, once it is seen: writing it takes long on a telephone. */
    keep() {
      this.isKept = false;
      // who leaves the page takes the address that it has then
      if (mayKeep()) whenDrawn(() => this.keepNow(), REST);
      else this.keepNow();
    }

    keepNow() {
      if (this.isKept !== false || this.key === null) return;
      this.isKept = true;
      if (!keep(this.key, { state: this.state, link: this.link ?? null })) keepInAddress((this.link = this.state));
    }

    restart() {
      const { lang } = this.state;
      this.state = fresh(lang);
      if (this.key !== null) forget(this.key);
      this.changed("question");
    }

    speak() {
      this.state.lang = this.state.lang === "fr" ? "en" : "fr";
      this.setAttribute("lang", this.state.lang);
      this.changed("language");
    }

    save() {
      const text = JSON.stringify({ format: "qmi-rules/dossier/1", ...this.dossier }, null, 2) + "\n";
      const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      h("a", { href: address, download: this.words.file_name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    }

    /** @param {File | undefined} file */
    async load(file) {
      if (file === undefined) return;
      try {
        if (file.size > LARGEST_FILE) throw new Error("too large");
        this.dossier = JSON.parse(await file.text());
        this.say(this.words.loaded);
      } catch {
        this.say(this.words.not_loaded, true);
      }
    }

    /** @param {string} text @param {boolean} [fault] */
    say(text, fault = false) {
      this.status.textContent = "";
      this.status.textContent = text;
      const place = this.root.querySelector("[data-qmi=card] .said");
      if (place) {
        place.textContent = text;
        place.classList.toggle("fault", fault);
      }
    }

    /** The edition of the rules as a person reads it: a day where it is one. */
    get edition() {
      return /^\d{4}-\d{2}-\d{2}$/.test(rows.edition) ? this.shown.date(rows.edition) : rows.edition;
    }

    /** The card as one paragraph for the file. */
    get paragraph() {
      const { words } = this;
      const title = this.walked.purchase.title ? `${this.walked.purchase.title}. ` : "";
      const answers = this.given.map((one) => `${one.label}${words.colon}${one.text}`).join(" ; ");
      return `${title}${answers}. ${this.decided.answer.text.replace(/\n/g, " ")} ${filled(words.edition, { edition: this.edition })}`;
    }

    /** @param {string} text @param {string} said */
    async copy(text, said) {
      try {
        await navigator.clipboard.writeText(text);
        return this.say(said);
      } catch {
        // not every browser lets a page copy: the text is shown, selected
      }
      const area = h("textarea", { readonly: true, rows: 6, "aria-label": said });
      area.value = text;
      this.root.querySelector("[data-qmi=card] .said")?.replaceChildren(area);
      area.select();
    }

    /** @param {string} text */
    async findCommunes(text) {
      const answer = await fetch(`${service}/communes?q=${encodeURIComponent(text)}`, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      return Array.isArray(found) ? found : (found.communes ?? []);
    }

    async briefing() {
      const window_ = window.open("", "_blank");
      try {
        const answer = await fetch(`${service}/brief?lang=${this.state.lang}`, {
          method: "POST",
          headers: { "content-type": "application/json", accept: "text/html" },
          body: JSON.stringify(this.dossier),
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const address = URL.createObjectURL(new Blob([await answer.text()], { type: "text/html" }));
        if (window_) window_.location.href = address;
      } catch {
        window_?.close();
        this.say(this.words.no_briefing, true);
      }
    }

    // --- what is seen

    /** @param {import("./journey.js").Walk} walked */
    rowsOfAnswers({ steps }) {
      const paths = [...steps.filter((path) => this.state.answers[path] !== undefined), ...Object.keys(this.state.extra)];
      return paths.map((path) => {
        const asked = this.askedOf(path);
        const label = path in PATHS ? asked.question.label : bare(asked.question.label ?? asked.question.question);
        return { path, label, text: answerText(asked, asked.given) };
      });
    }

    /** @param {string} [focus] */
    render(focus) {
      this.refresh();
      const at = this.state.at ?? this.walked.current;
      // a browser that takes a focused control away lays the page out first, only to do so again
      if (focus) /** @type {HTMLElement | null} */ (this.shadow.activeElement)?.blur();
      const shows = [this.bar(), this.question(at), this.card(at), this.answers(), this.foot()];
      for (const part of this.laid.keys()) {
        if (!shows.includes(part)) part.remove();
        this.uncover(part);
      }
      this.shows = shows;
      arrange(this.root, shows);
      this.root.lang = this.state.lang;
      const headline = this.answered ? headlineOf(this.decided.answer) : "";
      if (headline !== "" && this.heard !== headline) this.status.textContent = filled(this.words.heard, { headline });
      this.heard = headline;
      this.drawn.clear();
      this.work(this.afterwards(at), REST);
      if (focus === "question") {
        const heading = this.root.querySelector('[data-qmi="question"] h2, [data-qmi="end"] h2');
        heading?.focus({ preventScroll: true });
        heading?.scrollIntoView({ block: "nearest" });
      }
      if (focus === "language") this.root.querySelector(".language")?.focus();
      if (focus === "error") this.root.querySelector("[aria-invalid]")?.focus();
    }

    /** Whether there is an answer from which a card can be drawn. */
    get answered() {
      return this.given.length > 0;
    }

    /** A part of the page that stands until it shows something else: what stays is neither made nor laid out again. @param {string} name @param {any} shows @param {() => any} make */
    kept(name, shows, make) {
      const key = JSON.stringify([this.state.lang, shows]);
      const before = this.standing.get(name);
      if (before?.key === key) return before.node;
      const node = this.ahead(name, key, make);
      if (!this.supposes) this.standing.set(name, { key, node });
      return node;
    }

    /** A part of the page, perhaps drawn before it is shown. @param {string} name @param {string} key @param {() => any} make */
    ahead(name, key, make) {
      const whole = `${name} ${key}`;
      const node = this.drawn.get(whole) ?? make();
      if (this.supposes) this.drawn.set(whole, node);
      return node;
    }

    bar() {
      const { words } = this;
      const other = this.state.lang === "fr" ? "en" : "fr";
      return this.kept("bar", null, () => h("div", { class: "bar-top" },
        this.hasAttribute("standalone") ? h("h1", {}, words.page_title) : null,
        h("button", { type: "button", class: "language plain", lang: other, onclick: () => this.speak() }, words.other_language)));
    }

    /** @param {string | null} path */
    question(path) {
      if (path === null) return this.end();
      const place = this.walked.steps.indexOf(path);
      const next = this.walked.current === path && !(path in PATHS) ? this.decided.answer.next : null;
      const why_ = next?.fact === path ? next.why : "";
      const key = JSON.stringify([this.state.lang, path, this.givenTo(path) ?? null, place !== 0, why_]);
      return this.ahead("question", key, () => this.questionMade(path, place !== 0, why_));
    }

    /** @param {string} path @param {boolean} isBehind Whether another question goes before it. @param {string} why_ Why it is asked. */
    questionMade(path, isBehind, why_) {
      const { words } = this;
      const asked = this.askedOf(path);
      const widget = widgetFor(asked);
      const errorId = freshId();
      const form = h("form", { novalidate: true, autocomplete: "off", onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const read = widget.read();
        if (read.error) return this.fail(form, read.error, read.field);
        this.answer(path, { value: read.value });
      }, oninput: () => {
        const read = widget.read();
        this.work(this.afterwards(path, read.error ? [] : [{ value: read.value }]), SHORT_REST);
      } },
        h("fieldset", { "aria-describedby": errorId },
          h("legend", {}, h("h2", { tabindex: "-1" }, asked.question.question)),
          asked.question.help ? h("p", { class: "help" }, asked.question.help) : null,
          h("p", { class: "error", id: errorId, role: "alert" }),
          widget.nodes),
        why_ ? h("p", { class: "reason" }, why_) : null,
        h("div", { class: "buttons" },
          h("button", { type: "submit", class: "primary" }, words.continue),
          h("button", { type: "button", onclick: () => this.answer(path, { unknown: true, ...(path === "contract_type" ? { value: { title: widget.read().value?.title ?? "" } } : {}) }) }, words.unknown),
          isBehind ? h("button", { type: "button", class: "plain", onclick: () => this.back(path) }, words.back) : null));
      return h("section", { class: "question", "data-qmi": "question", "data-fact": (PATHS[path] ?? [path])[0], "aria-label": words.the_question }, form);
    }

    /** @param {any} form @param {string} text @param {any} field */
    fail(form, text, field) {
      form.querySelector(".error").textContent = text;
      form.querySelectorAll("[aria-invalid]").forEach((/** @type {any} */ one) => one.removeAttribute("aria-invalid"));
      field?.setAttribute("aria-invalid", "true");
      field?.focus();
    }

    /** @param {string | null} path */
    back(path) {
      const { steps } = this.walked;
      const place = path === null ? steps.length : steps.indexOf(path);
      if (place < 0) return this.go(null, false);
      this.go(steps[place - 1] ?? null, false);
    }

    end() {
      const { words } = this;
      const help = this.walked.steps.some((/** @type {string} */ path) => this.state.answers[path]?.unknown) ? words.unknown_left : words.nothing_more_help;
      return this.ahead("end", help, () => h("section", { class: "end", "data-qmi": "end", "aria-label": words.the_question },
        h("h2", { tabindex: "-1" }, words.nothing_more),
        h("p", {}, help),
        h("div", { class: "buttons" }, h("button", { type: "button", class: "plain", onclick: () => this.back(null) }, words.back))));
    }

    /** @param {string | null} at */
    card(at) {
      if (!this.answered) return null;
      const { answer, lots } = this.decided;
      const { title, launched_on, estimated_value, need } = this.walked.purchase;
      const isValued = estimated_value !== undefined || need !== undefined;
      const shows = [{ ...answer, text: headlineOf(answer), next: null }, lots, at === null, title, launched_on ?? null, isValued];
      const before = this.standing.get("card")?.node;
      const card = this.kept("card", shows, () => this.cardMade(at));
      if (this.supposes) return card;
      card.show(this.open);
      if (card === before) {
        // the answer stands; what unfolds under it may not
        for (const one of card.querySelectorAll("details")) one.renew();
        card.querySelector(".said").textContent = "";
      }
      return card;
    }

    /** @param {string | null} at */
    cardMade(at) {
      const { words, shown } = this;
      const { answer } = this.decided;
      const nameId = freshId();
      const body = h("div", { class: "body" },
        cardBody(shown, answer),
        lots(shown, this.decided),
        "launched_on" in this.walked.purchase ? null : h("p", { class: "reservations" }, filled(words.undated, { date: shown.date(rows.reviewed_on) })),
        answer.presuming.length > 0 ? particular(shown, answer.presuming) : null,
        why(shown, answer),
        whatIf(shown, answer),
        this.amounts(answer),
        h("div", { class: "tools" },
          h("button", { type: "button", onclick: () => window.print() }, words.print),
          h("button", { type: "button", onclick: () => this.copy(this.paragraph, words.copied) }, words.copy),
          h("button", { type: "button", onclick: () => this.copy(addressWith({ ...this.state, at: null }), words.link_copied) }, words.copy_link),
          service !== null ? h("button", { type: "button", onclick: () => this.briefing() }, words.briefing) : null),
        h("p", { class: "said" }),
        h("p", { class: "edition" }, filled(words.edition, { edition: this.edition }), " ", words.informs));
      const toggle = h("button", { type: "button", class: "toggle plain", "aria-expanded": "false", onclick: () => card.show((this.open = !this.open)) }, words.card_more);
      const title = this.walked.purchase.title;
      const card = h("section", {
        "data-qmi": "card",
        "data-procedure": answer.procedure ?? "",
        "data-competition": answer.competition,
        class: `card${answer.reservations.length > 0 ? " doubtful" : ""}${at === null ? " done" : ""}`,
        "aria-labelledby": nameId,
      },
        h("div", { class: "head" },
          h("h2", { id: nameId, class: "kicker" }, at === null ? words.the_answer : words.so_far),
          title ? h("p", { class: "title" }, title) : null,
          h("p", { class: "headline" }, headlineOf(answer)),
          toggle),
        body);
      // a card may be drawn before the one that stands is unfolded
      card.show = (/** @type {boolean} */ isOpen) => {
        if (card.classList.contains("open") === isOpen) return;
        card.classList.toggle("open", isOpen);
        toggle.setAttribute("aria-expanded", String(isOpen));
        toggle.textContent = isOpen ? words.card_less : words.card_more;
      };
      return card;
    }

    /** The same purchase at every amount: the ladder, folded; where the amount is missing the card has it open. @param {any} answer */
    amounts(answer) {
      const { words, shown } = this;
      const { estimated_value, need } = this.walked.purchase;
      if (answer.ladder.length > 0 || (estimated_value === undefined && need === undefined)) return null;
      return unfolding(words.other_amounts, () => ladder(shown, this.told(this.unvalued).ladder), { class: "amounts" });
    }

    /** The purchase without what says how much. */
    get unvalued() {
      const { estimated_value: _, need: __, lots: ___, members: ____, ...rest } = this.walked.purchase;
      return rest;
    }

    /** The rows of the list of answers. @returns {any[]} */
    rowsShown() {
      const { words } = this;
      return this.given.map((one) => this.kept(`answer ${one.path}`, one, () =>
        h("tr", { "data-fact": PATHS[one.path]?.[0] ?? one.path },
          h("th", { scope: "row" }, one.label),
          h("td", {}, one.text),
          h("td", { class: "change" }, h("button", { type: "button", class: "plain", "aria-label": `${words.change} : ${one.label}`, onclick: () => this.go(one.path, true) }, words.change)))));
    }

    answers() {
      const { words, given } = this;
      const asleep = dormant(this.state, this.walked).filter((path) => !this.state.answers[path].unknown);
      const clash = this.walked.clash;
      if (given.length === 0) return null;
      const section = this.kept("answers", null, () =>
        h("section", { class: "answers", "data-qmi": "answers", "aria-labelledby": "qmi-answers" },
          h("h2", { id: "qmi-answers" }, h("span", { class: "screen" }, words.check), h("span", { class: "print" }, words.given)),
          h("table", {}, h("tbody"))));
      const table = section.querySelector("table");
      arrange(table.firstChild, this.rowsShown());
      arrange(section, [
        section.firstChild,
        clash ? h("p", { class: "reservations" }, filled(words.clash, { one: this.shown.euros(clash[0]), other: this.shown.euros(clash[1]) })) : null,
        table,
        asleep.length > 0 ? h("p", { class: "asleep" }, filled(words.asleep, { labels: asleep.map((path) => this.questionOf(path).label).join(", ") })) : null,
      ]);
      return section;
    }

    foot() {
      const foot = this.kept("foot", this.answered, () => this.footMade());
      if (this.everyWay.shows !== this.walkedFor) this.everyWay.change?.(this.decided);
      this.everyWay.shows = this.walkedFor;
      return foot;
    }

    footMade() {
      const { words, shown } = this;
      const file = h("input", { type: "file", accept: ".json,application/json", class: "hidden", tabindex: "-1", "aria-hidden": "true", onchange: () => this.load(file.files[0]) });
      this.everyWay = unfolding(words.all_ways, () => {
        const { nodes, change } = ways(shown, this.decided);
        this.everyWay.change = change;
        return nodes;
      }, { class: "all-ways" });
      return h("div", { class: "foot" },
        this.answered ? this.everyWay : null,
        h("div", { class: "tools" },
          h("button", { type: "button", onclick: () => this.save() }, words.save),
          h("button", { type: "button", onclick: () => file.click() }, words.load),
          file,
          this.answered ? h("button", { type: "button", class: "plain", onclick: () => this.restart() }, words.restart) : null),
        h("p", { class: "private" }, words.private));
    }
  };
}

/** A name without its article, standing alone. @param {string} text */
function bare(text) {
  return capital(text.replace(/^(le |la |les |l'|l’|the )/i, ""));
}
