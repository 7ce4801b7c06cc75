import { Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { TARGETING } from './selectors.ts';

const WAYS = ['selector', 'workloadSelector', 'targetRef', 'targetRefs'] as const;

export const conflictingTargets = resourceRule({
  id: 'selector/conflicting-targets',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'COM-39', 'CEL-02'],
  summary: 'A policy that chooses its workloads in two ways.',
  why: 'A selector names workloads by their labels, a target reference names a Gateway or a Service. The API server and Istio refuse both in one policy.',
  remedy: 'Keep one of them, or write two policies.',
  invalid: `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens }
spec:
  selector: { matchLabels: { app: reviews } }
  targetRefs: [{ kind: Gateway, group: gateway.networking.k8s.io, name: public }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens }
spec:
  targetRefs: [{ kind: Gateway, group: gateway.networking.k8s.io, name: public }]
`,
  *check(resource) {
    const spec = Fields.spec(resource, ...Object.keys(TARGETING));
    if (spec === undefined) return;
    const set = WAYS.filter(way => spec.has(way) && !(way === 'targetRefs' && spec.isEmptyList(way)));
    if (set.length < 2) return;
    const [first, ...others] = set.map(way => ({ way, at: spec.key(way) })).sort((a, b) => a.at.start - b.at.start);
    const last = others.at(-1);
    if (first === undefined || last === undefined) return;
    // Istio's own validation does not look at this in EnvoyFilters.
    const isEnvoyFilter = resource.kind === 'EnvoyFilter';
    yield {
      at: last.at,
      message: `${allOf(set.map(quoted))} exclude each other: a policy chooses its workloads in one way`,
      related: [{ at: first.at, message: 'the first one' }],
      ...(isEnvoyFilter
        ? { codes: ['CEL-02'], refuses: false }
        : refused(...(TARGETING[resource.kind] ?? []), 'COM-39', 'CEL-02')),
    };
  },
});
