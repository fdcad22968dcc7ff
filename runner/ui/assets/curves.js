// A chart for each metric of the runs, and how they are all drawn: kept in the address.
import {get} from './api.js';
import {chartCard} from './chart_card.js';
import {checkbox, debounce, field, h, select} from './dom.js';
import {setParameters} from './router.js';
import {seriesColour} from './theme.js';

const axes = [['step', 'Step'], ['epoch', 'Epoch'], ['time', 'Time running'], ['clock', 'Time of day']];
const order = ['eval/', 'train/'];
const rank = (metric) => order.findIndex((start) => metric.startsWith(start)) + 1 || 3;
const inOrder = (a, b) => rank(a) - rank(b) || a.localeCompare(b);

export const lookOf = (parameters) => ({
  x: axes.some(([key]) => key === parameters.x) ? parameters.x : 'step', logX: parameters.logx === '1', logY: parameters.logy === '1',
  smooth: Math.min(0.99, Math.max(0, Number(parameters.smooth) || 0)), band: parameters.band !== '0',
});

function lookControls(look, metrics) {
  const keep = (name, on) => setParameters({[name]: on ? '1' : ''}, {replace: true});
  const value = h('output', {}, look.smooth.toFixed(2));
  const slider = h('input', {type: 'range', min: '0', max: '0.99', step: '0.01', value: String(look.smooth), oninput: () => {
    value.textContent = Number(slider.value).toFixed(2);
    later();
  }});
  const later = debounce(() => setParameters({smooth: slider.value === '0' ? '' : slider.value}, {replace: true}), 60);
  const find = h('input', {type: 'search', placeholder: 'Metrics', 'aria-label': 'Only metrics whose name has this', value: metrics ?? '',
    oninput: debounce(() => setParameters({metrics: find.value}, {replace: true}), 150)});
  return h('div', {class: 'toolbar look'}, find,
      field('Over', select(axes, look.x, (x) => setParameters({x: x === 'step' ? '' : x}, {replace: true}))),
      h('span', {class: 'smoothing'}, field('Smoothing', slider), value),
      checkbox('Log x', look.logX, (on) => keep('logx', on)),
      checkbox('Log y', look.logY, (on) => keep('logy', on)),
      checkbox('Min to max', look.band, (on) => setParameters({band: on ? '' : '0'}, {replace: true})));
}

/** `accepts` says which metrics belong here. */
export function curvesPanel(root, {accepts = () => true, legend = true} = {}) {
  let runs = [], known = [], parameters = {}, cards = new Map(), controls = null, asked = 0;
  const grid = h('div', {class: 'grid'});
  const names = h('p', {class: 'legend'});

  function shown(metrics) {
    const wanted = (parameters.metrics ?? '').toLowerCase();
    return metrics.filter((metric) => accepts(metric) && metric.toLowerCase().includes(wanted)).sort(inOrder);
  }

  function arrange(metrics) {
    for (const [metric, card] of cards) {
      if (metrics.includes(metric)) continue;
      card.leave();
      card.element.remove();
      cards.delete(metric);
    }
    metrics.forEach((metric, i) => {
      if (!cards.has(metric)) cards.set(metric, chartCard(metric));
      const {element} = cards.get(metric);
      if (grid.children[i] !== element) grid.insertBefore(element, grid.children[i] ?? null);
    });
  }

  async function find() {
    const turn = ++asked;
    const answer = await get('metrics', {runs: runs.join(',')}).catch((error) => ({metrics: [], error}));
    if (turn !== asked) return;
    if (answer.error?.status === 0) return;  // gone for a while: what is drawn stays
    arrange(shown(answer.metrics));
    for (const card of cards.values()) card.show(runs, lookOf(parameters));
    names.hidden = cards.size > 0 && !legend;
    if (cards.size === 0) names.textContent = answer.error?.message ?? 'No values yet.';
    else drawLegend(answer.runs);
  }

  function drawLegend(list = known) {
    known = list;
    names.replaceChildren(...list.map(({id, name}, i) => {
      const swatch = h('span', {class: 'swatch'});
      swatch.style.background = seriesColour(i);
      return h('span', {}, swatch, h('a', {href: `/run/${id}`}, name), ' ', h('span', {class: 'muted'}, id));
    }));
  }

  return {
    show(newRuns, newParameters) {
      runs = newRuns;
      parameters = newParameters;
      root.hidden = runs.length === 0;
      if (runs.length === 0) {
        arrange([]);
        root.replaceChildren();
        controls = null;
        return;
      }
      if (!controls) root.replaceChildren(controls = h('div'), names, grid);
      if (!controls.contains(document.activeElement)) {  // whoever goes back finds them as they were
        const next = lookControls(lookOf(parameters), parameters.metrics);
        controls.replaceWith(next);
        controls = next;
      }
      find();
    },
    refresh() {
      if (runs.length === 0) return;
      find();
      for (const card of cards.values()) card.refresh();
    },
    redraw() {
      if (runs.length > 0) drawLegend();
      for (const card of cards.values()) card.redraw();
    },
    leave() { for (const card of cards.values()) card.leave(); },
  };
}
