import type { Gateway, Server } from '../../model/gateway.ts';
import type { Located } from '../../text/range.ts';
import { changeTo } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const duplicatePortName = resourceRule({
  id: 'gateway/duplicate-port-name',
  severity: 'error',
  on: ['Gateway'],
  refuses: true,
  codes: ['IST0106', 'GW-04'],
  summary: 'Two servers of a Gateway have one port name.',
  why: 'Istio refuses the Gateway: names of ports are unique in it, also where the number is the same.',
  remedy: 'Give each server a port name of its own.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - { port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }
    - { port: { number: 8080, name: http, protocol: HTTP }, hosts: [api.example.com] }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - { port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }
    - { port: { number: 8080, name: http-api, protocol: HTTP }, hosts: [api.example.com] }
`,
  *check(gateway) {
    const first = new Map<string, Located<string>>();
    for (const server of gateway.servers) {
      const name = server.port?.name;
      if (name === undefined || name.value === '') continue;
      const known = first.get(name.value);
      if (known === undefined) {
        first.set(name.value, name);
        continue;
      }
      const free = freeName(gateway, server, name.value);
      yield {
        at: name,
        message: `port name ${quoted(name.value)} is taken by an earlier server, so Istio refuses the Gateway`,
        related: [{ at: known, message: 'the first server with this port name' }],
        fixes: [changeTo(gateway.document, name, free)],
      };
    }
  },
});

/** The name with the port's number, else with a count behind it. */
function freeName(gateway: Gateway, { port }: Server, name: string): string {
  const taken = new Set(gateway.servers.map(server => server.port?.name?.value));
  const candidate = `${name}-${port?.number?.value ?? 2}`;
  if (!taken.has(candidate)) return candidate;
  let count = 2;
  while (taken.has(`${name}-${count}`)) count++;
  return `${name}-${count}`;
}
