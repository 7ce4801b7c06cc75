import { refusal } from '../codes.ts';
import { Fields } from '../fields.ts';
import { wildcardDomainFault } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { quoted } from '../words.ts';

export const invalidHost = resourceRule({
  id: 'destination-rule/invalid-host',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'The host of a DestinationRule is no name of one, or is not there.',
  why: 'Istio refuses the DestinationRule.',
  remedy: 'Name a service, or several by a wildcard at the start, without scheme, port or path.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: "reviews:9080" }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews }
`,
  codes: ['IST0106', 'DR-01'],
  refuses: true,
  *check(rule, { schemas }) {
    const spec = Fields.spec(rule, 'DestinationRule');
    if (spec === undefined) {
      if (!isPlain(rule, schemas, rule.node)) return;
      yield {
        at: rule.kindAt,
        message: 'this DestinationRule has no "spec", so Istio refuses it: it needs a "host"',
        codes: refusal('DR-01'),
      };
      return;
    }
    const host = spec.string('host');
    const fault = host === undefined ? undefined : wildcardDomainFault(host.value);
    if (host === undefined || fault === undefined) return;
    const reason = /^[^:/]+:\d+$/.test(host.value)
      ? 'a host has no port'
      : host.value.includes('/')
        ? 'a host has neither scheme nor path'
        : fault.reason;
    yield { at: host, message: `${quoted(host.value)} is no host: ${reason}`, codes: refusal('DR-01', fault.id) };
  },
});
