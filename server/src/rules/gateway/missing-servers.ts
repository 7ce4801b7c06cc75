import { refusal } from '../codes.ts';
import { Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';

export const missingServers = resourceRule({
  id: 'gateway/missing-servers',
  severity: 'error',
  on: ['Gateway'],
  summary: 'A Gateway without servers, or a server without hosts or a name of its port.',
  why: 'A Gateway opens ports for hosts. Istio refuses one that opens none, and a server for no host.',
  remedy: 'Add a server with a port and at least one host; `*` takes every host.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: ["*"]
`,
  codes: ['IST0106', 'GW-02', 'GW-06', 'GW-12'],
  refuses: true,
  *check(gateway, { schemas }) {
    const spec = Fields.spec(gateway, 'Gateway');
    if ((spec === undefined || spec.lacks('servers')) && isPlain(gateway, schemas, spec?.map ?? gateway.node)) {
      const at = spec === undefined ? gateway.kindAt : (spec.keyOf('servers') ?? spec.head);
      yield {
        at,
        message: 'this Gateway has no servers, so it opens no port, and Istio refuses it',
        codes: refusal('GW-02'),
      };
    }
    for (const server of spec?.objects('servers') ?? []) {
      if (server.isEmptyList('hosts')) {
        const message = 'this server is for no host, so Istio refuses the Gateway: "*" takes every host';
        yield { at: server.key('hosts'), message, codes: refusal('GW-06') };
      }
      const name = server.object('port')?.string('name');
      if (name?.value !== '') continue;
      yield { at: name, message: 'this port has no name, so Istio refuses the Gateway', codes: refusal('GW-12') };
    }
  },
});
