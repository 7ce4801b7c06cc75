import type { Located } from '../../text/range.ts';
import { Fields, refused } from '../fields.ts';
import { domainFault, wildcardDomainFault } from '../names.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidHost = resourceRule({
  id: 'service-entry/invalid-host',
  severity: 'error',
  on: ['ServiceEntry'],
  refuses: true,
  codes: ['IST0106', 'SE-04', 'SE-05', 'SE-27', 'SE-32'],
  summary: 'A host that a ServiceEntry cannot have.',
  why: 'A host is a domain name, or one that begins with `*.`; and where Envoy has to look the name up in DNS, it cannot be a wildcard. Istio refuses the ServiceEntry.',
  remedy: 'Write a full domain name. For a wildcard take `resolution: NONE`, name `endpoints`, or take `DYNAMIC_DNS`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: ["*.example.com"]
  resolution: DNS
  ports: [{ number: 443, name: tls, protocol: TLS }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: ["*.example.com"]
  resolution: NONE
  ports: [{ number: 443, name: tls, protocol: TLS }]
`,
  *check(entry) {
    const spec = Fields.spec(entry, 'ServiceEntry');
    if (spec === undefined) return;
    const resolution = spec.string('resolution')?.value ?? 'NONE';
    const isLookedUp = ['DNS', 'DNS_ROUND_ROBIN'].includes(resolution) && spec.count('endpoints') === 0;
    for (const host of entry.hosts) {
      const finding = judge(host, resolution, isLookedUp);
      if (finding !== undefined) yield finding;
    }
  },
});

function judge(host: Located<string>, resolution: string, isLookedUp: boolean): Finding | undefined {
  const at = host;
  if (host.value === '*') {
    const message = '"*" is no host of a ServiceEntry: it would stand for everything that the mesh can call';
    return { at, message, ...refused('SE-04', 'CEL-17') };
  }
  const fault = wildcardDomainFault(host.value);
  if (fault !== undefined) {
    return {
      at,
      message: `${quoted(host.value)} is no domain name: ${fault.reason}`,
      ...refused('SE-05', fault.id, 'COM-18'),
    };
  }
  if (isLookedUp && domainFault(host.value) !== undefined) {
    const message = `Envoy cannot look up ${quoted(host.value)} in DNS: with "resolution: ${resolution}" a wildcard needs "endpoints"`;
    return { at, message, ...refused('SE-27') };
  }
  if (resolution === 'DYNAMIC_DNS' && !host.value.startsWith('*')) {
    const message = `${quoted(host.value)} is no wildcard, and "resolution: DYNAMIC_DNS" is for wildcards only`;
    return { at, message, ...refused('SE-32') };
  }
  return undefined;
}
