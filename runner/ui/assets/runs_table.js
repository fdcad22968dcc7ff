// A table of any length: only the rows in sight are elements. Arrows move, Space selects, Enter opens.
import {h} from './dom.js';
import {cell, date, isTime, number} from './format.js';
import {go} from './router.js';
import {status} from './status.js';
import {seriesColour} from './theme.js';

const rowHeight = 28, margin = 12;

const texts = new Set(['id', 'name', 'recipe', 'status', 'reason', 'host', 'device', 'commit', 'launcher', 'sweep', 'model', 'tags', 'note']);

/** `actions`: selected() -> ids, select(id, on), sort(column), toggle(section). */
export function runsTable(actions) {
  let rows = null, columns = [], sort = '', focused = 0, numeric = [];
  const cols = h('colgroup');
  const head = h('thead');
  const body = h('tbody');
  const table = h('table', {role: 'grid', class: 'runs', 'aria-label': 'Runs', 'aria-multiselectable': 'true'}, cols, head, body);
  const frame = h('div', {class: 'frame', onscroll: () => draw(), onkeydown: press}, table);
  const before = h('tr', {class: 'gap', 'aria-hidden': 'true'}), behind = h('tr', {class: 'gap', 'aria-hidden': 'true'});
  new ResizeObserver(() => draw()).observe(frame);

  function widths() {
    const sample = rows.sections[0]?.group ? [] : (rows.pages.get('0:0') ?? []);
    numeric = columns.map((name, i) => !texts.has(name) && !isTime(name) && (sample.length === 0 || sample.some((row) => typeof valueOf(row, name, i) === 'number')));
    return columns.map((name, i) => {
      const longest = sample.slice(0, 60).reduce((most, row) => Math.max(most, text(row, name, i).length), 0);
      const extra = name === 'name' ? 4 : 3;
      return Math.min(34, Math.max(name.length + 3, longest + extra, name === 'name' ? 14 : 6));
    });
  }

  function drawHead() {
    const sizes = widths();
    cols.replaceChildren(...['54px', ...sizes.map((size) => `${size}ch`)].map((width) => {
      const col = h('col');
      col.style.width = width;
      return col;
    }));
    table.style.minWidth = `${sizes.reduce((sum, size) => sum + size, 7)}ch`;
    head.replaceChildren(h('tr', {role: 'row', 'aria-rowindex': 1},
        h('th', {scope: 'col'}, h('span', {class: 'hidden'}, 'Selected')),
        columns.map((name, i) => {
          const up = sort === name, down = sort === `-${name}`;
          return h('th', {scope: 'col', class: numeric[i] ? 'number' : null, 'aria-sort': up ? 'ascending' : down ? 'descending' : null},
              h('button', {type: 'button', class: 'sort', title: `Sort by ${name}`, onclick: () => actions.sort(name)},
                  h('span', {class: 'label'}, name), h('span', {class: 'arrow', 'aria-hidden': 'true'}, up ? '▲' : down ? '▼' : '')));
        })));
  }

  const valueOf = (run, name, i) => name === 'tags' ? run.tags.join(' ') : name === 'note' ? run.note : run.values[rows.columns.indexOf(name)];
  const text = (run, name, i) => name === 'tags' || name === 'note' ? valueOf(run, name, i) : cell(name, valueOf(run, name, i));

  function runCell(run, name, i) {
    const value = valueOf(run, name, i);
    if (name === 'status') return h('td', {role: 'gridcell'}, status(value));
    if (name === 'id' || name === 'name')
      return h('td', {role: 'gridcell'}, h('a', {href: `/run/${run.values[0]}`, tabindex: '-1', title: name === 'name' ? run.note || value : null}, value),
          name === 'name' && !columns.includes('tags') ? tagList(run) : null);
    if (name === 'sweep' && value) return h('td', {role: 'gridcell'}, h('a', {href: `/sweep/${value}`, tabindex: '-1'}, value));
    if (name === 'tags') return h('td', {role: 'gridcell'}, tagList(run));
    return h('td', {role: 'gridcell', class: numeric[i] ? 'number' : null, title: isTime(name) && value ? date(value) : text(run, name, i)}, text(run, name, i));
  }

  const tagList = (run) => run.tags.map((tag) => h('span', {class: 'tag'}, tag));

  function selector(run) {
    const id = run.values[0], place = actions.selected().indexOf(id);
    const box = h('input', {type: 'checkbox', tabindex: '-1', checked: place >= 0, 'aria-label': `Select ${id}`,
      onchange: () => actions.select(id, box.checked)});
    const swatch = h('span', {class: 'swatch', 'aria-hidden': 'true'});
    if (place >= 0) swatch.style.background = seriesColour(place);
    return h('td', {role: 'gridcell'}, h('span', {class: 'pick'}, box, swatch));
  }

  function groupRow(section) {
    const {value, count, columns: spreads} = section.group;
    return [h('td', {role: 'gridcell'}, h('button', {type: 'button', tabindex: '-1', class: 'fold', 'aria-expanded': String(section.open),
      'aria-label': `${value ?? 'none'}: ${count} runs`, onclick: () => actions.toggle(section)}, section.open ? '▾' : '▸')),
    columns.map((name, i) => {
      const spread = spreads[rows.columns.indexOf(name)];
      if (i === 0) return h('td', {role: 'gridcell', class: 'group'}, value === null ? 'none' : String(value), ' ', h('span', {class: 'muted'}, count));
      const isMean = spread && !isTime(name) && numeric[i];
      return h('td', {role: 'gridcell', class: 'number muted', title: isMean ? `mean of ${count}; from ${number(spread.min)} to ${number(spread.max)}` : null},
          isMean ? cell(name, spread.mean) : '');
    })];
  }

  function row(index) {
    const {run, section} = rows.at(index, () => draw());
    const isSelected = run && actions.selected().includes(run.values[0]);
    return h('tr', {role: 'row', 'aria-rowindex': index + 2, 'data-index': index, tabindex: index === focused ? '0' : '-1',
      'aria-selected': run ? String(Boolean(isSelected)) : null, 'data-run': run?.values[0],
      class: [section ? 'section' : '', run?.archived ? 'archived' : ''].join(' ').trim() || null},
    section ? groupRow(section) : run ? [selector(run), columns.map((name, i) => runCell(run, name, i))]
      : h('td', {role: 'gridcell', colspan: columns.length + 1, class: 'muted'}, '…'));
  }

  function draw() {
    if (!rows) return;
    const first = Math.max(0, Math.floor(frame.scrollTop / rowHeight) - margin);
    const last = Math.min(rows.length, first + Math.ceil(frame.clientHeight / rowHeight) + 2 * margin);
    const hadFocus = body.contains(document.activeElement);
    before.style.height = `${first * rowHeight}px`;
    behind.style.height = `${(rows.length - last) * rowHeight}px`;
    const list = [];
    for (let index = first; index < last; ++index) list.push(row(index));
    body.replaceChildren(before, ...list, behind);
    if (hadFocus) body.querySelector(`[data-index="${focused}"]`)?.focus({preventScroll: true});
  }

  function moveTo(index) {
    focused = Math.min(rows.length - 1, Math.max(0, index));
    const top = focused * rowHeight, view = frame.clientHeight - head.offsetHeight;
    if (top < frame.scrollTop) frame.scrollTop = top;
    else if (top + rowHeight > frame.scrollTop + view) frame.scrollTop = top + rowHeight - view;
    draw();
    body.querySelector(`[data-index="${focused}"]`)?.focus({preventScroll: true});
  }

  function act(event, {run, section}) {
    if (section) return actions.toggle(section);
    if (!run) return;
    const id = run.values[0];
    if (event.key === ' ') actions.select(id, !actions.selected().includes(id));
    else go(`/run/${id}`);
  }

  function press(event) {
    const element = event.target.closest('tr[data-index]');
    if (!element || !rows) return;
    const index = Number(element.dataset.index), page = Math.floor(frame.clientHeight / rowHeight) - 2;
    const target = {ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: rows.length - 1}[event.key];
    if (target !== undefined) moveTo(target);
    else if (event.target === element && (event.key === ' ' || event.key === 'Enter')) act(event, rows.at(index, () => {}));
    else return;
    event.preventDefault();
  }

  return {
    element: frame,
    show(newRows, newColumns, newSort, keepPlace) {
      rows = newRows;
      columns = newColumns;
      sort = newSort;
      focused = keepPlace ? Math.max(0, Math.min(focused, rows.length - 1)) : 0;
      table.setAttribute('aria-rowcount', rows.length + 1);
      table.setAttribute('aria-colcount', columns.length + 1);
      if (!keepPlace) frame.scrollTop = 0;
      drawHead();
      draw();
    },
    draw,
  };
}
