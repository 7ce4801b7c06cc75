import type { Gateway } from '../../model/gateway.ts';
import type { Secret } from '../../model/kubernetes.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { workspaceRule } from '../rule.ts';
import { allOf, oneOf, quoted } from '../words.ts';
import { isFloating, workloadsWith } from '../workloads.ts';

export const unknownSecret = workspaceRule({
  id: 'gateway/unknown-secret',
  severity: 'error',
  on: ['Gateway'],
  ignores: 'VirtualService',
  codes: ['IST0101'],
  summary: 'The Secret of a server is not in the namespace of the gateway workload.',
  why: 'The gateway reads its certificates from its own namespace, not from that of the Gateway resource. Without the Secret it does not open the server, and connections are reset.',
  remedy: 'Create the Secret in the namespace in which the gateway’s pods run, or correct its name.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: infra }
spec: { template: { metadata: { labels: { istio: ingress } } } }
---
apiVersion: v1
kind: Secret
metadata: { name: shop-cert, namespace: shop }
data: { tls.crt: '', tls.key: '' }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-cert }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: infra }
spec: { template: { metadata: { labels: { istio: ingress } } } }
---
apiVersion: v1
kind: Secret
metadata: { name: shop-cert, namespace: infra }
data: { tls.crt: '', tls.key: '' }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: shop-cert }
`,
  *check(gateway, snapshot) {
    const { index } = snapshot;
    const places = gatewayNamespaces(gateway, snapshot);
    if (places === undefined) return;
    for (const { tls } of gateway.servers) {
      for (const name of [tls?.credentialName, ...(tls?.credentialNames ?? [])]) {
        // Names with a scheme come from elsewhere than from a Secret.
        if (name === undefined || name.value === '' || name.value.includes('://')) continue;
        const secrets = index.all('Secret');
        const same = secrets.filter(secret => secret.name === name.value || secret.name === `${name.value}-cacert`);
        if (same.some(secret => isFloating(secret) || places.includes(secret.namespace))) continue;
        const isOwned = places.every(place => index.owns(place));
        if (!isOwned && (same.length === 0 || index.hasTemplates)) continue;
        const guess =
          same.length > 0
            ? undefined
            : nearest(
                name.value,
                secrets.filter(secret => places.includes(secret.namespace)).map(secret => secret.name),
              );
        const elsewhere =
          same.length === 0 ? '' : `, only in ${allOf([...new Set(same.map(({ namespace }) => quoted(namespace)))])}`;
        yield {
          at: name,
          message: `there is no Secret ${quoted(name.value)} in ${oneOf(places.map(quoted))}, where the gateway's pods run${elsewhere}; the server is not opened without it`,
          related: same.map((secret: Secret) => ({
            at: secret.nameAt,
            message: `Secret in namespace ${quoted(secret.namespace)}`,
          })),
          // A Secret that is kept elsewhere may well be copied by a controller.
          ...(isOwned ? {} : { severity: 'warning' as const }),
          fixes: guess === undefined ? [] : [changeTo(gateway.document, name, guess)],
        };
      }
    }
  },
});

/** The namespaces of the pods that a Gateway selects; `undefined` where the workspace does not tell. */
function gatewayNamespaces(gateway: Gateway, { index, settings }: Snapshot): readonly string[] | undefined {
  const workloads = workloadsWith(index, gateway.selector);
  if (workloads.length > 0) {
    return workloads.some(isFloating) ? undefined : [...new Set(workloads.map(({ namespace }) => namespace))];
  }
  const { gatewayNamespace } = settings.mesh;
  return index.owns(gatewayNamespace) ? [gatewayNamespace] : undefined;
}
