import {get} from './api.js';
import {curvesPanel} from './curves.js';
import {checkbox, h} from './dom.js';
import {date, number, plain} from './format.js';
import {parameters, setParameters, setTitle} from './router.js';
import {status} from './status.js';
import {table} from './table.js';
import {seriesColour} from './theme.js';

function headOf(run, i) {
  const swatch = h('span', {class: 'swatch'});
  swatch.style.background = seriesColour(i);
  return h('span', {class: 'head'}, swatch, h('a', {href: `/run/${run.id}`}, run.name), ' ', h('span', {class: 'muted'}, run.id));
}

const marked = (row, cells) => Object.assign(cells, {className: row.differs ? 'differs' : ''});
const folded = (text) => h('details', {}, h('summary', {}, `${text.split('\n').length - 1} lines`), h('pre', {}, text));
const shown = (value) => typeof value === 'string' && value.includes('\n') ? folded(value) : value === null ? h('span', {class: 'muted'}, 'none') : typeof value === 'number' ? number(value, 6) : plain(value);

export function compareView(root) {
  setTitle('Compare');
  let answer = null;
  const runs = () => (parameters().runs ?? '').split(',').filter(Boolean);
  const problem = h('p', {class: 'error', role: 'alert', hidden: true});
  const tables = h('div');
  const curves = h('section', {'aria-label': 'Curves'});
  const panel = curvesPanel(curves);
  root.append(h('h1', {}, 'Compare'), problem, tables, h('h2', {}, 'Curves'), curves);

  function draw() {
    if (!answer) return;
    const heads = answer.runs.map((run, i) => [headOf(run, i)]);
    const everything = parameters().all === '1';
    const rowsOf = (rows) => rows.filter((row) => everything || row.differs).map((row) => marked(row, [row.name, ...row.values.map(shown)]));
    const config = rowsOf(answer.config);
    const section = (title, rows) => rows.length === 0 ? [] : [h('h2', {}, title), table([[title], ...heads.map(([head]) => [head.cloneNode(true)])], rows, {label: title, className: 'compare'})];
    const facts = [['status', answer.runs.map((run) => status(run.status))], ['started', answer.runs.map((run) => date(run.started))], ['device', answer.runs.map((run) => run.device ?? '')]];
    tables.replaceChildren(
        h('div', {class: 'toolbar'}, checkbox('Also what is the same', everything, (on) => setParameters({all: on ? '1' : ''}, {replace: true}))),
        h('h2', {}, everything ? 'Config' : 'Config that differs'),
        table([['Path'], ...heads], [...facts.map(([name, values]) => [name, ...values]), ...config], {label: 'Config', className: 'compare'}),
        config.length === 0 ? h('p', {class: 'muted'}, 'Their configs are the same.') : '',
        ...section('Code', rowsOf(answer.code)), ...section('Data', rowsOf(answer.data)),
        ...section('Surroundings', rowsOf(answer.surroundings)),
        h('h2', {}, 'Metrics, last value'),
        table([['Metric'], ...heads.map(([head]) => [head.cloneNode(true), true])], answer.metrics.map((row) => [row.name, ...row.values.map((value) => {
          const text = value === null ? '' : number(value.last);
          return h('span', {title: value ? `from ${number(value.min)} to ${number(value.max)}` : ''}, text);
        })]), {label: 'Metrics', className: 'compare'}));
  }

  async function load() {
    try {
      answer = await get('compare', {runs: runs().join(',')});
      problem.hidden = true;
    } catch (error) {
      problem.hidden = false;
      problem.textContent = runs().length === 0 ? 'Select runs in the list first.' : error.message;
    }
    draw();
  }

  const update = () => {
    draw();
    panel.show(runs(), parameters());
  };
  load();
  update();
  return {
    update,
    async refresh() {
      await load();
      panel.refresh();
    },
    redraw() {
      draw();
      panel.redraw();
    },
    leave: () => panel.leave(),
  };
}
