import type { Visit } from '../../schema/walk.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import { hasEntry, removeEntry } from '../edits.ts';
import { type Fix, ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { at } from './problems.ts';
import { renaming } from './renaming.ts';
import { visitsOf } from './visits.ts';

export const deprecatedField = resourceRule({
  id: 'schema/deprecated-field',
  severity: 'hint',
  on: ISTIO_TYPES,
  per: 'route',
  summary: 'A field that has a successor, or has lost its effect.',
  why: 'Istio keeps old fields for old files. Some still work, some do nothing any more, and a few are refused; the message says which.',
  remedy: 'Write the successor.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
      mirror: { host: ratings }
      mirrorPercent: 50
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
      mirror: { host: ratings }
      mirrorPercentage: { value: 50 }
`,
  *check(resource, { schemas }) {
    for (const visit of visitsOf(resource, schemas.facts)) {
      const { field, fieldName, type, entry, inMap } = visit;
      // The entries of an old list or map are old because it is.
      if (field.deprecated === undefined || entry === undefined || inMap || entry.key.source !== fieldName) continue;
      const { effect, outdone, ...traits } = TRAITS[`${type}.${fieldName}`] ?? {};
      const isOutdone = outdone === true && hasEntry(visit.object, field.deprecated);
      const fix = isOutdone ? removal(resource.document, visit) : renaming(resource.document, visit);
      yield {
        at: at(resource, entry.key),
        message: `${quoted(fieldName)} is deprecated${isOutdone ? ` and ignored beside ${quoted(field.deprecated)}` : rest(effect, field.deprecated)}`,
        deprecated: true,
        fixes: fix === undefined ? [] : [fix],
        ...traits,
        ...(traits.severity === 'warning' && isBelowPolicy(visit) ? { severity: 'hint', codes: [] } : {}),
      };
    }
  },
});

/** Istio's validation forgets the warnings that it has for the policies of subsets and of single ports. */
function isBelowPolicy({ path }: Visit): boolean {
  return path.includes('subsets') || path.includes('portLevelSettings');
}

function rest(effect: string | undefined, successor: string): string {
  return `${effect === undefined ? '' : ` and ${effect}`}${successor === '' ? '' : `; write ${quoted(successor)}`}`;
}

function removal(document: YamlDocument, { object, fieldName }: Visit): Fix | undefined {
  const edit = removeEntry(document, object, fieldName);
  return edit === undefined ? undefined : { title: `Remove "${fieldName}"`, edits: [edit], preferred: true };
}

interface Traits {
  /** What Istio does with it, if not what it says. */
  readonly effect?: string;
  /** The successor counts when both are there. */
  readonly outdone?: true;
  readonly severity?: 'error' | 'warning';
  readonly codes?: readonly string[];
  readonly refuses?: boolean;
}

/** What Istio does with old fields that are not simply another spelling (`VALIDATION.md` part 1). */
const TRAITS: Readonly<Record<string, Traits>> = {
  'HTTPRoute.mirrorPercent': { outdone: true, severity: 'warning', codes: ['IST0133', 'VS-49'] },
  'HTTPRoute.mirror_percent': { outdone: true, severity: 'warning', codes: ['IST0133', 'VS-49'] },
  'FaultDelay.percent': { outdone: true, severity: 'warning', codes: ['IST0002'] },
  'LoadBalancerSettings.warmupDurationSecs': { outdone: true },
  'FaultDelay.exponentialDelay': { effect: 'refused', severity: 'error', codes: ['IST0106', 'VS-47'], refuses: true },
  'FaultAbort.http2Error': { effect: 'refused', severity: 'error', codes: ['IST0106', 'VS-42'], refuses: true },
  'OutlierDetection.consecutiveErrors': { effect: 'has no effect', severity: 'warning', codes: ['IST0133', 'DR-13'] },
  'ConsistentHashLB.minimumRingSize': { severity: 'warning', codes: ['IST0133', 'DR-33'] },
  'ServerPort.targetPort': { effect: 'refused', severity: 'error', codes: ['IST0106', 'GW-11'], refuses: true },
  'SidecarPort.targetPort': {
    effect: 'refused',
    severity: 'error',
    codes: ['IST0106', 'SC-05', 'SC-25'],
    refuses: true,
  },
  'OutboundTrafficPolicy.egressProxy': { severity: 'warning', codes: ['IST0002'] },
  'ListenerMatch.portName': { effect: 'has no effect', severity: 'warning' },
};
