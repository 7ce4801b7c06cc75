import { formatDuration } from '../model/duration.ts';
import { child, itemsOf, type YamlNode } from '../yaml/node.ts';
import { type HoverPoint, objectType } from './hover-point.ts';
import { blocks, bold, code, table, warning } from './markdown.ts';
import { durationOf, flagOf, numberOf, setting } from './node-values.ts';

const DEFAULT_FAILURES = 5;
const DEFAULT_INTERVAL = 10_000;
const DEFAULT_EJECTION_TIME = 30_000;
/** Envoy's `max_ejection_time`, which Istio does not set. */
const MAX_EJECTION_TIME = 300_000;
const DEFAULT_EJECTION_PERCENT = 10;

/**
 * On `outlierDetection`: all settings with the defaults of Istio and Envoy filled in, and what they will do
 * (`PILOT.md` 8.7; Envoy `OutlierDetection`).
 */
export function outlierHover(point: HoverPoint): string | undefined {
  if (point.on !== 'key' || objectType(point) !== 'OutlierDetection') return undefined;
  const node = point.value;
  if (node?.kind !== 'map') return undefined;
  const effective = effectiveOutlier(node);
  return blocks([bold('With the defaults filled in:'), settingsTable(node, effective), sentences(effective)]);
}

interface EffectiveOutlier {
  /** Failures in a row; 0: this detector is off. */
  readonly any5xx: number;
  readonly gateway: number;
  readonly local: number;
  readonly split: boolean;
  readonly codes: readonly string[];
  readonly interval: number;
  readonly ejection: number;
  readonly percent: number;
  readonly health: number;
}

function effectiveOutlier(node: YamlNode): EffectiveOutlier {
  const split = flagOf(node, 'splitExternalLocalOriginErrors') ?? false;
  return {
    any5xx: numberOf(node, 'consecutive5xxErrors') ?? DEFAULT_FAILURES,
    gateway: numberOf(node, 'consecutiveGatewayErrors') ?? 0,
    local: split ? numberOf(node, 'consecutiveLocalOriginFailures') || DEFAULT_FAILURES : 0,
    split,
    codes: itemsOf(child(node, 'outlierDetectionHttpErrorCodes')).flatMap(item =>
      item.kind === 'scalar' ? [item.source] : [],
    ),
    interval: durationOf(node, 'interval') ?? DEFAULT_INTERVAL,
    ejection: durationOf(node, 'baseEjectionTime') ?? DEFAULT_EJECTION_TIME,
    percent: numberOf(node, 'maxEjectionPercent') || DEFAULT_EJECTION_PERCENT,
    health: numberOf(node, 'minHealthPercent') ?? 0,
  };
}

function settingsTable(node: YamlNode, effective: EffectiveOutlier): string {
  const count = (value: number): string => (value > 0 ? `${value} in a row` : 'off');
  const rows = [
    setting(node, 'consecutive5xxErrors', count(effective.any5xx)),
    setting(node, 'consecutiveGatewayErrors', count(effective.gateway)),
    setting(node, 'splitExternalLocalOriginErrors', String(effective.split)),
    setting(node, 'consecutiveLocalOriginFailures', effective.split ? count(effective.local) : 'counted as 5xx'),
    setting(node, 'interval', formatDuration(effective.interval)),
    setting(node, 'baseEjectionTime', formatDuration(effective.ejection)),
    setting(node, 'maxEjectionPercent', `${effective.percent} %`),
    setting(node, 'minHealthPercent', effective.health > 0 ? `${effective.health} %` : '0: never'),
  ];
  if (effective.codes.length > 0)
    rows.push(setting(node, 'outlierDetectionHttpErrorCodes', effective.codes.join(', ')));
  return table(['setting', 'value', 'from'], rows);
}

function sentences(effective: EffectiveOutlier): string {
  const detectors = detectorTexts(effective);
  if (detectors.length === 0) return warning('No detector is on: no host is ever ejected.');
  return blocks([
    `Each client proxy takes a host out of load balancing after ${detectors.join(', or ')}. ${timeText(effective)} Every ${formatDuration(effective.interval)} the proxy looks who may come back.`,
    shareText(effective),
    healthText(effective),
    idleGatewayDetector(effective)
      ? warning(
          '`consecutiveGatewayErrors` never gets its turn: `consecutive5xxErrors` counts the same errors and is not higher.',
        )
      : undefined,
  ]);
}

function detectorTexts({ any5xx, gateway, local, split, codes }: EffectiveOutlier): string[] {
  const broken = split ? '' : ', no connection or timeout';
  const errors = codes.length === 0 ? '5xx' : `status ${codes.join(', ')}`;
  return [
    ...(any5xx > 0 ? [`${any5xx} failures in a row (${errors}${broken})`] : []),
    ...(gateway > 0 ? [`${gateway} gateway errors in a row (502, 503, 504${broken})`] : []),
    ...(local > 0 ? [`${local} failed connections in a row`] : []),
  ];
}

function idleGatewayDetector({ any5xx, gateway, codes }: EffectiveOutlier): boolean {
  return codes.length === 0 && any5xx > 0 && gateway >= any5xx;
}

/** The time grows step by step and is capped. */
function timeText({ ejection }: EffectiveOutlier): string {
  const cap = Math.max(MAX_EJECTION_TIME, ejection);
  const [first = '', second = '', third = ''] = [1, 2, 3].map(times => formatDuration(Math.min(cap, times * ejection)));
  if (first === second) return `It stays out for ${bold(first)} each time.`;
  if (second === third) return `It stays out for ${bold(first)}, then for ${second} each time it fails again.`;
  return `It stays out for ${bold(first)}, then ${second}, ${third} and so on if it fails again, at most ${formatDuration(cap)}.`;
}

/** Envoy (since 1.28) looks at the share that would be out after the ejection. */
function shareText({ percent, health }: EffectiveOutlier): string {
  if (percent >= 100)
    return health > 0 ? 'All hosts may be out at once.' : 'All hosts may be out at once; then requests get 503 (`UH`).';
  const needed = Math.ceil(100 / percent);
  const most = `At most ${bold(`${percent} %`)} of the hosts are out at once`;
  return needed <= 2
    ? `${most}; with a single host nothing is ejected.`
    : warning(`${most}: with ${bold(`fewer than ${needed} hosts`)} nothing is ever ejected.`);
}

function healthText({ health, percent }: EffectiveOutlier): string | undefined {
  if (health <= 0) return undefined;
  const panic = `When less than ${health} % are healthy, ejections are ignored, and requests go to all hosts, broken ones too.`;
  return percent + health > 100
    ? `${panic} So only up to ${100 - health} % can really be out, although ${code('maxEjectionPercent')} allows ${percent} %.`
    : panic;
}
