import type { RouteModel, Stale } from '../../../server/src/contract.ts';
import { fileName, placeLink } from './controls.ts';
import { type Child, html } from './dom.ts';
import { type IconName, icon } from './icons.ts';

/** Above the table while a file is broken: the rows are those of the last good state. */
export function staleBanner({ place, message }: Stale): HTMLElement {
  const link = placeLink('stale', place, `${fileName(place)}:${place.line}:${place.column}`);
  link.tabIndex = 0;
  return banner('warning', [
    'This is the last good table: ',
    link,
    ` is not valid YAML now (${message}). Line numbers of that file may be off.`,
  ]);
}

/** After the shown proxy or listener has gone from the workspace. */
export function goneBanner(gone: string): HTMLElement {
  return banner('info', [`The table of ${gone} is no longer there; this is another one.`]);
}

/** In the place of a table that cannot be had. */
export function failure(message: string): HTMLElement {
  return notice('error', 'No table', [
    html('p', { class: 'dim' }, message),
    html(
      'p',
      { class: 'dim' },
      'The command “Istio: Restart Language Server” may help; its log is the output channel “Istio”.',
    ),
  ]);
}

/** In the place of the table of a workspace without any. */
export function emptiness({ indexing }: RouteModel): HTMLElement {
  return indexing
    ? notice('map', 'Reading the workspace', [progress()])
    : notice('map', 'No routes in this workspace', [
        html(
          'p',
          { class: 'dim' },
          'No VirtualService, Gateway or HTTP Service was found. The table appears as soon as one is written.',
        ),
        html('p', { class: 'dim' }, 'The setting “istio.exclude” says which files are left out.'),
      ]);
}

/** Until the first table has come; the bar appears only when that takes its time. */
export function loading(): HTMLElement {
  return html('main', { class: 'empty' }, html('span', { class: 'sr' }, 'Loading the routes'), progress());
}

/** In the place of the rows of a table that has none. */
export function noHosts(): HTMLElement {
  return html('div', { class: 'sect dim' }, 'There is no virtual host here: every request gets 404.');
}

/** Below the first routes of a long table, until the others are there. */
export function followers(count: number): HTMLElement {
  return html(
    'div',
    { class: 'sect dim' },
    `${count} more ${count === 1 ? 'route follows' : 'routes follow'}.`,
    progress(),
  );
}

function progress(): HTMLElement {
  return html('div', { class: 'progress', 'aria-hidden': 'true' }, html('div', {}));
}

function banner(kind: 'warning' | 'info', text: Child): HTMLElement {
  const look =
    kind === 'warning' ? { class: 'banner warn', icon: 'st-partly' } : { class: 'banner', icon: 'st-undecided' };
  return html('div', { class: look.class, role: 'status' }, icon(kind, look.icon), html('div', {}, text));
}

function notice(name: IconName, title: string, body: Child): HTMLElement {
  return html('main', { class: 'empty' }, icon(name, 'big'), html('h1', {}, title), body);
}
