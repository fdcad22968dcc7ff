// What came of a sweep: its best cells, what matters, and how the metric depends on the parameters.
import {get} from './api.js';
import {heatMap} from './heat_map.js';
import {importanceBars} from './importance.js';
import {button, field, h, select} from './dom.js';
import {saveCsv, savePng, saveSvg} from './download.js';
import {date, duration, number, plain} from './format.js';
import {parallelCoordinates} from './parallel.js';
import {parameters, setParameters, setTitle} from './router.js';
import {status} from './status.js';
import {table} from './table.js';

/** Parameters with more than one value, the one that matters most first; seeds only where there is nothing else. */
function varying(sweep) {
  const values = {};
  for (const trial of sweep.trials)
    for (const [path, value] of Object.entries(trial.parameters)) (values[path] ??= new Set()).add(JSON.stringify(value));
  // Those that vary together have one share, "optimizer.lr, model.width". All but the first come last: a heat map over two of them would be a diagonal.
  const shares = Object.fromEntries(Object.entries(sweep.importance.shares ?? {}).map(([names, share]) => [names.split(', ')[0], share]));
  const paths = Object.keys(values).filter((path) => values[path].size > 1).sort((a, b) => (shares[b] ?? -1) - (shares[a] ?? -1));
  return paths.length > 1 ? paths.filter((path) => path !== 'seed') : paths;
}

function figure(title, id, drawing, controls = []) {
  const svg = drawing.tagName === 'svg' ? drawing : null;
  return h('section', {class: 'card', id, 'aria-label': title}, h('header', {}, h('h2', {}, title), h('span', {class: 'tools'}, controls,
      svg ? [button('PNG', () => savePng(title, svg), {class: 'quiet', 'aria-label': `${title} as PNG`}), button('SVG', () => saveSvg(title, svg), {class: 'quiet', 'aria-label': `${title} as SVG`})] : [])), drawing);
}

function facts(sweep) {
  const counts = d3.nest().key((trial) => trial.status).rollup((list) => list.length).object(sweep.trials);
  const list = [['Id', sweep.id], ['Started', date(Date.parse(sweep.started))], ['Metric', `${sweep.metric}, ${sweep.mode === 'max' ? 'more' : 'less'} is better`],
    ['Trials', Object.entries(counts).map(([word, n]) => `${n} ${word}`).join(', ')], ['Recipe', sweep.recipe_path], ['Command', h('code', {}, sweep.command)]];
  return h('dl', {class: 'facts'}, list.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function cells(sweep, paths) {
  const hasSeeds = sweep.cells.some((cell) => cell.n > 1);
  const columns = [['', true], ...paths.filter((path) => path !== 'seed').map((path) => [path, typeof sweep.cells[0]?.parameters[path] === 'number']), [sweep.metric, true],
    ...(hasSeeds ? [['± sd', true], ['95 % of the mean', true], ['n', true]] : []), ['Runs']];
  const runOf = (trial) => sweep.trials[trial - 1]?.run;
  return table(columns, sweep.cells.slice(0, 100).map((cell, i) => [cell.mean === null ? '' : String(i + 1), ...paths.filter((path) => path !== 'seed').map((path) => shownValue(cell.parameters[path])),
    cell.mean === null ? (cell.failed ? 'failed' : cell.status) : number(cell.mean), ...(hasSeeds ? [number(cell.sd), cell.interval ? `${number(cell.interval[0])} to ${number(cell.interval[1])}` : '', String(cell.n)] : []),
    h('span', {class: 'links'}, cell.trials.slice(0, 6).map((trial) => runOf(trial) ? h('a', {href: `/run/${runOf(trial)}`}, runOf(trial)) : h('span', {class: 'muted'}, `trial ${trial}`)))]), {label: 'Best cells'});
}

const shownValue = (value) => value === undefined ? '' : typeof value === 'number' ? number(value) : plain(value);

function trials(sweep, paths) {
  return table([['Trial', true], ['Status'], ...paths.map((path) => [path, typeof sweep.trials[0]?.parameters[path] === 'number']), [sweep.metric, true], ['Took', true], ['Run'], ['Why']],
      sweep.trials.map((each) => [String(each.number), status(each.status), ...paths.map((path) => shownValue(each.parameters[path])), number(each.value ?? each.pruned_value), duration(each.seconds),
        each.run ? h('a', {href: `/run/${each.run}`}, each.run) : '', each.reason ?? '']), {label: 'Trials'});
}

export function sweepView(root, first, id) {
  let sweep = null, hasLeft = false, drawings = [];

  function heatMapControls(paths, x, y) {
    const options = paths.map((path) => [path, path]);
    return [field('Over', select(options, x, (value) => setParameters({x: value}, {replace: true}))), field('and', select(options, y, (value) => setParameters({y: value}, {replace: true})))];
  }

  function draw() {
    if (!sweep) return;
    const paths = varying(sweep), scroll = scrollY;
    const [x, y] = [parameters().x ?? paths[0], parameters().y ?? paths[1]];
    for (const each of drawings) each.leave?.();
    const lines = parallelCoordinates(sweep, paths);
    const map = paths.length > 1 ? heatMap(sweep, x, y) : null;
    const bars = importanceBars(sweep);
    drawings = [lines, map, bars].filter(Boolean);
    const pruned = sweep.trials.filter((trial) => typeof trial.pruned_value === 'number').length;
    const note = (text) => text ? h('p', {class: 'muted'}, text) : '';
    const at = sweep.compared_at ? `Importance and heat map are at ${sweep.compared_at}.` : '';
    const dashed = pruned ? `Dashed: ${pruned} pruned, by their last values.` : '';
    setTitle(sweep.name);
    root.replaceChildren(h('h1', {}, sweep.name), facts(sweep),
        h('div', {class: 'pair'}, figure('Importance', 'importance', bars.element), map ? figure('Heat map', 'heat-map', map.element, heatMapControls(paths, x, y)) : ''), note(at),
        figure('Parallel coordinates', 'parallel', lines.element), note(dashed),
        h('h2', {}, 'Best cells'), cells(sweep, paths),
        h('div', {class: 'titled'}, h('h2', {}, 'Trials'), button('CSV', () => saveCsv(`${sweep.name} trials`, [['number', 'status', ...paths, sweep.metric, 'run'], ...sweep.trials.map((each) => [each.number, each.status, ...paths.map((path) => JSON.stringify(each.parameters[path])), each.value ?? each.pruned_value, each.run])]), {class: 'quiet', 'aria-label': 'Trials as CSV'})),
        trials(sweep, paths));
    scrollTo(0, scroll);
  }

  async function load() {
    const {metric, mode} = parameters();
    try {
      const next = await get(`sweep/${encodeURIComponent(id)}`, {metric, mode});
      if (hasLeft || JSON.stringify(next) === JSON.stringify(sweep)) return;
      sweep = next;
      draw();
    } catch (error) {
      if (!sweep && !hasLeft) root.replaceChildren(h('p', {class: 'error', role: 'alert'}, error.message));
    }
  }
  load();
  return {update: draw, refresh: load, redraw: draw, leave() {
    hasLeft = true;
    for (const each of drawings) each.leave?.();
  }};
}
