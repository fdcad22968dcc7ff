import {h, newId} from './dom.js';

/** `list`: [key, title, open(panel) -> {refresh?, redraw?, leave?}]. Arrows move between tabs; the address keeps the tab. */
export function tabs(list, chosen, onChoose) {
  const panel = h('div', {role: 'tabpanel', id: newId('panel'), tabindex: '0', class: 'tabpanel'});
  const heads = list.map(([key, title]) => h('button', {type: 'button', role: 'tab', id: newId('tab'), 'aria-controls': panel.id,
    onclick: () => onChoose(key)}, title));
  const bar = h('div', {role: 'tablist', class: 'tabs', onkeydown: (event) => {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!by) return;
    const next = (heads.indexOf(event.target) + by + heads.length) % heads.length;
    heads[next].focus();
    onChoose(list[next][0]);
    event.preventDefault();
  }}, heads);
  let current = null, view = {};

  function show(key) {
    const index = Math.max(0, list.findIndex(([each]) => each === key));
    heads.forEach((head, i) => {
      head.setAttribute('aria-selected', String(i === index));
      head.tabIndex = i === index ? 0 : -1;
    });
    if (list[index][0] === current) return view.update?.();
    view.leave?.();
    current = list[index][0];
    panel.setAttribute('aria-labelledby', heads[index].id);
    panel.replaceChildren();
    view = list[index][2](panel) ?? {};
  }
  show(chosen);
  return {bar, panel, show, refresh: () => view.refresh?.(), redraw: () => view.redraw?.(), leave: () => view.leave?.()};
}
