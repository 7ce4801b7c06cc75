import type { Located } from '../../text/range.ts';
import { replaceString } from '../edits.ts';
import { asPolicy, authorizationRules } from '../policies.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { mistakenPort } from './targets.ts';

export const misplacedPort = workspaceRule({
  id: 'authorization-policy/misplaced-port',
  severity: 'warning',
  on: ['Other'],
  summary: 'A policy asks for the port of a Service, where the port of the workload counts.',
  why: 'The sidecar of the workload checks the port on which the request arrives, which is the `targetPort`. With the port of the Service an ALLOW rule never fits, so that everything is refused, and a DENY rule lets everything through.',
  remedy: 'Write the port on which the container listens.',
  invalid: `
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
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  selector: { matchLabels: { app: reviews } }
  rules: [{ to: [{ operation: { ports: ['80'] } }] }]
`,
  valid: `
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
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: shop }
spec:
  selector: { matchLabels: { app: reviews } }
  rules: [{ to: [{ operation: { ports: ['9080'] } }] }]
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    for (const { to, when } of authorizationRules(policy)) {
      const fields = to
        .flatMap(operation => operation.fields)
        .filter(({ key }) => key.value === 'ports' || key.value === 'notPorts');
      const keys = when.filter(({ key }) => key?.value === 'destination.port');
      for (const port of [
        ...fields.flatMap(({ value }) => value),
        ...keys.flatMap(({ values, notValues }) => [...values, ...notValues]),
      ]) {
        const finding = judge(port);
        if (finding !== undefined) yield finding;
      }
    }

    function judge(port: Located<string>): Finding | undefined {
      const wrong =
        /^\d+$/.test(port.value) && policy !== undefined
          ? mistakenPort(Number(port.value), policy, snapshot)
          : undefined;
      if (wrong === undefined) return undefined;
      return {
        at: port,
        message: `${port.value} is the port of Service ${quoted(wrong.service.name)}; the policy is checked at the workload, which listens on ${wrong.target}: no request has this port there`,
        related: [
          {
            at: wrong.at.number ?? wrong.at.at,
            message: `Service ${quoted(wrong.service.name)}: port ${port.value}, targetPort ${wrong.target}`,
          },
        ],
        fixes: [
          {
            title: `Change to ${wrong.target}`,
            edits: [replaceString(resource.document, port, String(wrong.target))],
            preferred: true,
          },
        ],
      };
    }
  },
});
