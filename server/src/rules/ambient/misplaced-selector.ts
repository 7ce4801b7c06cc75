import { mayBeOfGateway } from '../gateway-policies.ts';
import { isAmbient } from '../namespaces.ts';
import { asPolicy } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { l7Condition, usesWaypoint } from './modes.ts';

export const misplacedSelector = workspaceRule({
  id: 'ambient/misplaced-selector',
  severity: 'warning',
  on: ['Other'],
  codes: ['KIA0110', 'KIA1115', 'KIA1116', 'KIA1117'],
  summary: 'A policy that works on requests is attached by a selector, in a namespace in ambient mode.',
  why: 'A selector attaches it to the proxy of the node, which knows connections only. A waypoint takes what names it, or the service behind it, in `targetRefs`.',
  remedy: 'Name the Service, or the Gateway of the waypoint, in `targetRefs` in the place of the selector.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  selector: { matchLabels: { app: reviews } }
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  targetRefs: [{ group: '', kind: Service, name: reviews }]
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`,
  *check(resource, snapshot) {
    const { namespace } = resource;
    const { index, settings } = snapshot;
    if (namespace === settings.mesh.rootNamespace || isAmbient(index, namespace) !== true) return;
    // Without any waypoint that is what is missing, which another rule says.
    if (!usesWaypoint(index, namespace)) return;
    const kind = KINDS.find(candidate => asPolicy(resource, candidate) !== undefined);
    const policy = kind === undefined ? undefined : asPolicy(resource, kind);
    if (
      kind === undefined ||
      policy?.selectorAt === undefined ||
      (policy.selector?.length ?? 0) === 0 ||
      policy.targetRefs.length > 0
    )
      return;
    if (kind === 'AuthorizationPolicy' && l7Condition(policy) === undefined) return;
    if (mayBeOfGateway(policy, snapshot)) return;
    yield {
      at: policy.selectorAt,
      message: `namespace ${quoted(namespace)} is in ambient mode, where a selector does not attach ${kind === 'AuthorizationPolicy' ? 'conditions on requests' : `a ${kind}`} to a waypoint: write "targetRefs"`,
      codes: [CODES[kind]],
    };
  },
});

const CODES = {
  AuthorizationPolicy: 'KIA0110',
  RequestAuthentication: 'KIA1115',
  WasmPlugin: 'KIA1116',
  Telemetry: 'KIA1117',
} as const;
const KINDS = Object.keys(CODES) as readonly (keyof typeof CODES)[];
