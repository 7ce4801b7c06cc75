import type { Explanation, UpstreamDestinationView } from '../../contract/explain.ts';
import type { TestExpectation } from '../../model/route-test/decode.ts';
import type { Located, Span } from '../../text/range.ts';
import { percentText } from '../route-rows.ts';

/** An expectation that does not hold. */
export interface UnmetExpectation {
  /** Where it is written. */
  readonly at: Span;
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}

/** How far a share may be off, in percent: `67` stands for two thirds. */
const TOLERANCE = 0.5;

/** Everything that a test expects and that is not so. */
export function failuresOf(expect: TestExpectation, answer: Explanation): readonly UnmetExpectation[] {
  const unmet: UnmetExpectation[] = [];
  const fail = (at: Span, expected: string, actual: string): void => {
    unmet.push({ at, expected, actual, message: `expected ${expected}, but ${actual}` });
  };
  const { upstream, route, redirect } = answer;
  const destinations = upstream?.destinations ?? [];
  const nowhere = `no service gets the request: ${answer.headline}`;

  const { destination, subset } = expect;
  if (destination !== undefined) {
    const wrong = destinations.find(one => !isService(one, destination.value));
    if (destinations.length === 0) fail(destination, `destination ${destination.value}`, nowhere);
    else if (wrong !== undefined) fail(destination, `destination ${destination.value}`, `it goes to ${nameOf(wrong)}`);
  }
  if (subset !== undefined) {
    const wrong = destinations.find(one => one.subset !== subset.value);
    if (destinations.length === 0) fail(subset, `subset ${subset.value}`, nowhere);
    else if (wrong !== undefined) fail(subset, `subset ${subset.value}`, `it goes to ${subsetText(wrong)}`);
  }
  if (expect.shares !== undefined && expect.shares.length > 0)
    sharesFailures(expect.shares, destinations, nowhere, fail);

  pathFailure(expect.path, upstream?.path, nowhere, fail);
  const hosts = [...new Set(destinations.map(({ authority }) => authority))];
  const { host } = expect;
  if (host !== undefined && (hosts.length !== 1 || hosts[0] !== host.value))
    fail(host, `host ${host.value}`, hosts.length === 0 ? nowhere : `it is ${hosts.join(' or ')}`);
  for (const { name, at } of expect.headers) {
    const values = destinations.map(({ headers }) => headerOf(headers, name));
    const wrong = values.find(value => value !== at.value);
    const wanted = `header ${name}: ${at.value}`;
    if (values.length === 0) fail(at, wanted, nowhere);
    else if (values.some(value => value !== at.value))
      fail(at, wanted, wrong === undefined ? 'it is absent' : `it is ${wrong}`);
  }

  const location = expect.redirect;
  if (location !== undefined && redirect?.location !== location.value) {
    fail(
      location,
      `redirect to ${location.value}`,
      redirect === undefined ? `there is none: ${answer.headline}` : `it leads to ${redirect.location}`,
    );
  }
  const { status } = expect;
  if (status !== undefined && answer.status !== status.value) {
    const actual =
      answer.status === undefined ? `a service answers: ${answer.headline}` : `the proxy answers ${answer.status}`;
    fail(status, `status ${status.value}`, actual);
  }
  if (expect.route !== undefined && route?.name !== expect.route.value) {
    const actual =
      route === undefined
        ? 'no route takes it'
        : `${route.name === '' ? `the nameless route #${route.order}` : `route ${route.name}`} takes it`;
    fail(expect.route, `route ${expect.route.value}`, actual);
  }
  const { unreachable } = expect;
  if (unreachable !== undefined && unreachable.value !== isUnreachable(answer))
    fail(unreachable, unreachable.value ? 'no service to get the request' : 'an answer', answer.headline);
  return unmet;
}

type Fail = (at: Span, expected: string, actual: string) => void;

function pathFailure(path: Located<string> | undefined, actual: string | undefined, nowhere: string, fail: Fail): void {
  if (path === undefined) return;
  const compared = path.value.includes('?') ? actual : actual?.split('?')[0];
  if (compared !== path.value)
    fail(path, `path ${path.value}`, compared === undefined ? nowhere : `the service gets ${compared}`);
}

function sharesFailures(
  shares: NonNullable<TestExpectation['shares']>,
  destinations: readonly UpstreamDestinationView[],
  nowhere: string,
  fail: Fail,
): void {
  const [first] = shares;
  if (first === undefined) return;
  if (destinations.length === 0) {
    fail(first.at, 'shares', nowhere);
    return;
  }
  const all = destinations.map(one => `${percentText(one.share)} ${subsetText(one)}`).join(', ');
  for (const share of shares) {
    const own = destinations.filter(one => one.subset === share.name || isService(one, share.name));
    const actual = own.reduce((sum, one) => sum + one.share, 0);
    if (Math.abs(actual - share.at.value) > TOLERANCE)
      fail(share.at, `${share.at.value}% for ${share.name}`, `it is ${percentText(actual)}: ${all}`);
  }
  const rest = destinations.filter(
    one => one.share > 0 && !shares.some(({ name }) => one.subset === name || isService(one, name)),
  );
  for (const one of rest)
    fail(first.at, 'no further destination', `${percentText(one.share)} go to ${subsetText(one)}`);
}

/** No service gets it, and no route has an answer of its own. */
function isUnreachable({ upstream, redirect, directResponse, status }: Explanation): boolean {
  if (upstream !== undefined) return upstream.destinations.every(({ problem }) => problem !== undefined);
  return redirect === undefined && directResponse === undefined && status !== 200;
}

/** Whether a destination is a service: `reviews`, `reviews.shop`, the full host, with or without port; or its cluster. */
export function isService({ host, port, cluster }: UpstreamDestinationView, name: string): boolean {
  if (name === cluster) return true;
  const [, text = name, number] = /^(.*):(\d+)$/.exec(name) ?? [];
  if (number !== undefined && Number(number) !== port) return false;
  return host === text || host.startsWith(`${text}.`);
}

function nameOf({ host, port, cluster }: UpstreamDestinationView): string {
  return host === '' ? cluster : `${host}:${port}`;
}

function subsetText(one: UpstreamDestinationView): string {
  return one.subset === '' ? `${nameOf(one)} without subset` : `subset ${one.subset}`;
}

function headerOf(headers: UpstreamDestinationView['headers'], name: string): string | undefined {
  const lower = name.toLowerCase();
  const values = headers.filter(([key]) => key === lower).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(',');
}
