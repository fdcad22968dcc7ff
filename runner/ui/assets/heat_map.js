// The metric's mean for each pair of two parameters' values; numbers of many values fall into eight bins. Where trials were pruned, at the point that all of them reached.
import {drawing} from './drawing.js';
import {number, plain} from './format.js';
import {areaScale, colour, inkOn} from './theme.js';

const most = 12, cellHeight = 30;

function bins(trials, path) {
  const values = trials.map((trial) => trial.parameters[path]).filter((value) => value !== undefined);
  const different = [...new Set(values.map((value) => JSON.stringify(value)))].map((text) => JSON.parse(text));
  const isNumeric = different.every((value) => typeof value === 'number');
  if (isNumeric) different.sort((a, b) => a - b);
  if (different.length <= most) {
    if (!isNumeric) different.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b), 'en', {numeric: true}));
    const keys = different.map((value) => JSON.stringify(value));
    return {labels: different.map((value) => isNumeric ? number(value, 4) : plain(value)), of: (value) => keys.indexOf(JSON.stringify(value))};
  }
  if (!isNumeric) return {labels: different.map(plain), of: (value) => different.findIndex((each) => JSON.stringify(each) === JSON.stringify(value))};
  const edges = d3.range(1, 8).map((i) => d3.quantile(different, i / 8));
  const ends = [different[0], ...edges, different.at(-1)];
  return {labels: d3.range(8).map((i) => `${number(ends[i], 2)} to ${number(ends[i + 1], 2)}`), of: (value) => d3.bisectRight(edges, value)};
}

function means(trials, across, down, x, y) {
  const sums = new Map();
  for (const trial of trials) {
    const i = across.of(trial.parameters[x]), j = down.of(trial.parameters[y]);
    if (i < 0 || j < 0) continue;
    const cell = sums.get(`${i},${j}`) ?? {i, j, sum: 0, n: 0};
    cell.sum += trial.value;
    cell.n += 1;
    sums.set(`${i},${j}`, cell);
  }
  return [...sums.values()].map((cell) => ({...cell, mean: cell.sum / cell.n}));
}

export function heatMap(sweep, x, y) {
  const trials = sweep.trials.map((trial) => ({...trial, value: trial.compared})).filter((trial) => typeof trial.value === 'number');
  const across = bins(trials, x), down = bins(trials, y);
  const cells = means(trials, across, down, x, y);
  const [low, high] = d3.extent(cells, (cell) => cell.mean);
  const share = (mean) => high === low ? 1 : (sweep.mode === 'max' ? mean - low : high - mean) / (high - low);
  return drawing(`Mean ${sweep.metric}${sweep.compared_at ? ` at ${sweep.compared_at}` : ''} over ${x} and ${y}, from ${number(low)} to ${number(high)}`, (svg, width) => {
    const scale = areaScale();
    const left = Math.min(width * 0.35, 14 + 6.5 * Math.max(y.length, ...down.labels.map((label) => label.length)));
    const cellWidth = (width - left - 8) / Math.max(1, across.labels.length), top = 24;
    const group = svg.selectAll('g.cell').data(cells).join('g').attr('class', 'cell').attr('transform', ({i, j}) => `translate(${left + i * cellWidth},${top + j * cellHeight})`);
    group.append('rect').attr('width', Math.max(1, cellWidth - 2)).attr('height', cellHeight - 2).attr('fill', ({mean}) => scale(share(mean)));
    group.append('title').text(({i, j, mean, n}) => `${x} ${across.labels[i]}, ${y} ${down.labels[j]}: ${number(mean)} (${n})`);
    if (cellWidth > 44)
      group.append('text').attr('x', (cellWidth - 2) / 2).attr('y', cellHeight / 2 - 1).attr('dy', '0.32em').attr('text-anchor', 'middle')
          .attr('fill', ({mean}) => inkOn(scale(share(mean)))).text(({mean}) => number(mean, 4));
    svg.append('g').attr('text-anchor', 'end').selectAll('text').data(down.labels).join('text').attr('x', left - 6).attr('y', (_, j) => top + (j + 0.5) * cellHeight - 1).attr('dy', '0.32em').text((label) => label);
    const base = top + down.labels.length * cellHeight + 14;
    svg.append('g').attr('text-anchor', 'middle').selectAll('text').data(across.labels).join('text').attr('x', (_, i) => left + (i + 0.5) * cellWidth).attr('y', base)
        .text((label) => label.length * 6 > cellWidth ? `${label.slice(0, Math.max(2, Math.floor(cellWidth / 6) - 1))}…` : label);
    svg.append('text').attr('x', left - 6).attr('y', 14).attr('text-anchor', 'end').attr('fill', colour('muted')).text(y);
    svg.append('text').attr('x', width - 8).attr('y', base + 16).attr('text-anchor', 'end').attr('fill', colour('muted')).text(x);
    return base + 24;
  });
}
