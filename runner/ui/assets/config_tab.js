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

const titled = (title, content) => [h('h2', {}, title), content];
const text = (label, content) => h('pre', {class: 'text', tabindex: '0', 'aria-label': label}, content);

function pairs(title, heads, object) {
  const rows = Object.entries(object ?? {}).map(([name, value]) => [name, plain(value)]);
  return rows.length === 0 ? [] : titled(title, table(heads.map((head) => [head]), rows, {label: title}));
}

/** What the run was made of, and what surrounded it. */
export function recipeTab(panel, run) {
  panel.append(...titled(run.recipe_path, text('Recipe', run.recipe)),
      ...run.git_diff ? titled('Uncommitted changes', text('Uncommitted changes', run.git_diff)) : [],
      ...pairs('Versions', ['Library', 'Version'], run.versions),
      ...pairs('Environment', ['Variable', 'Value'], run.environment),
      ...run.data ? titled('Data', text('Data', JSON.stringify(run.data, null, 2))) : []);
}
