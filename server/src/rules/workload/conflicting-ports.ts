import { isInMesh, labelOf } from '../namespaces.ts';
import { workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { servicesOf } from './services.ts';

export const conflictingPorts = workspaceRule({
  id: 'workload/conflicting-ports',
  severity: 'warning',
  on: ['Workload'],
  ignores: 'VirtualService',
  codes: ['IST0137'],
  summary: 'Two Services map different ports to one port of a workload.',
  why: 'The sidecar of the workload makes one inbound listener for the container port and takes its protocol and settings from one of the two; which one is not defined.',
  remedy: 'Use the same `port` in both Services, or one Service.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80, targetPort: 9080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: reviews-admin, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 8080, targetPort: 9080 }] }
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec: { template: { metadata: { labels: { app: reviews } } } }
---
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80, targetPort: 9080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: reviews-admin, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80, targetPort: 9080 }] }
`,
  *check(workload, { index }) {
    if (isInMesh(index, workload) !== true || labelOf(workload.labels, 'gateway.istio.io/managed') !== undefined)
      return;
    const ports = servicesOf(index, workload).flatMap(service => service.ports.map(port => ({ service, ...port })));
    const targets = new Map<string, typeof ports>();
    for (const port of ports) {
      const target = String(port.targetPort?.value ?? port.number?.value ?? '');
      targets.set(target, [...(targets.get(target) ?? []), port]);
    }
    for (const [target, same] of targets) {
      const numbers = [...new Set(same.map(({ number }) => number?.value))].filter(number => number !== undefined);
      if (target === '' || numbers.length < 2) continue;
      yield {
        at: workload.nameAt,
        message: `the ports ${allOf(numbers.sort((a, b) => a - b).map(String))} of ${allOf([...new Set(same.map(({ service }) => quoted(service.name)))])} all lead to port ${quoted(target)} of this workload, and its sidecar takes protocol and settings from one of them`,
        related: same.map(({ at, number, service }) => ({
          at: number ?? at,
          message: `Service ${quoted(service.name)}`,
        })),
      };
    }
  },
});
