// What people type: amounts and days as French and English write them. Nothing is guessed: what may mean two things is refused.

const MONTHS = {
  fr: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
  en: ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"],
};

/** A text without accents, capitals and doubled spaces. @param {string} text */
export function folded(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/**
 * The amount that a person typed: "12 000,50", "12.000", "85 k€", "1,5 M€", "€12,000.50".
 * @param {string} text
 * @returns {string | null} A decimal such as "12000.50"; null where it is none or may mean two things.
 */
export function typedAmount(text) {
  let rest = folded(text).replace(/\b(ht|ttc|euros?|eur|excl(uding)? vat)\b/g, "").replace(/[\s€'’]/g, "");
  const scaled = /^(.*\d)(k|m)$/.exec(rest);
  const zeros = scaled === null ? 0 : scaled[2] === "k" ? 3 : 6;
  if (scaled !== null) rest = scaled[1];
  if (!/^\d+([.,]\d+)*$/.test(rest)) return null;
  const groups = rest.split(/[.,]/);
  const marks = rest.replace(/\d/g, "");
  const last = groups[groups.length - 1];
  let whole, cents;
  if (groups.length === 1) [whole, cents] = [rest, ""];
  // three digits behind each mark are thousands: nobody writes tenths of a cent
  else if (zeros === 0 && groups.slice(1).every((group) => group.length === 3) && groups[0].length <= 3 && new Set(marks).size === 1)
    [whole, cents] = [groups.join(""), ""];
  else if (last.length <= (zeros || 2) && groups.slice(1, -1).every((group) => group.length === 3) && !marks.slice(0, -1).includes(marks.slice(-1)))
    [whole, cents] = [groups.slice(0, -1).join(""), last];
  else return null;
  whole = (whole + cents.slice(0, zeros).padEnd(zeros, "0")).replace(/^0+(?=\d)/, "");
  cents = cents.slice(zeros);
  return whole.length > 12 ? null : cents === "" ? whole : `${whole}.${cents.padEnd(2, "0")}`;
}

/**
 * The day that a person typed: "15/02/2027", "1er février 2027", "février 2027" (its first day), "15 March 2027", "2027-02-15".
 * @param {string} text
 * @returns {string | null} An ISO date; null where it is none.
 */
export function typedDay(text) {
  const typed = folded(text).replace(/^(le|on|the|en|in|debut|early) /, "").replace(/(\d)(er|st|nd|rd|th)\b/g, "$1").replace(/,/g, " ").replace(/ +/g, " ").trim();
  let found;
  if ((found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed))) return day(found[1], found[2], found[3]);
  if ((found = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/.exec(typed))) return day(found[3], found[2], found[1]);
  if ((found = /^(\d{1,2})[/. -](\d{4})$/.exec(typed))) return day(found[2], found[1], "1");
  if ((found = /^(?:(\d{1,2}) )?([a-z]+)\.? (\d{4})$/.exec(typed))) return day(found[3], month(found[2]), found[1] ?? "1");
  if ((found = /^([a-z]+)\.? (\d{1,2}) (\d{4})$/.exec(typed))) return day(found[3], month(found[1]), found[2]);
  return null;
}

/** The number of a month by its name or its beginning; "" where it is none or may be two. @param {string} word */
function month(word) {
  const found = new Set();
  for (const names of Object.values(MONTHS))
    names.forEach((name, i) => {
      if (word.length >= 3 && folded(name).startsWith(word)) found.add(i + 1);
    });
  return found.size === 1 ? String([...found][0]) : "";
}

/** @param {string} year @param {string} month @param {string} date */
function day(year, month, date) {
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  const length = m >= 1 && m <= 12 ? new Date(Date.UTC(y, m, 0)).getUTCDate() : 0;
  if (y < 1990 || y > 2100 || d < 1 || d > length) return null;
  return `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
}

/** The whole number that a person typed; null where it is none. @param {string} text */
export function typedNumber(text) {
  const rest = text.replace(/[\s\u00a0\u202f]/g, "");
  return /^\d{1,9}$/.test(rest) ? Number(rest) : null;
}

/** An ISO day as a person writes it into a field: 15/02/2027. @param {string} iso */
export function dayForField(iso) {
  return iso.split("-").reverse().join("/");
}

/** A decimal as a person writes it into a field: "12 000,50", "12,000.50". @param {string} amount @param {string} lang */
export function amountForField(amount, lang) {
  const [whole, cents] = amount.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, lang === "fr" ? " " : ",");
  return cents === undefined || /^0*$/.test(cents) ? grouped : grouped + (lang === "fr" ? "," : ".") + cents.padEnd(2, "0");
}

/** The sum of decimals of at most two places, as a decimal. @param {string[]} amounts */
export function sumOf(amounts) {
  let cents = 0n;
  for (const amount of amounts) {
    const [whole, part = ""] = amount.split(".");
    cents += BigInt(whole) * 100n + BigInt(part.padEnd(2, "0").slice(0, 2));
  }
  const text = String(cents).padStart(3, "0");
  return text.endsWith("00") ? text.slice(0, -2) : `${text.slice(0, -2)}.${text.slice(-2)}`;
}
