import {h} from './dom.js';
import {bytes, date, number} from './format.js';
import {table} from './table.js';

export function checkpointsTab(panel, run) {
  function draw() {
    const {checkpoints} = run();
    panel.replaceChildren(checkpoints.length === 0 ? h('p', {class: 'empty'}, 'This run has no checkpoints.')
      : table([['Step', true], ['Epoch', true], ['Size', true], ['Saved'], ['Folder']],
          checkpoints.map((each) => [number(each.step), number(each.epoch), bytes(each.bytes), date(Date.parse(each.time)), h('code', {}, each.folder)]),
          {label: 'Checkpoints'}));
  }
  draw();
  return {refresh: draw};
}
