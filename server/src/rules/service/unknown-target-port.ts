import type { Located } from '../../text/range.ts';
import { replaceString } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { isFloating, workloadsWith } from '../workloads.ts';

export const unknownTargetPort = workspaceRule({
  id: 'service/unknown-target-port',
  severity: 'warning',
  on: ['Service'],
  ignores: 'VirtualService',
  codes: ['KIA0701'],
  summary: 'A Service names a target port that no container of its workloads has.',
  why: 'Kubernetes finds no port of that name in the pods, so the Service has no endpoints for it and requests get 503 (UH).',
  remedy: 'Write the name of a container port, or its number. A number needs no declaration in the container.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80, targetPort: web }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec:
  template:
    metadata: { labels: { app: reviews } }
    spec: { containers: [{ name: reviews, image: reviews, ports: [{ name: http, containerPort: 9080 }] }] }
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec:
  template:
    metadata: { labels: { app: reviews } }
    spec: { containers: [{ name: reviews, image: reviews, ports: [{ name: http, containerPort: 9080 }] }] }
`,
  *check(service, { index }) {
    if (service.selector.length === 0 || (index.hasTemplates && !index.owns(service.namespace))) return;
    const workloads = workloadsWith(index, service.selector).filter(
      workload => workload.namespace === service.namespace || isFloating(workload) || isFloating(service),
    );
    // A part of a Deployment, such as a patch, names no ports at all.
    if (workloads.every(({ containerPorts }) => containerPorts.length === 0)) return;
    const names = [
      ...new Set(workloads.flatMap(({ containerPorts }) => containerPorts.map(({ name }) => name?.value ?? ''))),
    ].filter(name => name !== '');
    for (const { targetPort } of service.ports) {
      if (typeof targetPort?.value !== 'string' || /^\d+$/.test(targetPort.value) || names.includes(targetPort.value))
        continue;
      const guess = nearest(targetPort.value, names) ?? (names.length === 1 ? names[0] : undefined);
      yield {
        at: targetPort,
        message: `no container of the workloads of ${quoted(service.name)} has a port named ${quoted(targetPort.value)}${names.length === 0 ? '' : `, only ${allOf(names.map(quoted))}`}, so this port has no endpoints`,
        related: workloads
          .slice(0, 3)
          .map(({ nameAt, kind, name }) => ({ at: nameAt, message: `${kind} ${quoted(name)}` })),
        fixes:
          guess === undefined
            ? []
            : [
                {
                  title: `Change to "${guess}"`,
                  edits: [replaceString(service.document, targetPort as Located<string>, guess)],
                },
              ],
      };
    }
  },
});
