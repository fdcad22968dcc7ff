import {h, newId} from './dom.js';

/** A button that opens a panel below it; Escape and a click elsewhere close it. `fill` is asked each time it opens. */
export function menu(label, fill) {
  const panel = h('div', {class: 'panel', id: newId('panel'), hidden: true});
  const opener = h('button', {type: 'button', 'aria-expanded': 'false', 'aria-controls': panel.id,
    onclick: () => toggle(panel.hidden)}, label);
  const box = h('div', {class: 'menu', onkeydown: (event) => {
    if (event.key !== 'Escape' || panel.hidden) return;
    toggle(false);
    opener.focus();
  }}, opener, panel);

  const outside = (event) => { if (!box.contains(event.target)) toggle(false); };

  function toggle(open) {
    panel.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    document[open ? 'addEventListener' : 'removeEventListener']('pointerdown', outside);
    if (!open) return;
    panel.replaceChildren(...fill());
    panel.querySelector('input, select, button')?.focus();
  }
  return box;
}
