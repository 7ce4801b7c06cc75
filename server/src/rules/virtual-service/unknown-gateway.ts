import { resolveGatewayName } from '../../model/host.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import { Groups } from '../../workspace/reads.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { createGateway } from '../create.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const unknownGateway = workspaceRule({
  id: 'virtual-service/unknown-gateway',
  severity: 'error',
  on: ['VirtualService'],
  ignores: 'VirtualService',
  codes: ['IST0101', 'KIA1102'],
  summary: 'A VirtualService is bound to a Gateway that does not exist.',
  why: 'Its routes are attached to no listener of that Gateway, so requests from outside get 404.',
  remedy:
    'Correct the name. A name alone means a Gateway in the namespace of the VirtualService; one elsewhere is written `NAMESPACE/NAME`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [pubic]
  http:
    - route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  *check(vs, snapshot) {
    for (const name of vs.gateways) {
      if (snapshot.references.gateway(name.value, vs.namespace).outcome === 'missing')
        yield finding(vs, snapshot, name);
    }
  },
});

function finding(vs: VirtualService, snapshot: Snapshot, written: Located<string>): Finding {
  const key = resolveGatewayName(written.value, vs.namespace);
  const slash = key.indexOf('/');
  const [namespace, name] = [key.slice(0, slash), key.slice(slash + 1)];
  const { index } = snapshot;
  const neighbors = index.group(namesByNamespace, namespace) ?? [];
  const elsewhere = index.group(namespacesByName, name)?.[0];
  const guess = nearest(name, neighbors);
  const likely = elsewhere !== undefined ? `${elsewhere}/${name}` : guess !== undefined ? `${namespace}/${guess}` : '';
  const meant = index.gateway(likely);
  const reason = `no Gateway ${quoted(name)} in namespace ${quoted(namespace)}, so nothing comes through it`;
  // A namesake elsewhere is a strong sign, and no proof: another may exist in the namespace that is meant.
  const isSure = neighbors.length > 0 || snapshot.index.owns(namespace);
  const severity = isSure ? {} : { severity: 'warning' as const };
  const creation = isSure && meant === undefined ? createGateway(vs, key, snapshot) : undefined;
  const fixes = creation === undefined ? [] : [creation];
  if (meant === undefined) return { at: written, message: reason, ...severity, fixes };
  const text =
    meant.namespace === vs.namespace && !written.value.includes('/') ? meant.name : `${meant.namespace}/${meant.name}`;
  const place =
    meant.name === name
      ? `; one of this name is in namespace ${quoted(meant.namespace)}`
      : `; did you mean ${quoted(text)}?`;
  return {
    at: written,
    message: `${reason}${place}`,
    ...severity,
    related: [{ at: meant.nameAt, message: `Gateway ${quoted(meant.name)} in namespace ${quoted(meant.namespace)}` }],
    fixes: vs.gateways.some(other => other.value === text)
      ? []
      : [{ ...changeTo(vs.document, written, text), preferred: true }, ...fixes],
  };
}

/** Names alone: what else of a Gateway changes is nothing to those who miss one. */
const namesByNamespace = Groups.of('Gateway', ({ namespace, name }) => [[namespace, name]]);
const namespacesByName = Groups.of('Gateway', ({ namespace, name }) => [[name, namespace]]);
