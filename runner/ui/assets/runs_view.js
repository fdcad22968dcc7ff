import {get} from './api.js';
import {columnChooser} from './column_chooser.js';
import {curvesPanel} from './curves.js';
import {button, debounce, h, newId, select} from './dom.js';
import {count} from './format.js';
import {parameters, setParameters, setTitle} from './router.js';
import {Rows} from './rows.js';
import {runsTable} from './runs_table.js';
import {server, serverIsKnown} from './server.js';

/** A comma within double quotes or parentheses parts nothing. */
const listed = (text) => (text ?? '').match(/(?:"[^"]*"|\([^)]*\)|[^,"(])+/g) ?? [];
const ownColumns = new Set(['tags', 'note']);  // come with every run

export function runsView(root) {
  setTitle('');
  let names = {columns: [], settings: [], metrics: [], usual: []};
  let rows = null, asked = 0;

  const selected = () => listed(parameters().runs);
  const shown = () => parameters().columns ? listed(parameters().columns) : usual();
  // Until the names are known, those that the server answers with.
  const usual = () => ['name', 'id', ...(rows?.usual ?? names.usual).filter((name) => name !== 'id' && name !== 'name')];

  const table = runsTable({selected, select: pick, sort: sortBy, toggle: (section) => { rows.toggle(section); show(true); }});
  const errorId = newId('error');
  const filter = h('input', {type: 'text', id: newId('filter'), class: 'filter', spellcheck: 'false', autocomplete: 'off', 'data-key': '/',
    placeholder: 'eval/accuracy > 0.98 and optimizer.lr >= 0.1', 'aria-label': 'Filter', 'aria-describedby': errorId,
    oninput: debounce(() => setParameters({where: filter.value.trim()}, {replace: true}), 200)});
  const error = h('pre', {class: 'error', id: errorId, role: 'alert', hidden: true});
  const notes = h('p', {class: 'muted', role: 'note', hidden: true});
  const summary = h('span', {class: 'summary', role: 'status'});
  const grouping = h('div', {class: 'grouping'});
  const selection = h('div', {class: 'selection', hidden: true});
  const curves = h('section', {class: 'curves', 'aria-label': 'Curves of the selected runs'});
  const panel = curvesPanel(curves);

  root.append(h('h1', {class: 'hidden'}, 'Runs'),
      h('div', {class: 'toolbar'}, filter, grouping, columnChooser(() => allNames(), shown, (list) => setParameters({columns: list?.join(',')})), summary),
      error, notes, selection, table.element, curves);

  function allNames() { return {...names, columns: [...names.columns, ...ownColumns]}; }

  function pick(id, on) {
    const next = on ? [...selected(), id] : selected().filter((each) => each !== id);
    setParameters({runs: next.join(',')}, {replace: true});
  }

  function sortBy(column) {
    const now = parameters().sort ?? '';
    const text = ['name', 'status', 'model', 'host'].includes(column);
    const order = text ? [column, `-${column}`, ''] : [`-${column}`, column, ''];
    setParameters({sort: order[(order.indexOf(now) + 1) % 3]});
  }

  function drawGrouping() {
    const options = [['', 'No grouping'], ...[...names.columns.filter((name) => name !== 'id'), ...names.settings].map((name) => [name, `By ${name}`])];
    grouping.replaceChildren(select(options, parameters().group ?? '', (group) => setParameters({group}), {'aria-label': 'Group by'}));
  }

  function drawSelection() {
    const ids = selected();
    selection.hidden = ids.length === 0;
    selection.replaceChildren(h('span', {}, `${count(ids.length, 'run')} selected`),
        h('a', {class: 'button', href: `/compare?runs=${ids.join(',')}`, 'data-key': 'c'}, 'Compare'),
        button('Clear', () => setParameters({runs: ''}), {class: 'quiet'}));
    table.element.classList.toggle('short', ids.length > 0);
    panel.show(ids, parameters());
  }

  function sayError(problem) {
    error.hidden = !problem;
    error.textContent = problem?.message ?? '';
    if (problem) filter.setAttribute('aria-invalid', 'true');
    else filter.removeAttribute('aria-invalid');
  }

  function show(keepPlace) {
    table.show(rows, shown(), parameters().sort ?? '', keepPlace);
    const groups = rows.request.group ? `${count(rows.sections.length, 'group')}, ` : '';
    summary.textContent = `${groups}${count(rows.total, 'run')}`;
    notes.hidden = rows.notes.length === 0;
    notes.textContent = rows.notes.join('; ');
    empty();
  }

  function empty() {
    const nothing = rows.total === 0 && !parameters().where;
    table.element.classList.toggle('nothing', rows.total === 0);
    if (nothing) serverIsKnown.then(() => { summary.textContent = `No runs yet in ${server.database}`; });
    else if (rows.total === 0) summary.textContent = 'No run matches';
  }

  async function load(keepPlace) {
    const turn = ++asked;
    const {where, sort, group} = parameters();
    const next = new Rows({where, sort, group, columns: parameters().columns && (shown().filter((name) => !ownColumns.has(name)).join(',') || 'id')});
    try {
      await next.load(keepPlace && rows ? rows.openValues() : new Set());
    } catch (problem) {
      if (turn === asked) sayError(problem);
      table.element.hidden = rows === null;
      return;
    }
    if (turn !== asked) return;
    sayError(null);
    rows = next;
    rows.usual = parameters().columns ? null : next.columns;
    table.element.hidden = false;
    show(keepPlace);
  }

  let before = '';
  function update() {
    const {where, sort, group, columns} = parameters();
    if (document.activeElement !== filter) filter.value = where ?? '';
    const now = JSON.stringify([where, sort, group, columns]);
    if (now !== before) load(false);
    else table.draw();
    before = now;
    drawGrouping();
    drawSelection();
  }

  async function learnNames() {
    names = await get('columns').catch(() => names);
    drawGrouping();
  }
  update();
  learnNames();
  return {
    update,
    async refresh() {
      await load(true);
      panel.refresh();
    },
    redraw() {
      table.draw();
      panel.redraw();
    },
    leave: () => panel.leave(),
  };
}
