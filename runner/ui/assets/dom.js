// Elements without a framework. Texts are always texts: nothing here parses HTML.

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'value' || name === 'checked' || name === 'selected') element[name] = value;
  else element.setAttribute(name, value === true ? '' : value);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) set(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const h = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);

export const button = (label, onclick, properties) => h('button', {type: 'button', onclick, ...properties}, label);

let ids = 0;
export const newId = (what) => `${what}-${++ids}`;

/** A label and what it names, side by side. */
export function field(label, control) {
  control.id ||= newId('field');
  return h('label', {class: 'field', for: control.id}, h('span', {}, label), control);
}

export function select(options, value, onchange, properties) {
  const element = h('select', {...properties, onchange: () => onchange(element.value)},
      options.map(([key, text]) => h('option', {value: key}, text)));
  element.value = value;
  return element;
}

export function checkbox(label, checked, onchange) {
  const box = h('input', {type: 'checkbox', checked, onchange: () => onchange(box.checked)});
  return h('label', {class: 'check'}, box, label);
}

/** Calls `work` once things have been quiet for so many milliseconds. */
export function debounce(work, wait) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait);
  };
}
