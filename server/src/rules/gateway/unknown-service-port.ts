import { workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { servicesOf } from '../workload/services.ts';
import { hasLabels, workloadsWith } from '../workloads.ts';

export const unknownServicePort = workspaceRule({
  id: 'gateway/unknown-service-port',
  severity: 'warning',
  on: ['Gateway'],
  ignores: 'VirtualService',
  codes: ['IST0162'],
  summary: 'A server listens on a port that no Service of the gateway workload opens.',
  why: 'The proxy listens, but nobody gets to the port from outside: the load balancer knows only the ports of the Service.',
  remedy: 'Add the port to the Service of the gateway, or use one that it has.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: infra }
spec: { template: { metadata: { labels: { istio: ingress } } } }
---
apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: infra }
spec: { type: LoadBalancer, selector: { istio: ingress }, ports: [{ name: http2, port: 80, targetPort: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers:
    - port: { number: 8443, name: http, protocol: HTTP }
      hosts: [shop.example.com]
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: infra }
spec: { template: { metadata: { labels: { istio: ingress } } } }
---
apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: infra }
spec: { type: LoadBalancer, selector: { istio: ingress }, ports: [{ name: http2, port: 80, targetPort: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop.example.com]
`,
  *check(gateway, { index }) {
    const workloads = workloadsWith(index, gateway.selector);
    const services = workloads.flatMap(workload => servicesOf(index, workload));
    // Another Service of theirs may be kept elsewhere; one that is here is the usual case, and the whole of it.
    if (
      services.length === 0 ||
      index.hasTemplates ||
      !workloads.every(({ podLabels }) => hasLabels(podLabels, gateway.selector))
    )
      return;
    const ports = services.flatMap(service => service.ports);
    const open = new Set(ports.flatMap(({ number, targetPort }) => [number?.value, targetPort?.value]));
    for (const { port } of gateway.servers) {
      const number = port?.number;
      if (number === undefined || open.has(number.value)) continue;
      const numbers = [...new Set(ports.map(port => port.number?.value).filter(value => value !== undefined))].sort(
        (a, b) => a - b,
      );
      yield {
        at: number,
        message: `no Service of the gateway workload opens port ${number.value}, only ${allOf(numbers.map(String))}: nobody gets to this server from outside`,
        related: [...new Set(services)].slice(0, 3).map(({ nameAt, name, namespace }) => ({
          at: nameAt,
          message: `Service ${quoted(name)} in namespace ${quoted(namespace)}`,
        })),
      };
    }
  },
});
