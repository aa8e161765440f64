// What the page remembers through a refresh, and the link that carries the answers. Nothing of it leaves the browser.

const MARK = "qmi=";

/** What was kept under a key; null where nothing was or the browser forbids to look. @param {string} key */
export function recalled(key) {
  try {
    const text = window.sessionStorage.getItem(key);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether the browser lets a page remember anything. */
export function mayKeep() {
  try {
    return window.sessionStorage !== null;
  } catch {
    return false;
  }
}

/** Keep a value under a key for this tab; false where the browser forbids it. @param {string} key @param {any} value */
export function keep(key, value) {
  try {
    window.sessionStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Forget a key. @param {string} key */
export function forget(key) {
  try {
    window.sessionStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

/** The fragment that carries a value: a browser does not send it to any server. @param {any} value */
export function fragmentOf(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return "#" + MARK + btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The value that a fragment carries; null where it carries none. @param {string} hash */
export function carriedBy(hash) {
  if (!hash.startsWith("#" + MARK)) return null;
  try {
    const text = atob(hash.slice(1 + MARK.length).replace(/-/g, "+").replace(/_/g, "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0))));
  } catch {
    return null;
  }
}

/** The address of this page with a value in its fragment. @param {any} value */
export function addressWith(value) {
  return String(window.location.href).split("#")[0] + fragmentOf(value);
}

/** Put a value into the address, where the browser keeps nothing else. @param {any} value */
export function keepInAddress(value) {
  try {
    window.history.replaceState(null, "", fragmentOf(value));
  } catch {
    // a sandboxed frame may not
  }
}
