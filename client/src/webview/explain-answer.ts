import type {
  ConsideredView,
  ExplainedRoute,
  Explanation,
  UpstreamView,
} from '../../../server/src/contract/explain.ts';
import { linkButton, placeLink } from './controls.ts';
import { type Child, html } from './dom.ts';
import { icon, shareBar } from './icons.ts';

/** A request that is none, in the words of the server. */
export function problemView(fault: string): HTMLElement {
  return html('p', { class: 'problem' }, icon('error', 'st-dead'), html('span', {}, `${upper(fault)}.`));
}

/** The rows of the answer are in another table than the one that is shown. */
export function elsewhere(viewpoint: string): HTMLElement {
  const intent = { kind: 'viewpoint', id: viewpoint } as const;
  return html('p', {}, reachable(linkButton('explained-table', intent, undefined, 'Show the table that was asked')));
}

/** Who was asked, what comes of the request, and what the service gets. */
export function answerView(answer: Explanation): readonly Child[] {
  const { viewpoint, virtualHost, route, upstream, considered } = answer;
  const steps = [
    `${viewpoint.group}, ${viewpoint.label}`,
    virtualHost?.name ?? 'no virtual host',
    ...(virtualHost !== undefined && route !== undefined ? [`route ${route.order} of ${virtualHost.routes}`] : []),
  ];
  const isGood = upstream !== undefined && answer.status === undefined;
  return [
    html('p', { class: 'steps dim' }, steps.join(' › ')),
    html(
      'h2',
      { class: 'headline' },
      icon(isGood ? 'live' : answer.redirect === undefined ? 'info' : 'redirect', isGood ? 'st-live' : ''),
      html('span', {}, upper(answer.headline)),
    ),
    html(
      'p',
      { class: 'dim' },
      `${upper(viewpoint.reason)}.`,
      virtualHost === undefined ? undefined : ` ${upper(virtualHost.reason)}.`,
    ),
    list(answer.notes),
    html(
      'div',
      { class: 'parts' },
      routePart(route, answer),
      ...(upstream === undefined ? [] : upstreamParts(upstream)),
    ),
    answer.faults.length === 0
      ? undefined
      : part(
          'Faults',
          answer.faults.map(({ text }) => html('div', {}, text)),
        ),
    consideredView(considered),
  ];
}

function routePart(route: ExplainedRoute | undefined, { redirect, directResponse }: Explanation): Child {
  const lines: Child[] = [];
  if (route !== undefined) lines.push(html('div', {}, routeLink(route), ' ', route.match), sourceLink(route));
  if (redirect !== undefined) lines.push(html('div', { class: 'm' }, `${redirect.status} ${redirect.location}`));
  if (directResponse !== undefined)
    lines.push(html('div', { class: 'm' }, `${directResponse.status} ${directResponse.body}`));
  return lines.length === 0 ? undefined : part(route === undefined ? 'Answer' : 'Route', lines);
}

function upstreamParts({ path, destinations, mirrors, headers, timeout }: UpstreamView): readonly Child[] {
  const hosts = [...new Set(destinations.map(({ authority }) => authority))];
  return [
    part('The service gets', [
      html('div', { class: 'm' }, path),
      hosts.map(host => html('div', { class: 'm' }, `host: ${host}`)),
      headers.map(({ on, text, cluster }) =>
        html('div', {}, `${on}: ${text}${cluster === undefined ? '' : ` (only ${cluster})`}`),
      ),
    ]),
    part('Goes to', [
      destinations.map(({ share, text, problem }) =>
        html('div', { class: problem === undefined ? '' : 'bad' }, shareBar(share), ' ', text),
      ),
      mirrors.map(({ text }) => html('div', { class: 'dim' }, text)),
    ]),
    part('Worst-case time', html('div', {}, `${upper(timeout.text)}.`)),
  ];
}

/** Why the earlier routes were passed over; folded away, as the table marks them, too. */
function consideredView(considered: readonly ConsideredView[]): Child {
  if (considered.length === 0) return undefined;
  const count = considered.length === 1 ? '1 route' : `${considered.length} routes`;
  return html(
    'details',
    {},
    html('summary', {}, `${count} before did not match`),
    html(
      'ol',
      { class: 'considered' },
      considered.map(route => html('li', {}, routeLink(route), ' ', route.sentence, ' ', sourceLink(route))),
    ),
  );
}

function routeLink({ id, order, name }: ExplainedRoute): HTMLElement {
  const text = name === '' ? `#${order}` : `#${order} ${name}`;
  return reachable(linkButton(`explained:${id}`, { kind: 'go', route: id }, `${text}, go to its row`, text));
}

function sourceLink({ id, source }: ExplainedRoute): Child {
  if (source === undefined) return html('span', { class: 'dim' }, 'made by Istio');
  return reachable(placeLink(`explained-source:${id}`, source.place));
}

function part(title: string, body: Child): HTMLElement {
  return html('div', {}, html('h3', {}, title), body);
}

function list(texts: readonly string[]): Child {
  if (texts.length === 0) return undefined;
  return html(
    'ul',
    { class: 'notes' },
    texts.map(text => html('li', {}, `${upper(text)}.`)),
  );
}

function reachable(link: HTMLElement): HTMLElement {
  link.tabIndex = 0;
  return link;
}

function upper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
