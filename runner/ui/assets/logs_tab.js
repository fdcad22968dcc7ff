import {get} from './api.js';
import {button, checkbox, field, h, select} from './dom.js';
import {bytes} from './format.js';
import {parameters, setParameters} from './router.js';

/** What the ranks have printed: the newest part first, earlier parts on demand, new lines as they come. */
export function logsTab(panel, id) {
  let next = 0, from = 0, follows = true, rank = parameters().rank;
  const text = h('pre', {class: 'text log', tabindex: '0', 'aria-label': 'Log', role: 'log'});
  const bar = h('div', {class: 'toolbar'});
  const earlier = button('Earlier', loadEarlier, {class: 'quiet', hidden: true});
  panel.append(bar, earlier, text);

  const ask = (start) => get('log', {run: id, rank, from: start});

  async function begin() {
    const log = await ask(-1).catch((error) => ({text: error.message, ranks: [], from: 0, next: 0, size: 0}));
    ({from, next} = log);
    text.textContent = log.text || (log.ranks.length === 0 ? 'There is no log: its folder is gone, or nothing has been written.' : 'The rank has printed nothing.');
    text.dataset.empty = String(!log.text);
    earlier.hidden = from === 0;
    bar.replaceChildren(log.ranks.length > 1 ? field('Rank', select(log.ranks.map((each) => [String(each), String(each)]), String(log.rank), choose)) : '',
        checkbox('Follow', follows, (on) => { follows = on; }), h('span', {class: 'muted'}, `${log.folder ?? ''} ${bytes(log.size)}`));
    if (follows) text.scrollTop = text.scrollHeight;
  }

  function choose(value) {
    rank = value;
    setParameters({rank: value}, {replace: true});
    begin();
  }

  async function loadEarlier() {
    const start = Math.max(0, from - (200 << 10));
    const log = await ask(start);
    text.textContent = log.text.slice(0, Math.max(0, log.text.length - Math.max(0, log.next - from))) + text.textContent;
    from = start;
    earlier.hidden = from === 0;
  }

  async function refresh() {
    const log = await ask(next).catch(() => null);
    if (!log || log.next === next) return;
    if (text.dataset.empty === 'true') return begin();
    next = log.next;
    text.append(log.text);
    if (follows) text.scrollTop = text.scrollHeight;
  }
  begin();
  return {refresh};
}
