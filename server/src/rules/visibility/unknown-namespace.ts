import { changeTo } from '../edits.ts';
import { missingNamespace } from '../missing-namespace.ts';
import { workspaceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';

export const unknownNamespace = workspaceRule({
  id: 'visibility/unknown-namespace',
  severity: 'warning',
  on: ['VirtualService', 'DestinationRule', 'ServiceEntry'],
  codes: ['KIA0005'],
  summary: 'A resource is exported to a namespace that does not exist.',
  why: 'Nobody is there to see it: those for whom it was meant do not get it.',
  remedy: 'Correct the name of the namespace in `exportTo`.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: storefront, labels: { istio-injection: enabled } }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: storefront }
spec:
  hosts: [api.example.com]
  exportTo: [storefornt]
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP }]
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: storefront, labels: { istio-injection: enabled } }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: storefront }
spec:
  hosts: [api.example.com]
  exportTo: [storefront]
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP }]
`,
  *check(resource, snapshot) {
    for (const name of resource.exportTo) {
      if (['.', '*', '~'].includes(name.value) || !/^[a-z0-9-]+$/.test(name.value)) continue;
      const missing = missingNamespace(name.value, snapshot);
      if (missing === undefined) continue;
      const { guess } = missing;
      yield {
        at: name,
        message: `there is no namespace ${quoted(name.value)}, so nobody sees this there${orMeant(guess)}`,
        fixes:
          guess === undefined || resource.exportTo.some(other => other.value === guess)
            ? []
            : [changeTo(resource.document, name, guess)],
      };
    }
  },
});
