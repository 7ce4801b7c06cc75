import type { TypedResource } from '../../model/decode.ts';
import { isAmbient } from '../namespaces.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const ineffectiveWaypoint = workspaceRule({
  id: 'ambient/ineffective-waypoint',
  severity: 'warning',
  on: ['Namespace', 'Service'],
  codes: ['KIA1312'],
  summary: 'A waypoint is asked for where nothing is in ambient mode.',
  why: 'Only the proxies of ambient mode, and gateways, send through a waypoint: the label has no effect for a namespace that is not in it.',
  remedy: 'Label the namespace `istio.io/dataplane-mode: ambient`, or remove the label.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled, istio.io/use-waypoint: waypoint } }
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
`,
  *check(resource: TypedResource, { index }) {
    const label = resource.labels.find(({ key }) => key.value === 'istio.io/use-waypoint');
    const namespace = resource.type === 'Namespace' ? resource.name : resource.namespace;
    if (
      label === undefined ||
      label.value.value === 'none' ||
      resource.labels.some(({ key }) => key.value === 'istio.io/ingress-use-waypoint')
    )
      return;
    // A pod may be in ambient mode by itself, so only a namespace with sidecars is sure.
    const labels = index.find('Namespace', `/${namespace}`)[0]?.labels ?? [];
    const hasSidecars = labels.some(({ key, value }) => key.value === 'istio-injection' && value.value === 'enabled');
    if (isAmbient(index, namespace) !== false || !hasSidecars) return;
    yield {
      at: label.key,
      message: `namespace ${quoted(namespace)} has sidecars and is not in ambient mode, so no request goes through the waypoint ${quoted(label.value.value)}`,
    };
  },
});
