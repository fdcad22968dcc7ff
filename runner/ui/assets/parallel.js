// Each trial as a line over an axis for each parameter; its colour is its rank by the metric.
import {drawing, axisOf} from './drawing.js';
import {number} from './format.js';
import {go} from './router.js';
import {colour, lineScale} from './theme.js';

const margin = {top: 26, bottom: 16, left: 46, right: 60};
const height = 300;

export function parallelCoordinates(sweep, paths) {
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

  return drawing(`${trials.length} trials over ${paths.join(', ')}; the best ${sweep.metric} is ${number(sweep.mode === 'max' ? most : least)}`, (svg, width) => {
    if (trials.length === 0) {
      svg.append('text').attr('x', 12).attr('y', 30).text('No trial has a value yet.');
      return 48;
    }
    const scale = lineScale();
    const all = [...paths, sweep.metric];
    const across = d3.scalePoint().domain(all).range([margin.left, width - margin.right]);
    const range = [height - margin.bottom, margin.top];
    const axes = Object.fromEntries(all.map((path) => [path, axisOf(trials.map((trial) => path === sweep.metric ? trial.value : trial.parameters[path]), range)]));
    const at = (trial, path) => [across(path), axes[path].place(path === sweep.metric ? trial.value : trial.parameters[path])];
    const line = d3.line().defined(([, y]) => Number.isFinite(y)).curve(d3.curveMonotoneX);
    const lines = svg.append('g').attr('fill', 'none').attr('stroke-width', 1.5).selectAll('path').data(sorted).join('path')
        .attr('d', (trial) => line(all.map((path) => at(trial, path)))).attr('stroke', (trial) => scale(ranks.get(trial)))
        .attr('stroke-opacity', trials.length > 60 ? 0.5 : 0.85).attr('cursor', 'pointer')
        .on('click', (trial) => trial.run && go(`/run/${trial.run}`))
        .on('mouseenter', (trial, i, nodes) => d3.select(nodes[i]).attr('stroke-width', 4).raise())
        .on('mouseleave', (trial, i, nodes) => d3.select(nodes[i]).attr('stroke-width', 1.5));
    lines.append('title').text((trial) => `trial ${trial.number}: ${sweep.metric} ${number(trial.value)}\n${Object.entries(trial.parameters).map(([path, value]) => `${path} ${JSON.stringify(value)}`).join('\n')}`);
    for (const path of all) axis(svg, across(path), path, axes[path]);
    return height;
  });
}
