import {h} from './dom.js';
import {number} from './format.js';
import {table} from './table.js';

export function metricsTab(panel, run) {
  function draw() {
    const {metrics, epochs} = run();
    const names = Object.keys(metrics).filter((name) => epochs.some((row) => name in row));
    panel.replaceChildren(
        table([['Metric'], ['Last', true], ['Min', true], ['Max', true], ['Points', true], ['Last step', true]],
            Object.entries(metrics).map(([name, each]) => [name, number(each.last), number(each.min), number(each.max), number(each.count), number(each.last_step)]),
            {label: 'Metrics'}),
        epochs.length === 0 ? '' : h('h2', {}, 'At the end of each epoch'),
        epochs.length === 0 ? '' : table([['Epoch', true], ...names.map((name) => [name, true])],
            epochs.map((row) => [String(row.epoch), ...names.map((name) => number(row[name]))]), {label: 'Epochs'}));
  }
  draw();
  return {refresh: draw};
}
