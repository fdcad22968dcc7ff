import {get} from './api.js';
import {h} from './dom.js';
import {ago, number} from './format.js';
import {setTitle} from './router.js';
import {table} from './table.js';

export function sweepsView(root) {
  setTitle('Sweeps');
  const place = h('div');
  root.append(h('h1', {}, 'Sweeps'), place);

  async function load() {
    const {sweeps, error} = await get('sweeps').catch((problem) => ({error: problem}));
    if (error) return place.replaceChildren(h('p', {class: 'error', role: 'alert'}, error.message));
    place.replaceChildren(sweeps.length === 0
      ? h('p', {class: 'empty'}, 'No sweeps yet: a recipe with a matrix or a search makes one.')
      : table([['Sweep'], ['Id'], ['Started'], ['Trials', true], ['Done', true], ['Running', true], ['Failed', true], ['Metric']],
          sweeps.map((each) => [h('a', {href: `/sweep/${each.id}`}, each.name), each.id, ago(each.started), number(each.wanted || each.trials), number(each.done), number(each.running), number(each.failed), `${each.metric} (${each.mode})`]),
          {label: 'Sweeps'}));
  }
  load();
  return {refresh: load};
}
