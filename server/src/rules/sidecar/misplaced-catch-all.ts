import { Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';

export const misplacedCatchAll = resourceRule({
  id: 'sidecar/misplaced-catch-all',
  severity: 'error',
  on: ['Sidecar'],
  refuses: true,
  codes: ['IST0106', 'SC-23'],
  summary: 'An egress listener without port before another one.',
  why: 'A listener without port stands for all ports that no other listener has, so there is one, and it is the last. Istio refuses another order.',
  remedy: 'Move it to the end of the list, or join its hosts with those of the last one.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  egress:
    - hosts: ["istio-system/*"]
    - port: { number: 5432, protocol: TCP, name: db }
      hosts: ["./*"]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  egress:
    - port: { number: 5432, protocol: TCP, name: db }
      hosts: ["./*"]
    - hosts: ["istio-system/*"]
`,
  *check(sidecar) {
    const egress = Fields.spec(sidecar, 'Sidecar')?.objects('egress') ?? [];
    for (const listener of egress.slice(0, -1)) {
      if (listener.has('port')) continue;
      const isDouble = egress.at(-1)?.has('port') === false;
      yield {
        at: listener.head,
        message: isDouble
          ? 'a listener without "port" stands for all other ports, so there can only be one: join the two'
          : 'a listener without "port" stands for all other ports, so it has to be the last one',
        ...refused('SC-23', ...(isDouble ? ['SC-24'] : [])),
      };
    }
  },
});
