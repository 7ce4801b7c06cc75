import type { BadgeView, DestinationView, RouteView } from '../../../server/src/contract.ts';
import { type Child, html } from './dom.ts';
import { type IconName, icon, shareBar } from './icons.ts';
import { marked, routeLink, type Surroundings } from './sentence.ts';

const BADGE_ICON: Readonly<Record<BadgeView['kind'], IconName>> = {
  rewrite: 'rewrite',
  mirror: 'mirror',
  fault: 'fault',
  timeout: 'clock',
  retries: 'sync',
  headers: 'headers',
  cors: 'cors',
  hash: 'hash',
  error: 'error',
};

/** What becomes of a request that the route takes. */
export function actionLines(route: RouteView, around: Surroundings): readonly Child[] {
  const own = ownBadges(route, around);
  const badges = [...(route.sameAs === undefined ? route.destinations.flatMap(problemBadge) : []), ...own.map(badge)];
  const [main, ...more] = outcome(route, around);
  // A lone default does not deserve a line of its own.
  if (main !== undefined && more.length === 0 && badges.length === 1 && own[0]?.isDefault === true) {
    main.append(...badges);
    return [main];
  }
  return [
    html('div', { class: 'dests' }, main, more),
    badges.length > 0 ? html('div', { class: 'badges' }, badges) : undefined,
  ];
}

/** All badges, or in an alternative of a rule those that its first route has not: a rewrite by another example. */
function ownBadges(route: RouteView, around: Surroundings): readonly BadgeView[] {
  if (route.sameAs === undefined) return route.badges;
  const shown = new Set(around.routes.get(route.sameAs)?.badges.map(({ text }) => text));
  return route.badges.filter(({ text }) => !shown.has(text));
}

function outcome(route: RouteView, around: Surroundings): readonly HTMLElement[] {
  if (route.sameAs !== undefined) {
    return [html('div', { class: 'dim' }, 'same as ', routeLink('same', route.sameAs, around))];
  }
  switch (route.action) {
    case 'redirect':
      return [html('div', { class: 'dest' }, icon('redirect'), html('span', {}, redirectText(route)))];
    case 'directResponse':
      return [html('div', { class: 'dest' }, icon('reply'), html('span', {}, responseText(route)))];
    case 'route':
      return route.destinations.map(view => destination(view, route.destinations.length, around));
    case 'none':
      return [html('div', { class: 'dest' }, icon('none'), html('span', {}, route.text.action))];
  }
}

function redirectText({ redirect, text }: RouteView): string {
  return redirect === undefined ? text.action : `redirect ${redirect.code}: ${redirect.text}`;
}

function responseText({ directResponse, text }: RouteView): Child {
  if (directResponse === undefined) return text.action;
  const { status, body } = directResponse;
  return [`answers ${status} itself`, body === '' ? undefined : html('span', { class: 'dim' }, ` “${body}”`)];
}

function destination(view: DestinationView, count: number, around: Surroundings): HTMLElement {
  const { share, shortHost, subset, port, cluster, assumed } = view;
  return html(
    'div',
    { class: 'dest' },
    count > 1 ? [shareBar(share), html('span', { class: 'pct' }, percent(share))] : icon('to'),
    html(
      'span',
      { title: cluster },
      html('span', {}, marked(shortHost, around)),
      subset === '' ? undefined : [' ', html('span', { class: 'subset' }, marked(subset, around))],
      port === 0 ? undefined : html('span', { class: 'dim' }, ` :${port}`),
      assumed
        ? html('span', { class: 'dim', title: 'This service is not in the workspace' }, ' (taken to exist)')
        : undefined,
    ),
  );
}

function problemBadge({ problem }: DestinationView): readonly HTMLElement[] {
  return problem === undefined ? [] : [html('span', { class: 'b err' }, icon('error'), html('span', {}, problem))];
}

function badge({ kind, text, isDefault, detail }: BadgeView): HTMLElement {
  const look = isDefault ? 'def' : kind === 'error' ? 'err' : kind === 'fault' ? 'fault' : '';
  const title = detail === '' ? undefined : detail;
  return html('span', { class: `b ${look}`.trimEnd(), title }, icon(BADGE_ICON[kind]), html('span', {}, text));
}

/** A share for people: whole percents, or as many digits as tell it from nothing. */
export function percent(share: number): string {
  if (Number.isInteger(share)) return `${share}%`;
  return `${share < 1 ? share.toPrecision(1) : share.toFixed(1)}%`;
}
