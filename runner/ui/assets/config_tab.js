import {checkbox, h} from './dom.js';
import {plain} from './format.js';
import {parameters, setParameters} from './router.js';
import {table} from './table.js';

/** Every value and where it came from. */
export function configTab(panel, run) {
  const place = h('div');
  const find = h('input', {type: 'search', placeholder: 'Find a value', 'aria-label': 'Find a value', oninput: draw});
  const onlyOwn = checkbox('Without defaults', parameters().own === '1', (on) => {
    setParameters({own: on ? '1' : ''}, {replace: true});
    draw();
  });

  function draw() {
    const wanted = find.value.toLowerCase();
    const rows = Object.entries(run.settings)
        .filter(([path, {value, origin}]) => `${path} ${plain(value)} ${origin}`.toLowerCase().includes(wanted))
        .filter(([, {origin}]) => parameters().own !== '1' || origin !== 'default')
        .map(([path, {value, origin}]) => Object.assign([path, h('code', {}, plain(value)), origin], {className: origin === 'default' ? 'default' : ''}));
    place.replaceChildren(table([['Path'], ['Value'], ['From']], rows, {label: 'Config', className: 'config'}));
  }
  draw();
  panel.append(h('div', {class: 'toolbar'}, find, onlyOwn), place);
}

export function recipeTab(panel, run) {
  const versions = Object.entries(run.versions ?? {});
  panel.append(h('h2', {}, run.recipe_path), h('pre', {class: 'text', tabindex: '0', 'aria-label': 'Recipe'}, run.recipe),
      versions.length === 0 ? '' : h('h2', {}, 'Versions'),
      versions.length === 0 ? '' : table([['Library'], ['Version']], versions.map(([name, version]) => [name, plain(version)]), {label: 'Versions'}),
      run.data ? h('h2', {}, 'Data') : '', run.data ? h('pre', {class: 'text', tabindex: '0', 'aria-label': 'Data'}, JSON.stringify(run.data, null, 2)) : '');
}
