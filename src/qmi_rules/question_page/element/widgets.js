// The controls of one question. Each widget gives its nodes and reads them: an answer, or what is wrong and where.
import { capital, filled, h } from "./nodes.js";
import { amountForField, dayForField, sumOf, typedAmount, typedDay, typedNumber } from "./typed.js";

/**
 * @typedef {{words: Record<string, string>, lang: string, question: any, given: any, euros: (amount: string) => string, date: (iso: string) => string,
 *   vatRate: string, buyers: {id: string, label: string}[], findCommunes: ((text: string) => Promise<any[]>) | null}} Asked
 * @typedef {{nodes: any[], read: () => {value?: any, error?: string, field?: any}}} Widget
 */

const REDUCED_VAT = ["0.10", "0.055", "0.021"];
const MOST_ROWS = 300;
let count = 0;

/** An id of its own for a control. */
export function freshId() {
  count += 1;
  return `qmi-${count}`;
}

/** The widget of a question. @param {Asked} asked @returns {Widget} */
export function widgetFor(asked) {
  switch (asked.question.id) {
    case "buyer":
      return buyerWidget(asked);
    case "contract_type":
      return objectWidget(asked);
    case "amount":
      return amountWidget(asked);
    case "day":
      return dayWidget(asked);
    case "together":
      return membersWidget(asked);
    case "lots":
      return lotsWidget(asked);
    case "new":
      return choiceWidget(asked, asked.question.choices, (choice) => ({ choice }), asked.given?.value?.choice ?? null);
  }
  switch (asked.question.kind) {
    case "truth":
      return choiceWidget(asked, yesNo(asked.words), (id) => id === "yes", asked.given?.value === undefined ? null : asked.given.value ? "yes" : "no");
    case "choice":
      return choiceWidget(asked, asked.question.choices, (id) => id, asked.given?.value ?? null);
    default:
      return numberWidget(asked);
  }
}

/** @param {Record<string, string>} words */
function yesNo(words) {
  return [
    { id: "yes", label: words.yes },
    { id: "no", label: words.no },
  ];
}

/** Radio buttons. @param {string} name @param {{id: string, label: string}[]} choices @param {string | null} chosen @param {(id: string) => void} [changed] */
function radios(name, choices, chosen, changed) {
  const inputs = choices.map((choice) => {
    const id = freshId();
    const input = h("input", { type: "radio", id, name, value: choice.id, checked: choice.id === chosen, onchange: () => changed?.(choice.id) });
    return { input, node: h("div", { class: "choice" }, input, h("label", { for: id }, capital(choice.label))) };
  });
  return {
    nodes: h("div", { class: choices.length > 5 ? "choices many" : "choices" }, inputs.map((one) => one.node)),
    first: inputs[0].input,
    chosen: () => inputs.find((one) => one.input.checked)?.input.value ?? null,
    choose: (/** @type {string} */ id) => inputs.forEach((one) => (one.input.checked = one.input.value === id)),
  };
}

/** A labelled field. @param {string} label @param {Record<string, any>} attributes @param {string} [hint] */
function field(label, attributes, hint) {
  const id = freshId();
  const input = h("input", { id, type: "text", autocomplete: "off", spellcheck: "false", ...attributes, "aria-describedby": hint ? `${id}-hint` : null });
  return { input, node: h("div", { class: "field" }, h("label", { for: id }, label), hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null, input) };
}

/** A labelled list to choose from. @param {string} label @param {{id: string, label: string}[]} choices @param {string} chosen */
function select(label, choices, chosen) {
  const id = freshId();
  const input = h("select", { id }, choices.map((one) => h("option", { value: one.id }, capital(one.label))));
  input.value = chosen;
  return { input, node: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

/** @param {Asked} asked @param {{id: string, label: string}[]} choices @param {(id: string) => any} read @param {string | null} chosen @returns {Widget} */
function choiceWidget(asked, choices, read, chosen) {
  const group = radios(freshId(), choices, chosen);
  return {
    nodes: [group.nodes],
    read: () => {
      const id = group.chosen();
      return id === null ? { error: asked.words.choose_one, field: group.first } : { value: read(id) };
    },
  };
}

/** @param {Asked} asked @returns {Widget} */
function numberWidget(asked) {
  const typed = field(asked.question.label ?? asked.words.number, { inputmode: "numeric", class: "short", value: asked.given?.value === undefined ? "" : String(asked.given.value) });
  return {
    nodes: [typed.node],
    read: () => {
      const number = typedNumber(typed.input.value);
      return number === null ? { error: asked.words.not_a_number, field: typed.input } : { value: number };
    },
  };
}

/** Who buys: a kind, and where a service knows the communes the name of one. @param {Asked} asked @returns {Widget} */
function buyerWidget(asked) {
  const { words, given } = asked;
  let known = given?.value ?? {};
  const group = radios(freshId(), asked.question.choices, known.kind ?? null, () => (known = {}));
  const nodes = [];
  if (asked.findCommunes) nodes.push(communeSearch(asked, known, (found) => ((known = found), group.choose("commune"))));
  nodes.push(group.nodes);
  return {
    nodes,
    read: () => {
      const kind = group.chosen();
      return kind === null ? { error: words.choose_one, field: group.first } : { value: { ...known, kind } };
    },
  };
}

/** The commune by its name, from the service that serves the page. @param {Asked} asked @param {any} known @param {(found: any) => void} take */
function communeSearch(asked, known, take) {
  const { words } = asked;
  const list = h("ul", { class: "found" });
  const status = h("p", { class: "hint", role: "status" }, known.name ? filled(words.commune_taken, known) : "");
  const typed = field(words.commune_name, { value: known.name ?? "" }, words.commune_hint);
  let turn = 0;
  const look = async () => {
    const mine = ++turn;
    const text = typed.input.value.trim();
    if (text.length < 2) return list.replaceChildren();
    /** @type {any[]} */
    let found = [];
    try {
      found = (await asked.findCommunes?.(text)) ?? [];
    } catch {
      typed.node.remove();
      return list.remove();
    }
    if (mine !== turn) return;
    status.textContent = found.length === 0 ? words.commune_none : filled(words.commune_found, { n: found.length });
    list.replaceChildren(
      ...found.slice(0, 8).map((one) =>
        h("li", {}, h("button", {
          type: "button",
          class: "plain",
          onclick: () => {
            take({ kind: "commune", insee_code: one.insee_code, name: one.name });
            typed.input.value = one.name;
            status.textContent = filled(words.commune_taken, one);
            list.replaceChildren();
          },
        }, `${one.name} (${one.department_name ?? one.insee_code})`)),
      ),
    );
  };
  typed.input.addEventListener("input", look);
  return h("div", { class: "search" }, typed.node, status, list);
}

/** What is bought: its kind, and in a few words. @param {Asked} asked @returns {Widget} */
function objectWidget(asked) {
  const { words, given } = asked;
  const title = field(words.title, { maxlength: 2000, value: given?.value?.title ?? "" }, words.title_hint);
  const group = radios(freshId(), asked.question.choices, given?.value?.contract_type ?? null);
  return {
    nodes: [group.nodes, title.node],
    read: () => {
      const kind = group.chosen();
      const value = { contract_type: kind, title: title.input.value.trim() };
      return kind === null ? { error: words.choose_one, field: group.first, value } : { value };
    },
  };
}

/** How much, with or without VAT; a need of several parts stays as it is loaded until an amount is typed. @param {Asked} asked @returns {Widget} */
function amountWidget(asked) {
  const { words, lang, given } = asked;
  const value = given?.value ?? {};
  const typed = field(words.amount, { inputmode: "decimal", class: "short", value: value.amount ? amountForField(value.amount, lang) : "" }, words.amount_hint);
  const rates = [asked.vatRate, ...REDUCED_VAT];
  const vat = select(words.vat, [{ id: "", label: words.vat_excluded }, ...rates.map((rate) => ({ id: rate, label: filled(words.vat_included, { rate: percentOf(rate, lang) }) }))], rates.find((rate) => Number(rate) === Number(value.vat_rate)) ?? "");
  const echo = h("p", { class: "echo", "aria-live": "polite" });
  const show = () => {
    const amount = typedAmount(typed.input.value);
    echo.textContent = amount === null ? "" : filled(vat.input.value ? words.understood_vat : words.understood_amount, { amount: asked.euros(amount) });
  };
  typed.input.addEventListener("input", () => {
    // "12 000 TTC": people say it behind the amount
    if (/ttc|incl/i.test(typed.input.value) && vat.input.value === "") vat.input.value = asked.vatRate;
    show();
  });
  vat.input.addEventListener("change", show);
  show();
  return {
    nodes: [value.need ? h("p", { class: "hint" }, words.need_loaded) : null, h("div", { class: "row" }, typed.node, vat.node), echo],
    read: () => {
      if (value.need && typed.input.value.trim() === "") return { value };
      const amount = typedAmount(typed.input.value);
      if (amount === null) return { error: words.not_an_amount, field: typed.input };
      return { value: vat.input.value ? { amount, vat_rate: vat.input.value } : { amount } };
    },
  };
}

/** @param {string} rate @param {string} lang */
function percentOf(rate, lang) {
  const text = String(Math.round(Number(rate) * 1000) / 10);
  return lang === "fr" ? text.replace(".", ",") + "\u00a0%" : text + "%";
}

/** When. @param {Asked} asked @returns {Widget} */
function dayWidget(asked) {
  const { words, given } = asked;
  const typed = field(words.day, { class: "short", value: given?.value?.day ? dayForField(given.value.day) : "" }, words.day_hint);
  const echo = h("p", { class: "echo", "aria-live": "polite" });
  const show = () => {
    const day = typedDay(typed.input.value);
    echo.textContent = day === null ? "" : filled(words.understood_day, { day: asked.date(day) });
  };
  typed.input.addEventListener("input", show);
  show();
  return {
    nodes: [typed.node, echo],
    read: () => {
      const day = typedDay(typed.input.value);
      return day === null ? { error: words.not_a_day, field: typed.input } : { value: { day } };
    },
  };
}

/** Rows that one adds and takes away: members, lots; under them the sum of their amounts. @param {Asked} asked @param {any[]} given @param {(value: any, n: number) => {node: any, read: () => any}} made @param {{add: string, remove: string}} names @param {string} amount What of a row is added up. */
function growing(asked, given, made, names, amount) {
  /** @type {{node: any, read: () => any}[]} */
  let rows = [];
  const total = h("p", { class: "echo", "aria-live": "polite" });
  const changed = () => {
    const amounts = rows.map((row) => row.read()[amount]).filter((one) => typeof one === "string" && one !== "");
    total.textContent = amounts.length === 0 ? "" : filled(asked.words.total, { amount: asked.euros(sumOf(amounts)) });
  };
  const holder = h("div", { class: "rows" });
  const add = (/** @type {any} */ value, focus = false) => {
    if (rows.length >= MOST_ROWS) return;
    const row = made(value, rows.length + 1);
    rows.push(row);
    row.node.append(h("button", {
      type: "button",
      class: "plain remove",
      "aria-label": filled(names.remove, { n: rows.length }),
      onclick: () => {
        rows = rows.filter((one) => one !== row);
        row.node.remove();
        changed();
        more.focus();
      },
    }, asked.words.remove));
    holder.append(row.node);
    row.node.addEventListener("input", changed);
    if (focus) row.node.querySelector("input")?.focus();
  };
  const more = h("button", { type: "button", class: "plain", onclick: () => add({}, true) }, names.add);
  given.forEach((value) => add(value));
  changed();
  return { nodes: [holder, more, total], rows: () => rows };
}

/** One of several rows, named for those who do not see it: a question has one legend. @param {string} name @param {...any} children */
function item(name, ...children) {
  const id = freshId();
  return h("div", { class: "item", role: "group", "aria-labelledby": id }, h("p", { class: "name", id }, name), children);
}

/** Alone or together; the members with what each needs. @param {Asked} asked @returns {Widget} */
function membersWidget(asked) {
  const { words, lang, given } = asked;
  const value = given?.value;
  const list = growing(asked, value?.members?.length ? value.members : [{}, {}], (one, n) => {
    const kind = select(words.member_kind, asked.buyers, one.buyer?.kind ?? "commune");
    const part = field(words.member_part, { inputmode: "decimal", class: "short", value: one.part ? amountForField(one.part, lang) : "" });
    const node = item(filled(words.member, { n }), h("div", { class: "row" }, kind.node, part.node));
    return {
      node,
      read: () => {
        const text = part.input.value.trim();
        return { buyer: { ...one.buyer, kind: kind.input.value }, part: text === "" ? "" : typedAmount(text), field: part.input };
      },
    };
  }, { add: words.member_add, remove: words.member_remove }, "part");
  const more = h("div", { class: "more", hidden: value?.joint !== true }, h("p", { class: "hint" }, words.members_hint), list.nodes);
  const group = radios(freshId(), asked.question.choices, value === undefined ? null : value.joint ? "together" : "alone", (id) => (more.hidden = id !== "together"));
  return {
    nodes: [group.nodes, more],
    read: () => {
      const id = group.chosen();
      if (id === null) return { error: words.choose_one, field: group.first };
      if (id === "alone") return { value: { joint: false, members: [] } };
      const members = list.rows().map((row) => row.read());
      const wrong = members.find((one) => one.part === null);
      if (wrong) return { error: words.not_an_amount, field: wrong.field };
      const filledIn = members.filter((one) => one.part !== "").length;
      if (filledIn === 1 || (filledIn > 1 && filledIn < members.length)) return { error: words.members_all, field: members.find((one) => one.part === "")?.field ?? members[0].field };
      return { value: { joint: true, members: members.map(({ field: _, ...one }) => one) } };
    },
  };
}

/** One contract or lots; the lots with their amounts. @param {Asked} asked @returns {Widget} */
function lotsWidget(asked) {
  const { words, lang, given } = asked;
  const value = given?.value;
  const list = growing(asked, value?.lots?.length ? value.lots : [{}, {}], (one, n) => {
    const name = field(words.lot_name, { maxlength: 200, value: one.id ?? String(n) });
    const amount = field(words.lot_amount, { inputmode: "decimal", class: "short", value: one.estimated_value ? amountForField(one.estimated_value, lang) : "" });
    const id = freshId();
    const small = h("input", { type: "checkbox", id, checked: one.small_lot === true });
    const node = item(filled(words.lot, { n }), h("div", { class: "row" }, name.node, amount.node), h("div", { class: "choice" }, small, h("label", { for: id }, words.small_lot)));
    return {
      node,
      read: () => {
        const { small_lot: _, ...rest } = one;
        const read = { ...rest, id: name.input.value.trim(), estimated_value: amount.input.value.trim() === "" ? "" : typedAmount(amount.input.value) };
        if (small.checked) read.small_lot = true;
        else if (one.small_lot === false) read.small_lot = false;
        return { ...read, field: amount.input, named: name.input };
      },
    };
  }, { add: words.lot_add, remove: words.lot_remove }, "estimated_value");
  const more = h("div", { class: "more", hidden: value?.allotted !== true }, h("p", { class: "hint" }, words.lots_hint), list.nodes);
  const group = radios(freshId(), asked.question.choices, value === undefined ? null : value.allotted ? "several" : "one", (id) => (more.hidden = id !== "several"));
  return {
    nodes: [group.nodes, more],
    read: () => {
      const id = group.chosen();
      if (id === null) return { error: words.choose_one, field: group.first };
      if (id === "one") return { value: { allotted: false, lots: [] } };
      const lots = list.rows().map((row) => row.read());
      const wrong = lots.find((one) => one.estimated_value === null || one.estimated_value === "");
      if (wrong) return { error: words.not_an_amount, field: wrong.field };
      if (lots.length === 0) return { error: words.no_lot, field: group.first };
      const unnamed = lots.find((one, i) => one.id === "" || lots.findIndex((other) => other.id === one.id) !== i);
      if (unnamed) return { error: words.lot_names, field: unnamed.named };
      return { value: { allotted: true, lots: lots.map(({ field: _, named: __, ...one }) => one) } };
    },
  };
}

/** An answer in the words of a person, for the list of answers. @param {Asked} asked @param {any} given @returns {string} */
export function answerText(asked, given) {
  const { words, question } = asked;
  const value = given.value;
  if (given.unknown) return question.id === "contract_type" && value?.title ? `${value.title} — ${words.unknown}` : words.unknown;
  const labelled = (/** @type {string} */ id) => capital(question.choices?.find((/** @type {any} */ one) => one.id === id)?.label ?? id);
  switch (question.id) {
    case "buyer":
      return value.name ? `${labelled(value.kind)} — ${value.name}` : labelled(value.kind);
    case "contract_type":
      return value.title ? `${labelled(value.contract_type)} — ${value.title}` : labelled(value.contract_type);
    case "amount":
      if (value.need) return words.need_short;
      return filled(value.vat_rate ? words.amount_vat : words.amount_ht, { amount: asked.euros(value.amount), rate: percentOf(value.vat_rate ?? "0", asked.lang) });
    case "day":
      return asked.date(value.day);
    case "together": {
      if (!value.joint) return labelled("alone");
      const parts = value.members.map((/** @type {any} */ one) => one.part).filter(Boolean);
      return parts.length > 1 ? filled(words.members_short, { n: parts.length, amount: asked.euros(sumOf(parts)) }) : labelled("together");
    }
    case "lots":
      return value.allotted ? filled(words.lots_short, { n: value.lots.length, amount: asked.euros(sumOf(value.lots.map((/** @type {any} */ one) => one.estimated_value))) }) : labelled("one");
    case "new":
      return labelled(value.choice);
  }
  if (value === true) return words.yes;
  if (value === false) return words.no;
  return labelled(String(value));
}

