// Exact decimals. An amount is never a binary fraction: units of its last digit as a whole number, and how many digits stand behind the point.

/**
 * @typedef {object} Dec
 * @property {bigint} units the number without its point
 * @property {number} places digits behind the point
 * @property {number} cents the same in cents, where that is a whole number that a double holds exactly; NaN otherwise
 */

const CENTS = 2;

/** @param {bigint} units @param {number} places @returns {Dec} */
function made(units, places) {
  const cents = places <= CENTS ? Number(units) * 10 ** (CENTS - places) : NaN;
  return { units, places, cents: Number.isSafeInteger(cents) ? cents : NaN };
}

/** A decimal from its text, or from a whole or short number of JSON. @param {string | number | bigint} written @returns {Dec} */
export function dec(written) {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(written).trim());
  if (found === null) throw new RangeError(`not a plain number: ${written}`);
  const [, sign = "", whole = "", decimals = ""] = found;
  const behind = decimals.length > CENTS ? decimals.replace(/0+$/, "").padEnd(CENTS, "0") : decimals;
  return made(BigInt(sign + whole + behind), behind.length);
}

/** @param {Dec} value @param {number} places @returns {bigint} */
function scaled(value, places) {
  return value.units * 10n ** BigInt(places - value.places);
}

/** @param {Dec} one @param {Dec} other @returns {number} below, at or above zero as `one` is below, equal to or above `other` */
export function compare(one, other) {
  const quick = one.cents - other.cents;
  if (quick === quick) return quick;
  const places = Math.max(one.places, other.places);
  const difference = scaled(one, places) - scaled(other, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** @param {Dec} one @param {Dec} other @returns {Dec} */
export function plus(one, other) {
  const places = Math.max(one.places, other.places);
  return made(scaled(one, places) + scaled(other, places), places);
}

/** @param {Dec} one @param {Dec} other @returns {Dec} */
export function minus(one, other) {
  return plus(one, made(-other.units, other.places));
}

/** @param {Dec} one @param {Dec} other @returns {Dec} */
export function times(one, other) {
  return made(one.units * other.units, one.places + other.places);
}

export const ZERO = dec(0);
const TEN = dec(10);

/** @param {Dec[]} values @returns {Dec} */
export function sum(values) {
  return values.reduce(plus, ZERO);
}

/** @param {Dec} value @param {number} places @param {boolean} up halves go up, else to the even digit @returns {Dec} */
export function rounded(value, places, up = false) {
  if (value.places <= places) return made(scaled(value, places), places);
  return made(divided(value.units, 10n ** BigInt(value.places - places), up), places);
}

/** @param {bigint} top @param {bigint} bottom above zero @param {boolean} up @returns {bigint} */
function divided(top, bottom, up) {
  const negative = top < 0n;
  const size = negative ? -top : top;
  let whole = size / bottom;
  const rest = (size % bottom) * 2n;
  if (rest > bottom || (rest === bottom && (up || whole % 2n === 1n))) whole += 1n;
  return negative ? -whole : whole;
}

/** `one` over `other`, rounded to so many places. @param {Dec} one @param {Dec} other above zero @param {number} places @param {boolean} up @returns {Dec} */
export function over(one, other, places, up = false) {
  const shift = BigInt(places + other.places);
  return made(divided(one.units * 10n ** shift, other.units * 10n ** BigInt(one.places), up), places);
}

/** A quotient of 28 significant digits, without zeros at its end: a share of lots. @param {Dec} one @param {Dec} other @returns {Dec} */
export function share(one, other) {
  if (one.units === 0n) return ZERO;
  let places = compare(one, other) < 0 ? 28 : 27;
  // below a tenth, the first digits are zeros that do not count
  for (let top = times(one, TEN); compare(top, other) < 0; top = times(top, TEN)) places += 1;
  return trimmed(over(one, other, places));
}

/** @param {Dec} value @returns {Dec} */
export function trimmed(value) {
  let { units, places } = value;
  while (places > 0 && units % 10n === 0n) {
    units /= 10n;
    places -= 1;
  }
  return made(units, places);
}

/** @param {Dec} value @returns {string} */
export function written(value) {
  const negative = value.units < 0n;
  const digits = String(negative ? -value.units : value.units).padStart(value.places + 1, "0");
  const whole = digits.slice(0, digits.length - value.places);
  return (negative ? "-" : "") + whole + (value.places ? "." + digits.slice(digits.length - value.places) : "");
}
