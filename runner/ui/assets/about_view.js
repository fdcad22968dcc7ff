import {h} from './dom.js';
import {setTitle} from './router.js';
import {server, serverIsKnown} from './server.js';

export function aboutView(root) {
  setTitle('About');
  const licences = h('pre', {class: 'text', tabindex: '0', 'aria-label': 'Licences of others'});
  fetch('/licences.txt').then((response) => response.text()).then((text) => { licences.textContent = text; });
  serverIsKnown.then(() => root.append(
      h('h1', {}, 'About'),
      h('dl', {class: 'facts'},
        h('dt', {}, 'runner'), h('dd', {}, server.version),
        h('dt', {}, 'LibTorch'), h('dd', {}, server.libtorch),
        h('dt', {}, 'Database'), h('dd', {}, server.database),
        h('dt', {}, 'Editing'), h('dd', {}, server.read_only ? 'off (read only)' : 'on')),
      h('h2', {}, 'Licences of others'),
      h('p', {class: 'muted'}, 'This page holds work of others, under these terms.'),
      licences));
  return {};
}
