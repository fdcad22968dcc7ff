// Says when the database has changed, and whether the server is there.
import {get} from './api.js';

const shortest = 700;  // ms between two looks
let source = null, last = 0, waiting = null, wasAway = false;

function tell(onChange) {
  if (waiting) return;
  waiting = setTimeout(() => {
    waiting = null;
    last = Date.now();
    onChange();
  }, Math.max(0, last + shortest - Date.now()));
}

function say(text, state) {
  const place = document.getElementById('live');
  if (place.textContent === text) return;
  place.textContent = text;
  place.dataset.state = state;
}

async function explain() {
  try {
    await get('about');
  } catch (error) {
    say(error.status === 403 ? `Started anew: ${error.message}` : 'Server gone, trying again', 'away');
  }
}

function connect(onChange) {
  if (source || document.hidden) return;
  source = new EventSource('/api/events');
  source.onopen = () => {
    say('Live', 'here');
    if (wasAway) tell(onChange);
    wasAway = false;
  };
  source.onmessage = () => tell(onChange);
  source.onerror = () => {
    wasAway = true;
    disconnect();
    explain();
    setTimeout(() => connect(onChange), 1500);
  };
}

function disconnect() {
  source?.close();
  source = null;
}

/** Browsers keep few connections to a server: a page that nobody sees gives its own back. */
export function startLive(onChange) {
  document.addEventListener('visibilitychange', () => {
    wasAway = true;
    if (document.hidden) disconnect();
    else connect(onChange);
  });
  addEventListener('pagehide', disconnect);
  connect(onChange);
}
