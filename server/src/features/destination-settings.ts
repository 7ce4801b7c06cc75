import type { ConsistentHash, LoadBalancer, PolicyBlocks } from '../model/destination-rule.ts';
import type { BlockName } from '../routing/destination-rules.ts';
import type { Located, Span } from '../text/range.ts';

/** A value as it is written in a DestinationRule. */
export interface WrittenValue {
  readonly text: string;
  readonly at: Span;
}

/** A setting of a traffic policy. */
export interface PolicySetting {
  /** As in a DestinationRule, below `trafficPolicy`. */
  readonly name: string;
  readonly block: BlockName;
  readonly read: (blocks: Pick<PolicyBlocks, BlockName>) => WrittenValue | undefined;
  /** What holds where nobody wrote it (`PILOT.md` 8.7); `undefined`: it shows only where somebody did. */
  readonly unset: string | undefined;
}

/** All settings that decide something of a cluster, in the order of the fields. */
export const POLICY_SETTINGS: readonly PolicySetting[] = [
  setting('loadBalancer', 'loadBalancer', ({ loadBalancer }) => algorithm(loadBalancer), 'LEAST_REQUEST'),
  setting('loadBalancer.warmup', 'loadBalancer', ({ loadBalancer: lb }) =>
    written(lb?.warmup?.duration ?? lb?.warmupDurationSecs),
  ),
  setting('loadBalancer.localityLbSetting', 'loadBalancer', ({ loadBalancer }) => locality(loadBalancer)),
  ...tcp('connectTimeout', '10s'),
  ...tcp('maxConnections', 'unlimited'),
  ...tcp('idleTimeout'),
  ...tcp('maxConnectionDuration'),
  ...http('http1MaxPendingRequests', 'unlimited'),
  ...http('http2MaxRequests', 'unlimited'),
  ...http('maxRequestsPerConnection'),
  ...http('maxRetries'),
  ...http('idleTimeout'),
  ...http('h2UpgradePolicy'),
  ...http('useClientProtocol'),
  ...http('maxConcurrentStreams'),
  ...outliers('consecutive5xxErrors', 'no ejection'),
  ...outliers('consecutiveGatewayErrors'),
  ...outliers('consecutiveLocalOriginFailures'),
  ...outliers('splitExternalLocalOriginErrors'),
  ...outliers('interval'),
  ...outliers('baseEjectionTime'),
  ...outliers('maxEjectionPercent'),
  ...outliers('minHealthPercent'),
  ...tls('mode', 'automatic mutual TLS'),
  ...tls('sni'),
  ...tls('credentialName'),
  ...tls('clientCertificate'),
  ...tls('caCertificates'),
  ...tls('insecureSkipVerify'),
];

function setting(
  name: string,
  block: BlockName,
  read: PolicySetting['read'],
  unset: string | undefined = undefined,
): PolicySetting {
  return { name, block, read, unset };
}

type Value = Located<string | number | boolean> | undefined;
/** Names of the fields of a block that hold a single value. */
type Field<Block> = { [K in keyof Block]-?: Block[K] extends Value ? K : never }[keyof Block] & string;
type Block<Name extends BlockName> = NonNullable<PolicyBlocks[Name]>;
type Tcp = NonNullable<Block<'connectionPool'>['tcp']>;
type Http = NonNullable<Block<'connectionPool'>['http']>;

function tcp(field: Field<Omit<Tcp, 'at'>>, unset?: string): readonly PolicySetting[] {
  const read: PolicySetting['read'] = ({ connectionPool }) => written(connectionPool?.tcp?.[field], 'unlimited');
  return [setting(`connectionPool.tcp.${field}`, 'connectionPool', read, unset)];
}

function http(field: Field<Omit<Http, 'at'>>, unset?: string): readonly PolicySetting[] {
  const read: PolicySetting['read'] = ({ connectionPool }) => written(connectionPool?.http?.[field], 'unlimited');
  return [setting(`connectionPool.http.${field}`, 'connectionPool', read, unset)];
}

function outliers(field: Field<Omit<Block<'outlierDetection'>, 'at'>>, unset?: string): readonly PolicySetting[] {
  const off = field.startsWith('consecutive') ? 'no ejection' : undefined;
  const read: PolicySetting['read'] = ({ outlierDetection }) => written(outlierDetection?.[field], off);
  return [setting(`outlierDetection.${field}`, 'outlierDetection', read, unset)];
}

function tls(field: Field<Omit<Block<'tls'>, 'at'>>, unset?: string): readonly PolicySetting[] {
  return [setting(`tls.${field}`, 'tls', blocks => written(blocks.tls?.[field]), unset)];
}

/** A written value; of a number that switches its setting off it is said what that means. */
function written(value: Value, off: string | undefined = undefined): WrittenValue | undefined {
  if (value === undefined) return undefined;
  const isOff = off !== undefined && typeof value.value === 'number' && value.value <= 0;
  return { text: isOff ? `${off} (${value.value})` : String(value.value), at: value };
}

function algorithm(loadBalancer: LoadBalancer | undefined): WrittenValue | undefined {
  const hash = loadBalancer?.consistentHash;
  return hash === undefined ? written(loadBalancer?.simple) : { text: hashText(hash), at: hash.at };
}

function hashText(hash: ConsistentHash): string {
  const { httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName } = hash;
  const key =
    httpHeaderName !== undefined
      ? ` on header ${httpHeaderName.value}`
      : httpCookie !== undefined
        ? ` on cookie ${httpCookie.name?.value ?? ''}`
        : useSourceIp?.value === true
          ? ' on the source address'
          : httpQueryParameterName !== undefined
            ? ` on query parameter ${httpQueryParameterName.value}`
            : '';
  return `consistent hash${key}${hash.maglev === undefined ? '' : ' (maglev)'}`;
}

function locality(loadBalancer: LoadBalancer | undefined): WrittenValue | undefined {
  const locality = loadBalancer?.localityLbSetting;
  if (locality === undefined) return undefined;
  if (locality.enabled?.value === false) return { text: 'off', at: locality.at };
  const parts = [
    ...(locality.distribute.length > 0 ? ['distribute'] : []),
    ...(locality.failover.length > 0 ? ['failover'] : []),
    ...(locality.failoverPriority.length > 0 ? ['failoverPriority'] : []),
  ];
  return { text: parts.length === 0 ? 'on' : parts.join(', '), at: locality.at };
}
