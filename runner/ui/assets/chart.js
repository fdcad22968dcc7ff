// Lines over a common axis, drawn by D3 as SVG, so that what is saved is what is seen: all colours are attributes.
import {number} from './format.js';
import {colour} from './theme.js';

const margin = {top: 8, right: 12, bottom: 22, left: 54};
const fontSize = 11;

const scaleOf = (isLog, domain, range) => (isLog ? d3.scaleLog() : d3.scaleLinear()).domain(domain).range(range);

function extent(values, isLog) {
  const usable = values.filter((value) => value !== null && Number.isFinite(value) && (!isLog || value > 0));
  if (usable.length === 0) return isLog ? [1, 10] : [0, 1];
  let [low, high] = d3.extent(usable);
  if (high - low <= 1e-9 * Math.abs(high)) [low, high] = isLog ? [low / 2, high * 2] : [low - (Math.abs(low) * 0.1 || 1), high + (Math.abs(high) * 0.1 || 1)];
  return [low, high];
}

function padded([low, high], isLog) {
  if (isLog) return [low / 1.15, high * 1.15];
  const room = (high - low) * 0.05;
  return [low - room, high + room];
}

/**
 * `element` is what to put on the page. `draw(series, options)`: series {label, colour, dash, x, y, raw, low, high}, of
 * which null is a gap; options {logX, logY, xFormat, label}. `onZoom` is told the range, or null for all.
 */
export function lineChart({height = 210, onZoom = () => {}, onHover = () => {}}) {
  const svg = d3.create('svg').attr('tabindex', 0).attr('role', 'img').attr('class', 'chart');
  let series = [], options = null, range = null, x, y, width = 0, reading = null, cut = `cut-${Math.random().toString(36).slice(2)}`;
  const node = svg.node();
  const observer = new ResizeObserver(() => { if (node.clientWidth && node.clientWidth !== width) paint(); });
  observer.observe(node);

  const isGiven = (value) => value !== null && value !== undefined && Number.isFinite(value);
  const onX = (value) => isGiven(value) && (!options.logX || value > 0);
  const onY = (value) => isGiven(value) && (!options.logY || value > 0);

  function scales() {
    const all = range ?? extent(series.flatMap((each) => each.x), options.logX);
    const inside = [];
    for (const each of series)
      each.x.forEach((at, i) => { if (at >= all[0] && at <= all[1]) inside.push(each.y[i], options.band ? each.low[i] : null, options.band ? each.high[i] : null, each.raw ? each.raw[i] : null); });
    x = scaleOf(options.logX, all, [margin.left, width - margin.right]);
    y = scaleOf(options.logY, padded(extent(inside, options.logY), options.logY), [height - margin.bottom, margin.top]);
  }

  function axes() {
    const grid = colour('grid'), ink = colour('muted');
    const xTicks = x.ticks(Math.max(2, Math.floor(width / 90))).filter((_, i, all) => !options.logX || all.length < 12 || Number.isInteger(Math.log10(all[i])));
    const yTicks = y.ticks(5).filter((value, i, all) => !options.logY || all.length < 8 || Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
    const lines = svg.append('g').attr('stroke', grid).attr('stroke-width', 1);
    lines.selectAll('line').data(yTicks).join('line').attr('x1', margin.left).attr('x2', width - margin.right)
        .attr('y1', (at) => Math.round(y(at)) + 0.5).attr('y2', (at) => Math.round(y(at)) + 0.5);
    const words = svg.append('g').attr('fill', ink).attr('aria-hidden', 'true');
    words.selectAll('text.y').data(yTicks).join('text').attr('x', margin.left - 6).attr('text-anchor', 'end')
        .attr('y', (at) => y(at)).attr('dy', '0.32em').text((at) => number(at, 4));
    const labels = words.append('g');
    labels.selectAll('text').data(xTicks).join('text').attr('y', height - 6).attr('text-anchor', 'middle')
        .attr('x', (at) => x(at)).text((at) => options.xFormat ? options.xFormat(at) : number(at, 6));
    svg.append('line').attr('x1', margin.left).attr('x2', width - margin.right).attr('y1', height - margin.bottom + 0.5)
        .attr('y2', height - margin.bottom + 0.5).attr('stroke', colour('axis'));
  }

  function curves() {
    svg.append('clipPath').attr('id', cut).append('rect').attr('x', margin.left - 3).attr('y', 0)
        .attr('width', Math.max(0, width - margin.left - margin.right + 6)).attr('height', height - margin.bottom + 1);
    const place = svg.append('g').attr('clip-path', `url(#${cut})`);
    const path = (values, each) => d3.line().defined((_, i) => onX(each.x[i]) && onY(values[i])).x((_, i) => x(each.x[i])).y((_, i) => y(values[i]))(values);
    for (const each of series) {
      if (options.band)
        place.append('path').attr('fill', each.colour).attr('fill-opacity', 0.16).attr('d',
            d3.area().defined((_, i) => onX(each.x[i]) && onY(each.low[i]) && onY(each.high[i])).x((_, i) => x(each.x[i]))
                .y0((_, i) => y(each.low[i])).y1((_, i) => y(each.high[i]))(each.x));
      if (each.raw) place.append('path').attr('fill', 'none').attr('stroke', each.colour).attr('stroke-opacity', 0.3).attr('d', path(each.raw, each));
    }
    for (const each of series) {
      place.append('path').attr('fill', 'none').attr('stroke', each.colour).attr('stroke-width', 1.6).attr('stroke-linejoin', 'round')
          .attr('stroke-dasharray', each.dash || null).attr('d', path(each.y, each)).attr('data-series', each.label);
      if (each.x.length <= 30)
        place.append('g').attr('fill', each.colour).selectAll('circle').data(each.x.map((at, i) => [at, each.y[i]]).filter(([at, value]) => onX(at) && onY(value)))
            .join('circle').attr('r', each.x.length === 1 ? 3 : 2).attr('cx', ([at]) => x(at)).attr('cy', ([, value]) => y(value));
    }
  }

  function paint() {
    if (!options) return;
    width = node.clientWidth || width || 400;
    svg.attr('width', width).attr('height', height).attr('viewBox', `0 0 ${width} ${height}`)
        .attr('font-family', 'system-ui, sans-serif').attr('font-size', fontSize).attr('aria-label', describe());
    svg.selectAll('*').remove();
    svg.append('rect').attr('width', width).attr('height', height).attr('fill', colour('ground'));
    scales();
    axes();
    curves();
    brush();
    drawReading();
  }

  const describe = () => `${options.label ?? 'Chart'}: ${series.map((each) => {
    const last = each.y.filter(isGiven).at(-1);
    return `${each.label} ${last === undefined ? 'no value' : number(last)}`;
  }).join('; ')}`;

  function brush() {
    const area = d3.brushX().extent([[margin.left, 0], [Math.max(margin.left, width - margin.right), height - margin.bottom]])
        .on('end', () => {
          const chosen = d3.event.selection;
          if (!chosen) return;
          zoom(chosen.map((at) => x.invert(at)));
        });
    const place = svg.append('g').attr('data-live', '').attr('class', 'brush').call(area);
    place.select('.selection').attr('fill', colour('accent')).attr('stroke', 'none').attr('fill-opacity', 0.15);
    place.on('mousemove', () => read(x.invert(d3.mouse(node)[0]))).on('mouseleave', () => read(null)).on('dblclick', () => zoom(null));
  }

  function zoom(next) {
    range = next && (next[1] - next[0] > 0) ? next : null;
    paint();
    onZoom(range);
  }

  function nearest(each, at) {
    let best = -1, distance = Infinity;
    const where = d3.bisector((value) => value).left(each.x, at);
    for (const i of [where - 1, where])
      if (i >= 0 && i < each.x.length && Math.abs(each.x[i] - at) < distance) { best = i; distance = Math.abs(each.x[i] - at); }
    return best;
  }

  function read(at) {
    reading = at;
    drawReading();
  }

  function drawReading() {
    svg.selectAll('.reading').remove();
    if (reading === null || series.length === 0) return onHover(null);
    const found = series.map((each) => [each, nearest(each, reading)]).filter(([, i]) => i >= 0);
    if (found.length === 0) return onHover(null);
    const at = found.reduce((best, [each, i]) => Math.abs(each.x[i] - reading) < Math.abs(best - reading) ? each.x[i] : best, Infinity);
    const place = svg.append('g').attr('data-live', '').attr('class', 'reading').attr('pointer-events', 'none');
    place.append('line').attr('x1', x(at)).attr('x2', x(at)).attr('y1', margin.top).attr('y2', height - margin.bottom).attr('stroke', colour('muted')).attr('stroke-dasharray', '2 2');
    for (const [each, i] of found)
      if (onY(each.y[i])) place.append('circle').attr('cx', x(each.x[i])).attr('cy', y(each.y[i])).attr('r', 3).attr('fill', each.colour);
    onHover({at, left: x(at), width, values: found.map(([each, i]) => ({label: each.label, colour: each.colour, value: each.y[i], low: each.low[i], high: each.high[i]}))});
  }

  function step(by) {
    const longest = series.reduce((most, each) => each.x.length > (most?.x.length ?? 0) ? each : most, null);
    if (!longest) return;
    const now = reading === null ? (by > 0 ? -1 : longest.x.length) : nearest(longest, reading);
    read(longest.x[Math.min(longest.x.length - 1, Math.max(0, now + by))]);
  }

  function zoomBy(factor) {
    const [low, high] = x.domain(), middle = reading ?? (low + high) / 2;
    zoom([Math.max(extent(series.flatMap((each) => each.x), options.logX)[0], middle - (middle - low) * factor), middle + (high - middle) * factor]);
  }

  node.addEventListener('keydown', (event) => {
    const work = {ArrowRight: () => step(1), ArrowLeft: () => step(-1), '+': () => zoomBy(0.5), '-': () => zoomBy(2), '0': () => zoom(null), Escape: () => { read(null); zoom(null); }}[event.key];
    if (!work || event.ctrlKey || event.metaKey) return;
    work();
    event.preventDefault();
  });
  node.addEventListener('blur', () => read(null));

  return {
    element: node,
    draw(newSeries, newOptions) {
      if (options?.logX !== newOptions.logX || options.axis !== newOptions.axis) range = null;
      series = newSeries;
      options = newOptions;
      paint();
    },
    paint,
    reset: () => zoom(null),
    range: () => range,
    leave: () => observer.disconnect(),
  };
}
