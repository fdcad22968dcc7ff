// One metric of some runs: its chart, what is under the pointer, and the files it can be saved as.
import {get} from './api.js';
import {lineChart} from './chart.js';
import {button, h} from './dom.js';
import {saveCsv, savePng, saveSvg} from './download.js';
import {date, duration, number} from './format.js';
import {smooth} from './smoothing.js';
import {seriesColour, seriesDash} from './theme.js';

const xOf = {
  step: (curve) => curve.step,
  epoch: (curve) => curve.epoch,
  time: (curve) => curve.seconds,
  clock: (curve) => curve.time,
};
const xFormats = {time: (at) => duration(at), clock: (at) => date(at).slice(11)};

/** `look` is {x, logX, logY, smooth, band}. */
export function chartCard(metric, {height} = {}) {
  let runs = [], curves = [], look = {x: 'step'}, isSeen = false, isStale = true, turn = 0;
  const tip = h('div', {class: 'tip', hidden: true, role: 'status'});
  const reset = button('Whole curve', () => chart.reset(), {class: 'quiet', hidden: true});
  const problem = h('p', {class: 'error', hidden: true});
  const chart = lineChart({height, onZoom: zoomed, onHover: hover});
  const tools = h('span', {class: 'tools'}, reset,
      button('PNG', () => savePng(metric, chart.element), {class: 'quiet', 'aria-label': `${metric} as PNG`}),
      button('SVG', () => saveSvg(metric, chart.element), {class: 'quiet', 'aria-label': `${metric} as SVG`}),
      button('CSV', () => saveCsv(metric, table()), {class: 'quiet', 'aria-label': `${metric} as CSV`}));
  const element = h('article', {class: 'card', 'data-metric': metric}, h('header', {}, h('h3', {}, metric), tools),
      problem, h('div', {class: 'plot'}, chart.element, tip));

  const sight = new IntersectionObserver(([entry]) => {
    isSeen = entry.isIntersecting;
    if (isSeen && isStale) load();
  }, {rootMargin: '300px'});
  sight.observe(element);

  function table() {
    return [['run', 'name', 'metric', 'step', 'epoch', 'time', 'points', 'mean', 'min', 'max'],
      ...curves.flatMap((curve) => curve.step.map((step, i) => [curve.run, curve.name, metric, step, curve.epoch[i],
        new Date(curve.time[i]).toISOString(), curve.count[i], curve.mean[i], curve.min[i], curve.max[i]]))];
  }

  function request() {
    const range = chart.range();
    // Only steps are what the store cuts by; over other axes the whole curve is drawn.
    const part = range && look.x === 'step' ? {first_step: Math.floor(range[0]), last_step: Math.ceil(range[1])} : {};
    return {runs: runs.join(','), metric, points: 600, ...part};
  }

  async function load() {
    if (runs.length === 0) return;
    const mine = ++turn;
    isStale = false;
    try {
      const answer = await get('curves', request());
      if (mine !== turn) return;
      curves = answer.curves;
      problem.hidden = true;
    } catch (error) {
      problem.hidden = false;
      problem.textContent = error.message;
      return;
    }
    draw();
  }

  function draw() {
    const named = new Set(curves.map((curve) => curve.name)).size === curves.length;
    const series = curves.map((curve, i) => ({
      label: named ? curve.name : `${curve.name} ${curve.run}`, colour: seriesColour(i), dash: seriesDash(i), x: xOf[look.x](curve),
      y: smooth(curve.mean, look.smooth), raw: look.smooth ? curve.mean : null, low: curve.min, high: curve.max,
    })).filter((each) => each.x.length > 0);
    const points = Math.max(0, ...curves.map((curve) => curve.step.length));
    element.dataset.points = String(points);
    element.dataset.lastStep = String(Math.max(0, ...curves.map((curve) => curve.step.at(-1) ?? 0)));
    chart.draw(series, {...look, axis: look.x, xFormat: xFormats[look.x], label: metric});
  }

  function zoomed(range) {
    reset.hidden = range === null;
    if (look.x === 'step') load();
  }

  function hover(found) {
    tip.hidden = !found;
    if (!found) return;
    const where = xFormats[look.x] ? xFormats[look.x](found.at) : `${look.x} ${number(found.at, 7)}`;
    const values = [...found.values].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity)).slice(0, 12);
    tip.replaceChildren(h('strong', {}, where), h('table', {}, h('tbody', {}, values.map((each) => {
      const swatch = h('span', {class: 'swatch'});
      swatch.style.background = each.colour;
      const spread = each.low !== each.high && each.low !== null ? `${number(each.low)} to ${number(each.high)}` : '';
      return h('tr', {}, h('td', {}, swatch, each.label), h('td', {class: 'number'}, each.value === null ? 'NaN' : number(each.value)), h('td', {class: 'muted number'}, spread));
    }))));
    const isRight = found.left > found.width / 2;
    tip.style.left = isRight ? 'auto' : `${found.left + 12}px`;
    tip.style.right = isRight ? `${found.width - found.left + 12}px` : 'auto';
  }

  return {
    element,
    show(newRuns, newLook) {
      const isSame = runs.join() === newRuns.join();
      runs = newRuns;
      look = newLook;
      if (!isSame) isStale = true;
      if (isSeen && isStale) load();
      else if (!isStale) draw();
    },
    refresh() {
      isStale = true;
      if (isSeen) load();
    },
    redraw: () => { if (!isStale) draw(); },
    leave() {
      sight.disconnect();
      chart.leave();
    },
  };
}
