import {colour} from './theme.js';

/** An SVG that is drawn anew when its width changes; `paint(svg, width)` gives the height. All colours are attributes. */
export function drawing(label, paint) {
  const svg = d3.create('svg').attr('role', 'img').attr('aria-label', label).attr('class', 'chart');
  const node = svg.node();
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (!node.clientWidth || node.clientWidth === width) return;
    width = node.clientWidth;
    svg.selectAll('*').remove();
    svg.attr('font-family', 'system-ui, sans-serif').attr('font-size', 11).attr('fill', colour('text'));
    const ground = svg.append('rect').attr('width', width).attr('fill', colour('ground'));
    const height = paint(svg, width);
    ground.attr('height', height);
    svg.attr('width', width).attr('height', height).attr('viewBox', `0 0 ${width} ${height}`);
  });
  observer.observe(node);
  return {element: node, leave: () => observer.disconnect()};
}

/** Where a parameter's values lie: numbers on a scale, logarithmic where they span more than one decade; others by rank. */
export function axisOf(values, range) {
  const known = values.filter((value) => value !== undefined && value !== null);
  if (known.length > 0 && known.every((value) => typeof value === 'number')) {
    const [low, high] = d3.extent(known);
    const isLog = low > 0 && high / low > 10;
    const domain = low === high ? [low - 1, high + 1] : [low, high];
    const scale = (isLog ? d3.scaleLog() : d3.scaleLinear()).domain(domain).range(range);
    const different = [...new Set(known)].sort((a, b) => a - b);
    const ticks = different.length <= 6 ? different : scale.ticks(4).filter((at, i, all) => !isLog || all.length < 8 || Number.isInteger(Math.round(Math.log10(at) * 1e6) / 1e6));
    return {place: (value) => scale(value), ticks, text: (value) => String(Number(value.toPrecision(4)))};
  }
  const names = [...new Set(known.map((value) => JSON.stringify(value)))].sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
  const scale = d3.scalePoint().domain(names).range(range).padding(0.3);
  return {place: (value) => scale(JSON.stringify(value)), ticks: names.map((name) => JSON.parse(name)), text: (value) => typeof value === 'string' ? value : JSON.stringify(value)};
}
