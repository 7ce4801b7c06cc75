import { refusal } from '../codes.ts';
import { isAddress, isDnsLabel, isPartialWildcard, type NameFault, wildcardDomainFault } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidHost = resourceRule({
  id: 'gateway/invalid-host',
  severity: 'error',
  on: ['Gateway'],
  summary: 'A host of a server that is not written as one.',
  why: 'Hosts of a Gateway are full domain names, with the namespace of their VirtualServices before a slash where one wants to restrict it. Istio refuses the Gateway.',
  remedy: 'Write `shop.example.com`, `*.example.com`, `*` or `namespace/shop.example.com`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [shop.example.com]
`,
  codes: ['IST0106', 'GW-07', 'COM-08', 'COM-09', 'COM-11', 'COM-12', 'COM-13'],
  refuses: true,
  *check(gateway) {
    for (const host of gateway.servers.flatMap(({ hosts }) => hosts)) {
      const fault = hostFault(host.value);
      if (fault === undefined) continue;
      yield {
        at: host,
        message: `${quoted(host.value)} is no host of a server: ${fault.reason}`,
        codes: refusal('GW-07', fault.id),
      };
    }
  },
});

/** Istio `ValidateNamespaceSlashWildcardHostname` for Gateways. */
function hostFault(value: string): NameFault | undefined {
  const slash = value.indexOf('/');
  const host = value.slice(slash + 1);
  if (slash >= 0) {
    const namespace = value.slice(0, slash);
    if (namespace === '' || host === '')
      return {
        reason: `the ${namespace === '' ? 'namespace before' : 'host behind'} the slash is missing`,
        id: 'COM-08',
      };
    if (namespace !== '*' && namespace !== '.' && !isDnsLabel(namespace))
      return { reason: `${quoted(namespace)} is no namespace; "." is the own one and "*" is any`, id: 'COM-09' };
  }
  const fault = wildcardDomainFault(host);
  if (fault !== undefined && !isAddress(host)) return { reason: fault.reason, id: 'COM-12' };
  if (host !== '*' && !host.includes('.'))
    return { reason: 'it has no dot, and a server takes full domain names only', id: 'COM-11' };
  if (!isPartialWildcard(host)) return undefined;
  return { reason: 'a dot must follow the star, which stands for whole parts of a name', id: 'COM-13' };
}
