// Each trial as a line over an axis for each parameter; its colour is its rank by the metric. That of a pruned one is dashed and grey, and ends at its last value.
import {drawing, axisOf} from './drawing.js';
import {number} from './format.js';
import {go} from './router.js';
import {colour, lineScale} from './theme.js';

const margin = {top: 26, bottom: 16, left: 46, right: 60};
const height = 300;

export function parallelCoordinates(sweep, paths) {
  const pruned = sweep.trials.filter((trial) => typeof trial.pruned_value === 'number').map((trial) => ({...trial, value: trial.pruned_value, isPruned: true}));
  const trials = sweep.trials.filter((trial) => typeof trial.value === 'number');
  const [least, most] = d3.extent(trials, (trial) => trial.value);
  const sorted = [...trials].sort((a, b) => sweep.mode === 'max' ? a.value - b.value : b.value - a.value);
  const ranks = new Map(sorted.map((trial, i) => [trial, sorted.length > 1 ? i / (sorted.length - 1) : 1]));

  function axis(svg, at, title, {ticks, place, text}) {
    const group = svg.append('g').attr('transform', `translate(${at},0)`);
    group.append('line').attr('y1', margin.top).attr('y2', height - margin.bottom).attr('stroke', colour('axis'));
    group.append('text').attr('y', 14).attr('text-anchor', 'middle').attr('font-weight', 600).text(title);
    const labels = group.selectAll('text.tick').data(ticks).join('text').attr('x', 6).attr('y', place).attr('dy', '0.32em').text(text);
    labels.attr('paint-order', 'stroke').attr('stroke', colour('ground')).attr('stroke-width', 5).attr('stroke-linejoin', 'round').attr('fill', colour('text'));
    return group;
  }

  const drawn = [...pruned, ...sorted];
  const marked = pruned.length > 0 ? ` and ${pruned.length} pruned ones, dashed,` : '';
  return drawing(`${trials.length} trials${marked} over ${paths.join(', ')}; the best ${sweep.metric} is ${number(sweep.mode === 'max' ? most : least)}`, (svg, width) => {
    if (drawn.length === 0) {
      svg.append('text').attr('x', 12).attr('y', 30).text('No trial has a value yet.');
      return 48;
    }
    const scale = lineScale();
    const all = [...paths, sweep.metric];
    const across = d3.scalePoint().domain(all).range([margin.left, width - margin.right]);
    const range = [height - margin.bottom, margin.top];
    const axes = Object.fromEntries(all.map((path) => [path, axisOf(drawn.map((trial) => path === sweep.metric ? trial.value : trial.parameters[path]), range)]));
    const at = (trial, path) => [across(path), axes[path].place(path === sweep.metric ? trial.value : trial.parameters[path])];
    const line = d3.line().defined(([, y]) => Number.isFinite(y)).curve(d3.curveMonotoneX);
    const lines = svg.append('g').attr('fill', 'none').attr('stroke-width', 1.5).selectAll('path').data(drawn).join('path')
        .attr('d', (trial) => line(all.map((path) => at(trial, path)))).attr('stroke', (trial) => trial.isPruned ? colour('axis') : scale(ranks.get(trial))).attr('stroke-dasharray', (trial) => trial.isPruned ? '4 4' : null)
        .attr('stroke-opacity', drawn.length > 60 ? 0.5 : 0.85).attr('cursor', 'pointer')
        .on('click', (trial) => trial.run && go(`/run/${trial.run}`))
        .on('mouseenter', (trial, i, nodes) => d3.select(nodes[i]).attr('stroke-width', 4).raise())
        .on('mouseleave', (trial, i, nodes) => d3.select(nodes[i]).attr('stroke-width', 1.5));
    lines.append('title').text((trial) => `trial ${trial.number}: ${sweep.metric} ${number(trial.value)}${trial.isPruned ? ' when it was pruned' : ''}\n${Object.entries(trial.parameters).map(([path, value]) => `${path} ${JSON.stringify(value)}`).join('\n')}`);
    for (const path of all) axis(svg, across(path), path, axes[path]);
    return height;
  });
}
