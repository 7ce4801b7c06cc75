import { isInMesh, labelOf } from '../namespaces.ts';
import { workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { servicesOf } from './services.ts';

export const conflictingServices = workspaceRule({
  id: 'workload/conflicting-services',
  severity: 'warning',
  on: ['Workload'],
  ignores: 'VirtualService',
  codes: ['IST0116'],
  summary: 'A workload with several Services that use one port with different transport protocols.',
  why: 'A sidecar has one inbound listener for a port: it cannot be TCP for one Service and UDP for another.',
  remedy: 'Give the Services different port numbers, or one of them another workload.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: dns, namespace: shop }
spec: { template: { metadata: { labels: { app: dns } } } }
---
apiVersion: v1
kind: Service
metadata: { name: dns-tcp, namespace: shop }
spec: { selector: { app: dns }, ports: [{ name: tcp, port: 5353 }] }
---
apiVersion: v1
kind: Service
metadata: { name: dns-udp, namespace: shop }
spec: { selector: { app: dns }, ports: [{ name: udp, port: 5353, protocol: UDP }] }
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: dns, namespace: shop }
spec: { template: { metadata: { labels: { app: dns } } } }
---
apiVersion: v1
kind: Service
metadata: { name: dns-tcp, namespace: shop }
spec: { selector: { app: dns }, ports: [{ name: tcp, port: 5353 }] }
---
apiVersion: v1
kind: Service
metadata: { name: dns-udp, namespace: shop }
spec: { selector: { app: dns }, ports: [{ name: udp, port: 5354, protocol: UDP }] }
`,
  *check(workload, { index }) {
    if (isInMesh(index, workload) !== true || labelOf(workload.labels, 'gateway.istio.io/managed') !== undefined)
      return;
    const services = servicesOf(index, workload);
    const ports = services.flatMap(service => service.ports.map(port => ({ service, ...port })));
    const numbers = new Set(ports.map(({ number }) => number?.value).filter(number => number !== undefined));
    for (const number of numbers) {
      const same = ports.filter(port => port.number?.value === number);
      const protocols = new Set(same.map(({ protocol }) => protocol?.value ?? 'TCP'));
      // One Service may well have both for a port: Kubernetes' own DNS does.
      if (protocols.size < 2 || new Set(same.map(({ service }) => service)).size < 2) continue;
      yield {
        at: workload.nameAt,
        message: `the Services ${allOf(same.map(({ service }) => quoted(service.name)))} of this workload use port ${number} with different protocols (${allOf([...protocols])}), which one sidecar cannot serve`,
        related: same.map(({ at, service, protocol }) => ({
          at: protocol ?? at,
          message: `Service ${quoted(service.name)}`,
        })),
      };
    }
  },
});
