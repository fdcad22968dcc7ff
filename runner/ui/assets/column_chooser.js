import {button, checkbox, h} from './dom.js';
import {menu} from './menu.js';

const titles = [['columns', 'Run'], ['settings', 'Config'], ['metrics', 'Metrics']];

/** `names()` gives {columns, settings, metrics}; `shown()` the chosen ones; `choose` is told the new list, or null. */
export function columnChooser(names, shown, choose) {
  return menu('Columns', () => {
    const list = h('div', {class: 'choices'});
    const search = h('input', {type: 'search', placeholder: 'Find a column', 'aria-label': 'Find a column',
      oninput: () => draw()});

    function toggle(name, on) {
      choose(on ? [...shown(), name] : shown().filter((each) => each !== name));
    }

    function draw() {
      const wanted = search.value.toLowerCase();
      list.replaceChildren(...titles.flatMap(([key, title]) => {
        const found = names()[key].filter((name) => name.toLowerCase().includes(wanted));
        if (found.length === 0) return [];
        return [h('fieldset', {}, h('legend', {}, title),
            found.slice(0, 200).map((name) => checkbox(name, shown().includes(name), (on) => toggle(name, on))))];
      }));
    }
    draw();
    return [search, list, h('p', {class: 'actions'}, button('Usual columns', () => { choose(null); draw(); }))];
  });
}
