import type { Located } from '../../text/range.ts';
import { type Fields, refused } from '../fields.ts';
import { isAddress, isPrefix } from '../names.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { OPERATION_FIELDS, policyOf, SOURCE_FIELDS, valuesOf } from './policy.ts';

export const invalidValue = resourceRule({
  id: 'authorization-policy/invalid-value',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'AP-13', 'AP-14', 'AP-15', 'AP-16', 'AP-19', 'AP-20', 'AP-25'],
  summary: 'A value in a rule that can never be that of a request.',
  why: 'Addresses, ports, service accounts and trust domains have a form; Istio refuses a policy with a value of another one, and with an empty one.',
  remedy:
    'Correct the value. Ports stand alone, without ranges; service accounts are `NAMESPACE/NAME`; of domains only one end may be a wildcard.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ from: [{ source: { ipBlocks: [10.0.0.0/33] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }]
`,
  *check(resource) {
    for (const { sources, operations, conditions } of policyOf(resource)?.rules ?? []) {
      for (const source of sources) yield* fields(source, SOURCE_FIELDS);
      for (const operation of operations) yield* fields(operation, OPERATION_FIELDS);
      for (const condition of conditions) {
        const form = FORM_OF_KEY[condition.string('key')?.value ?? ''] ?? 'any';
        for (const value of valuesOf(condition)) yield* judge(value, form, 'AP-25');
      }
    }
  },
});

type Form = 'any' | 'address' | 'port' | 'account' | 'domain' | 'pattern';

const FORM_OF_FIELD: Readonly<Record<string, readonly [Form, string]>> = {
  ipblocks: ['address', 'AP-13'],
  remoteipblocks: ['address', 'AP-13'],
  serviceaccounts: ['account', 'AP-15'],
  trustdomains: ['domain', 'AP-16'],
  ports: ['port', 'AP-19'],
  principals: ['any', 'AP-14'],
  requestprincipals: ['any', 'AP-14'],
  namespaces: ['any', 'AP-14'],
};

const FORM_OF_KEY: Readonly<Record<string, Form>> = {
  'source.ip': 'address',
  'remote.ip': 'address',
  'destination.ip': 'address',
  'destination.port': 'port',
  'source.serviceAccount': 'account',
  'source.trustDomain': 'pattern',
};

function* fields(object: Fields, names: readonly string[]): Generator<Finding> {
  for (const name of names) {
    const [form, id] = FORM_OF_FIELD[name.replace(/^not/, '').toLowerCase()] ?? ['any', 'AP-20'];
    for (const value of object.strings(name)) yield* judge(value, form, id);
  }
}

function* judge(value: Located<string>, form: Form, id: string): Generator<Finding> {
  const reason = value.value === '' ? 'it is empty, and would match nothing' : fault(value.value, form);
  if (reason !== undefined)
    yield { at: value, message: `${quoted(value.value)} cannot be matched: ${reason}`, ...refused(id) };
}

/** Istio `security.ValidateIPs`, `ValidatePorts`, `CheckServiceAccount`, `CheckTrustDomainValues`. */
function fault(text: string, form: Form): string | undefined {
  switch (form) {
    case 'address':
      if (text.includes('/')) return isPrefix(text) ? undefined : 'it is no range of IP addresses such as "10.0.0.0/8"';
      return isAddress(text) ? undefined : 'it is no IP address';
    case 'port':
      return /^\d+$/.test(text) && Number(text) <= 65535
        ? undefined
        : 'it is no number of a port, of which each stands alone';
    case 'account':
      return accountFault(text);
    case 'domain':
    case 'pattern':
      return (
        wildcardFault(text) ?? (form === 'domain' && text.includes('/') ? 'a trust domain has no slash' : undefined)
      );
    case 'any':
      return undefined;
  }
}

function accountFault(text: string): string | undefined {
  if (text.includes('*')) return 'service accounts take no wildcard';
  const parts = text.split('/');
  if (parts.length > 2) return 'a service account is "NAME" or "NAMESPACE/NAME"';
  return parts.includes('')
    ? `the ${parts[0] === '' ? 'namespace before' : 'name behind'} the slash is missing`
    : undefined;
}

function wildcardFault(text: string): string | undefined {
  const stars = text.split('*').length - 1;
  if (stars > 1) return 'there may be one wildcard';
  return stars === 1 && !text.startsWith('*') && !text.endsWith('*')
    ? 'a wildcard stands at the start or the end'
    : undefined;
}
