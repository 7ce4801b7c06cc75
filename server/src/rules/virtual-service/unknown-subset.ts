import type { DestinationRule } from '../../model/destination-rule.ts';
import type { Destination, VirtualService } from '../../model/virtual-service.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { createSubset } from '../create.ts';
import { replaceString } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Fix, type Note, workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { type NamedDestination, namedDestinations } from './named-destinations.ts';

/** More subsets than this are not offered one by one. */
const MAX_OFFERS = 4;

export const unknownSubset = workspaceRule({
  id: 'virtual-service/unknown-subset',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  codes: ['IST0101', 'KIA1107'],
  summary: 'A route leads to a subset that no DestinationRule of the host defines.',
  why: 'The cluster of the subset does not exist, so Envoy answers 503 (NC): requests do not fall back to the whole service.',
  remedy: 'Correct the name, or define the subset in the DestinationRule of the host.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews, subset: v2 } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews, subset: v1 } }]
`,
  *check(vs, snapshot) {
    const { references } = snapshot;
    for (const named of namedDestinations(vs)) {
      const { host, subset } = named.destination;
      if (host === undefined || subset === undefined || subset.value === '') continue;
      if (references.subset(host.value, subset.value, vs.namespace, vs).outcome !== 'missing') continue;
      const rules = references.rulesFor(host.value, vs.namespace);
      const defined = subsetsOf(rules);
      yield {
        at: subset,
        message: `${reasonOf(host.value, subset.value, rules, defined)}, so ${named.effect}`,
        // A rule without the subset is proof; no rule at all may also be kept elsewhere.
        ...(rules.length > 0 || snapshot.index.owns(vs.namespace) ? {} : { severity: 'warning' as const }),
        related: rules.map(noteOf),
        fixes: [...fixesFor(vs, named, defined), ...created(vs, named, snapshot)],
      };
    }
  },
});

function subsetsOf(rules: readonly DestinationRule[]): readonly string[] {
  const names = rules.flatMap(rule => rule.subsets.map(subset => subset.name?.value ?? ''));
  return [...new Set(names)].filter(name => name !== '');
}

function reasonOf(host: string, subset: string, rules: readonly DestinationRule[], defined: readonly string[]): string {
  if (rules.length === 0) return `${quoted(host)} has no DestinationRule, and therefore no subset ${quoted(subset)}`;
  const reason = `no DestinationRule for ${quoted(host)} defines the subset ${quoted(subset)}`;
  if (defined.length === 0) return `${reason} or any other`;
  return `${reason}, only ${allOf(defined.map(quoted))}`;
}

function noteOf(rule: DestinationRule): Note {
  return { at: rule.host ?? rule.nameAt, message: `DestinationRule ${quoted(rule.name)} is for this host` };
}

function fixesFor(
  vs: VirtualService,
  { destination, siblings }: NamedDestination,
  defined: readonly string[],
): readonly Fix[] {
  const { host, subset } = destination;
  if (subset === undefined) return [];
  const sameHost = (other: Destination): boolean => other !== destination && other.host?.value === host?.value;
  const used = new Set(siblings.filter(sameHost).map(other => other.subset?.value));
  const free = defined.filter(name => !used.has(name));
  const guess = nearest(subset.value, free);
  const offers = guess !== undefined ? [guess] : free.length <= MAX_OFFERS ? free : [];
  const preferred = offers.length === 1 ? { preferred: true } : {};
  return offers.map(name => ({
    title: `Change to "${name}"`,
    edits: [replaceString(vs.document, subset, name)],
    ...preferred,
  }));
}

function created(vs: VirtualService, { destination }: NamedDestination, snapshot: Snapshot): readonly Fix[] {
  const { host, subset } = destination;
  const fix =
    host === undefined || subset === undefined ? undefined : createSubset(vs, host.value, subset.value, snapshot);
  return fix === undefined ? [] : [fix];
}
