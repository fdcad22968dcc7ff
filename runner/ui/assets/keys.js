// Keys for the whole page. Letters can be switched off, for those who speak to their computer (WCAG 2.1.4).
import {button, checkbox, h} from './dom.js';

const list = [
  ['/', 'Filter'], ['c', 'Compare the selected runs'], ['?', 'This list'],
  ['↑ ↓ Home End', 'Move in the table'], ['Enter', 'Open the run'], ['Space', 'Select the run'],
  ['← →', 'Read a curve, point by point (in a chart)'], ['+ −', 'Zoom (in a chart)'], ['0 or Esc', 'Whole curve (in a chart)'],
];

const areOn = () => localStorage.getItem('keys') !== 'off';

function isTyping(event) {
  return event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;
}

export function showKeys() {
  const dialog = h('dialog', {'aria-labelledby': 'keys-title'},
      h('h2', {id: 'keys-title'}, 'Keys'),
      h('dl', {class: 'keys'}, list.map(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)])),
      checkbox('Single letters do something', areOn(), (on) => localStorage.setItem('keys', on ? 'on' : 'off')),
      h('p', {class: 'actions'}, button('Close', () => dialog.close())));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !areOn()) return;
  if (document.querySelector('dialog[open]')) return;
  const target = {'/': '[data-key="/"]', 'c': '[data-key="c"]'}[event.key];
  if (event.key === '?') showKeys();
  else if (target) {
    const element = document.querySelector(target);
    if (!element) return;
    element.focus();
    if (element.matches('a, button')) element.click();
  } else return;
  event.preventDefault();
}

export function startKeys() {
  document.addEventListener('keydown', press);
  document.getElementById('keys').addEventListener('click', showKeys);
}
