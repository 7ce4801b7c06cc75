import { changeTo } from '../edits.ts';
import { acceptedWithWarning } from '../fields.ts';
import { isPartialWildcard, wildcardDomainFault } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const riskyWildcard = resourceRule({
  id: 'service-entry/risky-wildcard',
  severity: 'warning',
  on: ['ServiceEntry'],
  codes: ['IST0133', 'SE-06'],
  summary: 'A wildcard without a dot behind the star.',
  why: 'Envoy matches hosts by whole parts: `*example.com` is meant to take `example.com` and what lies below it, and takes part of other domains as well, such as `badexample.com`.',
  remedy: 'Write `*.example.com`, and beside it `example.com` where that is meant too.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: ["*example.com"]
  resolution: NONE
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
    if (entry.resolution?.value === 'DYNAMIC_DNS') return;
    for (const host of entry.hosts) {
      if (!isPartialWildcard(host.value) || wildcardDomainFault(host.value) !== undefined) continue;
      const whole = host.value.replace(/^\*-?/, '*.');
      yield {
        at: host,
        message: `${quoted(host.value)} has no dot behind the star, so it stands for parts of names`,
        // With DNS a wildcard has another fault, which this would not repair.
        fixes: [changeTo(entry.document, host, whole)],
        ...acceptedWithWarning('SE-06'),
      };
    }
  },
});
