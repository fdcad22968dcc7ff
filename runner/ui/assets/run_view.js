import {nameEditor, noteEditor, sender, tagEditor} from './annotations.js';
import {get} from './api.js';
import {checkpointsTab} from './checkpoints_tab.js';
import {configTab, recipeTab} from './config_tab.js';
import {curvesPanel} from './curves.js';
import {button, h} from './dom.js';
import {date, duration, number, plain} from './format.js';
import {logsTab} from './logs_tab.js';
import {matrixTab} from './matrix_tab.js';
import {metricsTab} from './metrics_tab.js';
import {parameters, setParameters, setTitle} from './router.js';
import {server, serverIsKnown} from './server.js';
import {status} from './status.js';
import {tabs} from './tabs.js';

const isSystem = (metric) => metric.startsWith('system/');

function factsOf(run) {
  const commit = run.git_commit ? `${run.git_commit.slice(0, 10)}${run.git_dirty ? ', with changes' : ''}` : null;
  const ranks = run.world_size ? `${run.world_size}${run.nodes > 1 ? ` on ${run.nodes} nodes` : ''}${run.launcher ? `, by ${run.launcher}` : ''}` : null;
  const trial = run.sweep ? h('a', {href: `/sweep/${run.sweep}`}, `${run.trial} of ${run.sweep}`) : null;
  return [['Status', status(run.status)], ['Why', run.reason || null], ['Started', date(Date.parse(run.started))],
    [run.ended ? 'Took' : 'For', run.duration === null ? null : duration(run.duration)],
    ['Device', run.device], ['Ranks', ranks], ['Seed', run.seed], ['Trial', trial], ['Host', run.host], ['Job', run.job_id],
    ['Restarts', run.restarts || null], ['Commit', commit], ['Recipe', run.recipe_path], ['Command', run.commands.join('') && h('div', {}, run.commands.map((command) => h('div', {}, h('code', {}, command))))]]
      .filter(([, value]) => value !== null && value !== undefined && value !== '');
}

function headline(run) {
  const metrics = Object.entries(run.metrics).filter(([name]) => !isSystem(name));
  const first = metrics.filter(([name]) => name.startsWith('eval/')).concat(metrics.filter(([name]) => !name.startsWith('eval/'))).slice(0, 4);
  return first.map(([name, {last}]) => h('div', {class: 'figure'}, h('span', {class: 'muted'}, name), h('strong', {}, number(last))));
}

function curvesTab(panel, id, accepts) {
  const place = h('section', {'aria-label': 'Curves'});
  panel.append(place);
  const curves = curvesPanel(place, {accepts, legend: false});
  const show = () => curves.show([id], parameters());
  show();
  return {...curves, update: show};
}

function tabList(run) {
  const hasMatrix = Object.keys(run().matrices).length > 0;
  return [['curves', 'Curves', (panel) => curvesTab(panel, run().id, (metric) => !isSystem(metric))],
    ['config', 'Config', (panel) => configTab(panel, run())],
    ['metrics', 'Metrics', (panel) => metricsTab(panel, run)],
    ['logs', 'Logs', (panel) => logsTab(panel, run().id)],
    hasMatrix && ['confusion', 'Confusion matrix', (panel) => matrixTab(panel, run)],
    ['system', 'System', (panel) => curvesTab(panel, run().id, isSystem)],
    ['checkpoints', 'Checkpoints', (panel) => checkpointsTab(panel, run)],
    ['recipe', 'Recipe', (panel) => recipeTab(panel, run())]].filter(Boolean);
}

export function runView(root, first, reference) {
  let run = null, parts = null, hasLeft = false;
  const facts = h('dl', {class: 'facts'}), figures = h('div', {class: 'figures'});
  const problem = h('p', {class: 'error', role: 'alert', hidden: true});

  function build() {
    const send = sender(run.id, problem);
    const archive = server.read_only ? '' : button(run.archived ? 'Take out of the archive' : 'Archive', async () => {
      const now = await send({archived: !run.archived});
      if (!now) return;
      run.archived = now.archived;
      archive.textContent = now.archived ? 'Take out of the archive' : 'Archive';
    }, {class: 'quiet'});
    parts = tabs(tabList(() => run), first.tab, (tab) => setParameters({tab: tab === 'curves' ? '' : tab}, {replace: true}));
    root.replaceChildren(h('div', {class: 'runhead'}, nameEditor(run, send), h('code', {class: 'muted'}, run.id), archive),
        problem, h('div', {class: 'annotations'}, tagEditor(run, send), noteEditor(run, send)), figures, facts, parts.bar, parts.panel);
  }

  function draw() {
    setTitle(`${run.name} ${run.id}`);
    facts.replaceChildren(...factsOf(run).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value instanceof Node ? value : plain(value))]));
    figures.replaceChildren(...headline(run));
  }

  async function load() {
    try {
      const [next] = await Promise.all([get(`run/${encodeURIComponent(reference)}`), serverIsKnown]);
      if (hasLeft) return;
      const knew = parts && Object.keys(run.matrices).length === Object.keys(next.matrices).length;
      run = knew ? Object.assign(run, next) : next;
      if (!knew) build();
      draw();
    } catch (error) {
      if (!parts && !hasLeft) root.replaceChildren(h('p', {class: 'error', role: 'alert'}, error.message));
    }
  }
  load();
  return {
    update: (now) => parts?.show(now.tab),
    async refresh() {
      const wasRunning = !run || run.status === 'running' || run.status === 'queued';
      await load();
      if (wasRunning) parts?.refresh();
    },
    redraw: () => parts?.redraw(),
    leave() {
      hasLeft = true;
      parts?.leave();
    },
  };
}
