import { formatDuration } from '../model/duration.ts';
import { allOf } from '../rules/words.ts';
import { child, stringOf, type YamlNode } from '../yaml/node.ts';
import { type HoverPoint, objectType } from './hover-point.ts';
import { blocks, bold, code, table } from './markdown.ts';
import { durationOf, flagOf, numberOf, setting } from './node-values.ts';

const DEFAULT_CONNECT_TIMEOUT = 10_000;
const DEFAULT_IDLE_TIMEOUT = 3_600_000;

/**
 * On `connectionPool`: all limits and timeouts with the defaults of Istio and Envoy filled in, and what happens beyond
 * them (`PILOT.md` 8.7: limits of 0 and below are none).
 */
export function connectionPoolHover(point: HoverPoint): string | undefined {
  const { on, value, place } = point;
  if (on !== 'key' || objectType(point) !== 'ConnectionPoolSettings' || value?.kind !== 'map') return undefined;
  const [tcp, http] = [child(value, 'tcp'), child(value, 'http')];
  const isClient = place?.type === 'TrafficPolicy' || place?.type === 'PortTrafficPolicy';
  return blocks([
    bold('With the defaults filled in:'),
    settingsTable(tcp, http),
    isClient ? limitsText(tcp, http) : undefined,
  ]);
}

function settingsTable(tcp: YamlNode | undefined, http: YamlNode | undefined): string {
  const limit = (node: YamlNode | undefined, key: string): string => {
    const value = numberOf(node, key) ?? 0;
    return value > 0 ? String(value) : 'unlimited';
  };
  const idle = durationOf(http, 'idleTimeout') ?? durationOf(tcp, 'idleTimeout') ?? DEFAULT_IDLE_TIMEOUT;
  const duration = durationOf(tcp, 'maxConnectionDuration');
  return table(
    ['setting', 'value', 'from'],
    [
      setting(tcp, 'maxConnections', limit(tcp, 'maxConnections')),
      setting(tcp, 'connectTimeout', formatDuration(durationOf(tcp, 'connectTimeout') ?? DEFAULT_CONNECT_TIMEOUT)),
      setting(tcp, 'idleTimeout', durationText(durationOf(tcp, 'idleTimeout') ?? DEFAULT_IDLE_TIMEOUT)),
      setting(tcp, 'maxConnectionDuration', duration === undefined ? 'unlimited' : durationText(duration)),
      setting(http, 'http1MaxPendingRequests', limit(http, 'http1MaxPendingRequests')),
      setting(http, 'http2MaxRequests', limit(http, 'http2MaxRequests')),
      setting(http, 'maxRequestsPerConnection', limit(http, 'maxRequestsPerConnection')),
      setting(http, 'maxRetries', limit(http, 'maxRetries')),
      [code('http.idleTimeout'), durationText(idle), idleSource(tcp, http)],
      setting(http, 'h2UpgradePolicy', upgradeText(http)),
    ],
  );
}

function idleSource(tcp: YamlNode | undefined, http: YamlNode | undefined): string {
  if (child(http, 'idleTimeout') !== undefined) return 'written';
  return child(tcp, 'idleTimeout') === undefined ? 'default' : '`tcp.idleTimeout`';
}

function durationText(milliseconds: number): string {
  return milliseconds === 0 ? 'never' : formatDuration(milliseconds);
}

function upgradeText(http: YamlNode | undefined): string {
  if (flagOf(http, 'useClientProtocol') === true) return 'protocol of the client';
  const policy = stringOf(child(http, 'h2UpgradePolicy')) ?? 'DEFAULT';
  if (policy === 'UPGRADE') return 'HTTP/2';
  return policy === 'DEFAULT' ? 'as the mesh says: no upgrade unless that was changed' : 'no upgrade';
}

function limitsText(tcp: YamlNode | undefined, http: YamlNode | undefined): string {
  const connections = numberOf(tcp, 'maxConnections') ?? 0;
  const pending = numberOf(http, 'http1MaxPendingRequests') ?? 0;
  const requests = numberOf(http, 'http2MaxRequests') ?? 0;
  const limits = [
    ...(connections > 0 ? [`${connections} connections`] : []),
    ...(pending > 0 ? [`${pending} waiting requests`] : []),
    ...(requests > 0 ? [`${requests} requests in flight`] : []),
  ];
  if (limits.length === 0)
    return 'Nothing here limits the load: no request is refused for too many connections or requests.';
  const refused = pending > 0 || requests > 0;
  const beyond = refused
    ? 'An HTTP request beyond that gets 503 at once (`UO` in the access log).'
    : 'Beyond that HTTP/1.1 requests wait for a free connection, in a queue without limit, and further TCP connections are closed.';
  return `Each client proxy may have ${bold(allOf(limits))}. ${beyond}`;
}
