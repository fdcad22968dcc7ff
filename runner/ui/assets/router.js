// Every view has an address, and what it shows is in the address too: any of them can be kept or sent.

let routes = [];
let current = null;  // {path, view}

export const parameters = () => Object.fromEntries(new URLSearchParams(location.search));

function address(path, values) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''));
  // Commas and slashes may stand in a query as they are, and read better.
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
  return text ? `${path}?${text}` : path;
}

/** Changes what the present view shows. `replace` leaves no step to go back to: for what changes while one types. */
export function setParameters(changes, {replace = false} = {}) {
  const target = address(location.pathname, {...parameters(), ...changes});
  history[replace ? 'replaceState' : 'pushState'](null, '', target);
  current?.view?.update?.(parameters());
}

export function go(path, values = {}) {
  history.pushState(null, '', address(path, values));
  show();
}

function markPlace() {
  for (const link of document.querySelectorAll('#views a')) {
    const path = new URL(link.href).pathname;
    const isHere = path === '/' ? !/^\/(sweep|about)/.test(location.pathname)
                                : location.pathname.startsWith(path.replace(/s$/, ''));
    if (isHere) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function show() {
  if (current?.path === location.pathname) return current.view?.update?.(parameters());
  current?.view?.leave?.();
  const isFirst = current === null;
  const root = document.getElementById('main');
  root.replaceChildren();
  markPlace();
  for (const [pattern, open] of routes) {
    const match = location.pathname.match(pattern);
    if (!match) continue;
    current = {path: location.pathname, view: open(root, parameters(), ...match.slice(1).map(decodeURIComponent))};
    if (!isFirst) root.focus({preventScroll: true});
    window.scrollTo(0, 0);
    return;
  }
  current = {path: location.pathname, view: null};
  root.append(Object.assign(document.createElement('p'), {className: 'empty', textContent: 'There is nothing at this address.'}));
}

/** Has the present view look again at what the server says. */
export const refresh = () => current?.view?.refresh?.();
export const redraw = () => current?.view?.redraw?.();

export const setTitle = (text) => { document.title = text ? `${text} - runner` : 'runner'; };

function followLink(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest('a[href]');
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download') || link.hash) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  show();
}

export function start(all) {
  routes = all;
  addEventListener('popstate', show);
  document.addEventListener('click', followLink);
  show();
}
