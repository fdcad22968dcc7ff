import {h} from './dom.js';

const marks = {running: '▶', done: '✓', failed: '✕', crashed: '✕', interrupted: '■', queued: '…', waiting: '…', paused: '‖', pruned: '✂'};

/** A word with a mark: the colour alone says nothing. */
export const status = (word) => h('span', {class: `status ${word}`},
    h('span', {'aria-hidden': 'true', class: 'mark'}, marks[word] ?? '·'), word);
