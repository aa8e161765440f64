// Nodes of the page. Whatever anybody wrote (a title, a local table) comes in as text and stays text.

/**
 * An element with its attributes, listeners ("onclick") and children. Children that are strings become text nodes; null and false are left out.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...any} children
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") /** @type {any} */ (node)[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}

/** A link where the address is one of the web, else its words alone: a table may hold any address. @param {string} text @param {string | null | undefined} url */
export function link(text, url) {
  if (!url || !/^https?:\/\//i.test(url)) return text;
  return h("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text);
}

/** The children of a node made those of a list: what stands already is not touched. @param {any} node @param {any[]} children null and false are left out */
export function arrange(node, children) {
  let at = node.firstChild;
  for (const child of children) {
    if (!child) continue;
    if (child === at) at = at.nextSibling;
    else {
      // what makes room for its successor goes first: nothing behind it is moved
      if (at !== null && !children.includes(at)) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
      }
      if (child === at) at = at.nextSibling;
      else node.insertBefore(child, at);
    }
  }
  while (at !== null) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/**
 * What unfolds at a click; its content is made when it is opened first, or by `prepare()`; `renew()` makes it again where it shows.
 * @param {string} summary @param {() => any} content @param {Record<string, any>} [attributes]
 */
export function unfolding(summary, content, attributes = {}) {
  const node = h("details", attributes, h("summary", {}, summary));
  node.prepare = () => {
    if (node.childElementCount === 1) node.append(h("div", { class: "unfolded" }, content()));
  };
  node.renew = () => {
    while (node.childElementCount > 1) node.lastChild.remove();
    if (node.open) node.prepare();
  };
  node.addEventListener("toggle", () => node.open && node.prepare());
  return node;
}

/** A text with its places filled: "Lot {n}". @param {string} pattern @param {Record<string, any>} values */
export function filled(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** A text that begins with a capital: a name out of a list, standing alone. @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
