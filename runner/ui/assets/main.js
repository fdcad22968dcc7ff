import {aboutView} from './about_view.js';
import {compareView} from './compare_view.js';
import {startKeys} from './keys.js';
import {startLive} from './live.js';
import {redraw, refresh, start} from './router.js';
import {runView} from './run_view.js';
import {runsView} from './runs_view.js';
import {sweepView} from './sweep_view.js';
import {sweepsView} from './sweeps_view.js';
import {startTheme} from './theme.js';

startTheme(redraw);
startKeys();
start([
  [/^\/$/, runsView],
  [/^\/run\/([^/]+)$/, runView],
  [/^\/compare$/, compareView],
  [/^\/sweeps$/, sweepsView],
  [/^\/sweep\/([^/]+)$/, sweepView],
  [/^\/about$/, aboutView],
]);
startLive(refresh);
