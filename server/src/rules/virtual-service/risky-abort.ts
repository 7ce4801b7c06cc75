import { resourceRule } from '../rule.ts';
import { isForSomeClients } from './conditions.ts';

export const riskyAbort = resourceRule({
  id: 'virtual-service/risky-abort',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'An abort of 100 percent on a route for all clients.',
  why: 'Every request that the route takes is answered with the error, and none gets to the service: an outage made by hand.',
  remedy: 'Limit the route to test requests by a header or a query parameter, or lower the percentage.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ratings }
spec:
  hosts: [ratings]
  http:
    - fault: { abort: { httpStatus: 503, percentage: { value: 100 } } }
      route: [{ destination: { host: ratings } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ratings }
spec:
  hosts: [ratings]
  http:
    - match: [{ headers: { x-chaos-test: { exact: 'true' } } }]
      fault: { abort: { httpStatus: 503, percentage: { value: 100 } } }
      route: [{ destination: { host: ratings } }]
    - route: [{ destination: { host: ratings } }]
`,
  *check(vs) {
    for (const rule of vs.http) {
      const abort = rule.fault?.abort;
      const percentage = abort?.percentage?.value;
      if (percentage === undefined || percentage.value < 100) continue;
      const status = abort?.httpStatus?.value ?? abort?.grpcStatus?.value;
      // The matches of the rule that delegates to this one are not known here.
      if (status === undefined || vs.hosts.length === 0 || isForSomeClients(rule)) continue;
      yield {
        at: percentage,
        message: `every request of this route is answered with ${status}, for all clients: no match asks for a header or a query parameter`,
      };
    }
  },
});
