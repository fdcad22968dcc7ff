// Which class was taken for which. Each row is coloured by the roots of its shares, so that rare mistakes are seen; the numbers are the counts.
import {get} from './api.js';
import {h, select, field} from './dom.js';
import {number} from './format.js';
import {parameters, setParameters} from './router.js';
import {areaScale, inkOn} from './theme.js';

const mostWithNumbers = 30;

function scores(counts) {
  const columns = counts.map((_, j) => counts.reduce((sum, row) => sum + row[j], 0));
  return counts.map((row, i) => {
    const found = row.reduce((sum, each) => sum + each, 0);
    return {recall: found ? row[i] / found : null, precision: columns[i] ? row[i] / columns[i] : null, found};
  });
}

function cellOf(count, fill, hasNumber, i, j) {
  const cell = h('td', {class: 'heat', title: `true ${i}, found ${j}: ${count}`}, hasNumber ? (count || '') : '');
  cell.style.backgroundColor = fill;
  cell.style.color = inkOn(fill);
  return cell;
}

function drawing(counts) {
  const hasNumber = counts.length <= mostWithNumbers;
  const percent = (share) => share === null ? '' : `${number(100 * share, 4)} %`;
  const each = scores(counts), scale = areaScale();
  return h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Confusion matrix'}, h('table', {class: hasNumber ? 'matrix' : 'matrix small'},
      h('caption', {}, 'Rows are true classes, columns found ones.'),
      h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'true'), counts.map((_, j) => h('th', {scope: 'col'}, j)), h('th', {scope: 'col'}, 'recall'), h('th', {scope: 'col'}, 'precision'))),
      h('tbody', {}, counts.map((row, i) => h('tr', {}, h('th', {scope: 'row'}, i),
          row.map((count, j) => cellOf(count, scale(each[i].found ? Math.sqrt(count / each[i].found) : 0), hasNumber, i, j)),
          h('td', {class: 'number'}, percent(each[i].recall)), h('td', {class: 'number'}, percent(each[i].precision)))))));
}

export function matrixTab(panel, run) {
  const bar = h('div', {class: 'toolbar'}), place = h('div');
  panel.append(bar, place);

  async function load() {
    const names = Object.keys(run().matrices);
    const name = names.includes(parameters().matrix) ? parameters().matrix : names[0];
    const {steps} = run().matrices[name];
    const matrix = await get('matrix', {run: run().id, name, step: parameters().step}).catch((error) => ({error}));
    if (matrix.error) return place.replaceChildren(h('p', {class: 'error'}, matrix.error.message));
    const right = matrix.counts.reduce((sum, row, i) => sum + row[i], 0), all = matrix.counts.flat().reduce((sum, each) => sum + each, 0);
    bar.replaceChildren(
        names.length > 1 ? field('Matrix', select(names.map((each) => [each, each]), name, (matrix) => change({matrix, step: ''}))) : '',
        field('Step', select([['', `newest (${steps.at(-1)})`], ...steps.map((step) => [String(step), number(step)])], parameters().step ?? '', (step) => change({step}))),
        h('span', {}, `${number(right)} of ${number(all)} right (${number(100 * right / all, 4)} %)`));
    place.replaceChildren(drawing(matrix.counts));
  }

  function change(values) {
    setParameters(values, {replace: true});
    load();
  }
  load();
  return {refresh: load, redraw: load};
}
