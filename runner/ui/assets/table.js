import {h} from './dom.js';

/** `columns`: [title, isNumber]; `rows`: lists of texts or elements. The first cell of a row is its head. */
export function table(columns, rows, {label, className} = {}) {
  const isNumber = (i) => columns[i]?.[1] ? 'number' : null;
  return h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label},
      h('table', {class: className ?? null},
          h('thead', {}, h('tr', {}, columns.map(([title], i) => h('th', {scope: 'col', class: isNumber(i)}, title)))),
          h('tbody', {}, rows.map((row) => h('tr', {class: row.className ?? null},
              row.map((cell, i) => h(i === 0 ? 'th' : 'td', {scope: i === 0 ? 'row' : null, class: isNumber(i)}, cell)))))));
}
