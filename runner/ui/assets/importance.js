// Which share of the metric's variance each parameter explains.
import {drawing} from './drawing.js';
import {colour} from './theme.js';

const rowHeight = 26;

export function importanceBars(sweep) {
  const shares = Object.entries(sweep.importance.shares ?? {});
  const noise = sweep.importance.noise ?? 0;
  const rest = 1 - noise - shares.reduce((sum, [, share]) => sum + share, 0);
  const rows = [...shares.map(([name, share]) => ({name, share, isOwn: true})), ...(noise > 0 ? [{name: 'chance (the seed)', share: noise}] : []),
    ...(shares.length > 0 ? [{name: 'several together', share: Math.max(0, rest)}] : [])];
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  return drawing(rows.length === 0 ? 'Importance is not known yet' : `Importance: ${rows.map((row) => `${row.name} ${percent(row.share)}`).join(', ')}`, (svg, width) => {
    if (rows.length === 0) {
      svg.append('text').attr('x', 4).attr('y', 20).text('Too few trials have values.');
      return 32;
    }
    const left = Math.min(width * 0.5, 12 + 6.5 * Math.max(...rows.map((row) => row.name.length)));
    const scale = d3.scaleLinear().domain([0, 1]).range([0, Math.max(10, width - left - 60)]);
    const group = svg.selectAll('g.row').data(rows).join('g').attr('transform', (_, i) => `translate(0,${i * rowHeight})`);
    group.append('text').attr('x', left - 8).attr('y', rowHeight / 2).attr('dy', '0.32em').attr('text-anchor', 'end').text((row) => row.name);
    group.append('rect').attr('x', left).attr('y', 5).attr('height', rowHeight - 10).attr('width', (row) => Math.max(1, scale(row.share))).attr('fill', (row) => colour(row.isOwn ? 'accent' : 'axis'));
    group.append('text').attr('x', (row) => left + scale(row.share) + 6).attr('y', rowHeight / 2).attr('dy', '0.32em').text((row) => percent(row.share));
    return rows.length * rowHeight + 4;
  });
}
