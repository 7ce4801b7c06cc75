import { resourceRule } from '../rule.ts';

export const invalidResponseStatus = resourceRule({
  id: 'virtual-service/invalid-response-status',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A direct response with status 600.',
  why: 'Istio takes it, Envoy does not: it refuses the whole route configuration, and every route of that port stays as it was before.',
  remedy: 'Write a status from 200 to 599.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - directResponse: { status: 600 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - directResponse: { status: 503 }
`,
  *check(vs) {
    for (const { directResponse } of vs.http) {
      const status = directResponse?.status;
      if (status?.value !== 600) continue;
      yield {
        at: status,
        message:
          'Envoy answers with at most 599 and refuses the routes of all VirtualServices on this port; write a status from 200 to 599',
      };
    }
  },
});
