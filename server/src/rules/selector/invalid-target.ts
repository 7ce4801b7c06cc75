import { changeTo, removeEntry } from '../edits.ts';
import { Fields, refused } from '../fields.ts';
import { nearest } from '../nearest.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';
import { TARGETING } from './selectors.ts';

/** What a policy may point at: kind and group; the version does not count (Istio `allowedTargetRefs`). */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  Service: ['', 'core'],
  ServiceEntry: ['networking.istio.io'],
  Gateway: ['gateway.networking.k8s.io'],
  GatewayClass: ['gateway.networking.k8s.io'],
};

export const invalidTarget = resourceRule({
  id: 'selector/invalid-target',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'COM-41', 'COM-42', 'CEL-10'],
  summary: 'A target reference to something that a policy cannot be attached to.',
  why: 'A policy may point at a Service, a ServiceEntry, a Gateway or a GatewayClass of the Gateway API, in its own namespace. Istio refuses any other reference.',
  remedy: 'Correct group and kind, and leave the namespace out: put the policy into the namespace of its target.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  targetRefs: [{ kind: Gateway, group: networking.istio.io, name: public }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  targetRefs: [{ kind: Gateway, group: gateway.networking.k8s.io, name: public }]
`,
  *check(resource) {
    const spec = Fields.spec(resource, ...Object.keys(TARGETING).filter(kind => kind !== 'EnvoyFilter'));
    if (spec === undefined) return;
    const single = spec.object('targetRef');
    const ids = TARGETING[resource.kind] ?? [];
    for (const target of [...(single === undefined ? [] : [single]), ...spec.objects('targetRefs')]) {
      yield* judge(target, ids);
    }
  },
});

function* judge(target: Fields, ids: readonly string[]): Generator<Finding> {
  const namespace = target.string('namespace');
  if (namespace !== undefined && namespace.value !== '') {
    const edit = removeEntry(target.document, target.map, 'namespace');
    yield {
      at: namespace,
      message:
        'a policy points only at what is in its own namespace: put it into that of its target, and leave "namespace" out',
      fixes: edit === undefined ? [] : [{ title: 'Remove "namespace"', edits: [edit] }],
      ...refused(...ids, 'COM-41', 'CEL-10'),
    };
  }
  const kind = target.string('kind');
  // Without a kind, or with one that is none, the schema speaks.
  if (kind === undefined || !/^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(kind.value)) return;
  const groups = TARGETS[kind.value];
  const group = target.string('group');
  if (groups === undefined) {
    const meant = nearest(kind.value, Object.keys(TARGETS));
    yield {
      at: kind,
      message: `a policy cannot be attached to ${quoted(kind.value)}: it takes Gateway, GatewayClass, Service or ServiceEntry${orMeant(meant)}`,
      ...refused(...ids, 'COM-42'),
    };
  } else if (!groups.includes(group?.value ?? '') && /^[a-z0-9.-]*$/.test(group?.value ?? '')) {
    const meant = groups[0] ?? '';
    const reason = meant === '' ? 'without a group' : `of the group ${quoted(meant)}`;
    yield {
      at: group ?? kind,
      message: `a policy is attached to the ${kind.value} ${reason}${group === undefined ? ', and no group means that of Services' : `, not of ${quoted(group.value)}`}`,
      fixes:
        group === undefined || meant === '' ? [] : [{ ...changeTo(target.document, group, meant), preferred: true }],
      ...refused(...ids, 'COM-42'),
    };
  }
}
