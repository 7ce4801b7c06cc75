import { asPolicy, type PolicyKind } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { type LabelList, workloadsWith } from '../workloads.ts';

const KINDS: readonly PolicyKind[] = ['AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'];
/** Labels that Istio gives the pods that it makes for a Kubernetes Gateway. */
const LABELS: readonly string[] = ['gateway.networking.k8s.io/gateway-name', 'istio.io/gateway-name'];

export const ineffectiveGateway = workspaceRule({
  id: 'selector/ineffective-gateway',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0166'],
  summary: 'A policy selects the pods of a Kubernetes Gateway.',
  why: 'For the pods that Istio makes for a Kubernetes Gateway selectors do not count: the policy has no effect there.',
  remedy: 'Name the Gateway in `targetRefs` in the place of the selector.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: public }
spec:
  selector: { matchLabels: { gateway.networking.k8s.io/gateway-name: public } }
  rules: [{ from: [{ source: { namespaces: [shop] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: public }
spec:
  targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: public }]
  rules: [{ from: [{ source: { namespaces: [shop] } }] }]
`,
  *check(resource, { index }) {
    const policy = KINDS.map(kind => asPolicy(resource, kind)).find(found => found !== undefined);
    if (policy === undefined || policy.targetRefs.length > 0) return;
    const { selector = [] } = policy;
    const gatewayOf = (labels: LabelList): LabelList[number] | undefined =>
      labels.find(({ key }) => LABELS.includes(key.value));
    const pods = workloadsWith(index, selector).filter(workload => workload.namespace === resource.namespace);
    const label =
      gatewayOf(selector) ?? pods.map(({ podLabels }) => gatewayOf(podLabels)).find(found => found !== undefined);
    if (label === undefined) return;
    yield {
      at: policy.selectorAt ?? resource.nameAt,
      message: `a selector does not count for the pods of the Kubernetes Gateway ${quoted(label.value.value)}: name the Gateway in "targetRefs"`,
    };
  },
});
