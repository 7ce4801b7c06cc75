import { Reader } from '../../model/reader.ts';
import { mistakenPort } from '../authorization-policy/targets.ts';
import { replaceWith } from '../edits.ts';
import { asPolicy } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const misplacedPort = workspaceRule({
  id: 'peer-authentication/misplaced-port',
  severity: 'warning',
  on: ['Other'],
  summary: 'A port of `portLevelMtls` is that of a Service, where the port of the workload counts.',
  why: 'The sidecar of the workload has the mode for the port on which it listens, which is the `targetPort`: the entry has no effect.',
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
kind: PeerAuthentication
metadata: { name: reviews, namespace: shop }
spec:
  selector: { matchLabels: { app: reviews } }
  portLevelMtls: { 80: { mode: DISABLE } }
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
kind: PeerAuthentication
metadata: { name: reviews, namespace: shop }
spec:
  selector: { matchLabels: { app: reviews } }
  portLevelMtls: { 9080: { mode: DISABLE } }
`,
  *check(resource, snapshot) {
    const policy = asPolicy(resource, 'PeerAuthentication');
    if (policy === undefined || (policy.selector?.length ?? 0) === 0) return;
    const read = new Reader(resource.document);
    const ports = read.entries(resource.spec, 'portLevelMtls', value => value);
    for (const { key } of ports) {
      const wrong = /^\d+$/.test(key.value) ? mistakenPort(Number(key.value), policy, snapshot) : undefined;
      if (wrong === undefined) continue;
      const quote = /^["']/.exec(resource.document.text.slice(key.start, key.end))?.[0] ?? '';
      const isFree = !ports.some(other => other.key.value === String(wrong.target));
      yield {
        at: key,
        message: `${key.value} is the port of Service ${quoted(wrong.service.name)}; here the port of the workload counts, which is ${wrong.target}, so this entry has no effect`,
        related: [
          {
            at: wrong.at.number ?? wrong.at.at,
            message: `Service ${quoted(wrong.service.name)}: port ${key.value}, targetPort ${wrong.target}`,
          },
        ],
        fixes: isFree
          ? [
              {
                title: `Change to ${wrong.target}`,
                edits: [replaceWith(key, `${quote}${wrong.target}${quote}`)],
                preferred: true,
              },
            ]
          : [],
      };
    }
  },
});
