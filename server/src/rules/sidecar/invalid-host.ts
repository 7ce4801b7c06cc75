import type { Located } from '../../text/range.ts';
import { changeTo } from '../edits.ts';
import { Fields, refused } from '../fields.ts';
import { isDnsLabel, isPartialWildcard, wildcardDomainFault } from '../names.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidHost = resourceRule({
  id: 'sidecar/invalid-host',
  severity: 'error',
  on: ['Sidecar'],
  refuses: true,
  codes: ['IST0106', 'SC-32', 'SC-33', 'COM-08', 'COM-10', 'COM-11', 'COM-12', 'COM-13'],
  summary: 'An egress host that is not of the form `namespace/host`.',
  why: 'Each entry names a namespace, or `*` for all and `.` for its own, and a full host name or a wildcard. Istio refuses short names and anything else.',
  remedy: 'Write for instance `./*` for the whole namespace, or `shop/reviews.shop.svc.cluster.local` for one service.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  egress: [{ hosts: [reviews.shop.svc.cluster.local] }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  egress: [{ hosts: [./reviews.shop.svc.cluster.local] }]
`,
  *check(sidecar) {
    for (const listener of Fields.spec(sidecar, 'Sidecar')?.objects('egress') ?? []) {
      if (listener.isEmptyList('hosts')) {
        const message = 'this listener has no hosts, so nothing could be called through it';
        yield { at: listener.key('hosts'), message, ...refused('SC-32') };
      }
      for (const host of listener.strings('hosts')) {
        const found = judge(host);
        if (found === undefined) continue;
        const { reason, id, meant } = found;
        yield {
          at: host,
          message: `${quoted(host.value)} is no egress host: ${reason}`,
          fixes: meant === undefined ? [] : [changeTo(sidecar.document, host, meant)],
          ...refused('SC-33', id),
        } satisfies Finding;
      }
    }
  },
});

/** Istio `ValidateNamespaceSlashWildcardHostname` for Sidecars. */
function judge({ value }: Located<string>): { reason: string; id: string; meant?: string } | undefined {
  const slash = value.indexOf('/');
  if (slash < 0) {
    const isHost = value === '*' || (value.includes('.') && wildcardDomainFault(value) === undefined);
    const reason = 'it lacks the namespace: write "NAMESPACE/HOST", with "." for this namespace and "*" for any';
    return { reason, id: 'COM-10', ...(isHost && !isPartialWildcard(value) ? { meant: `*/${value}` } : {}) };
  }
  const [namespace, host] = [value.slice(0, slash), value.slice(slash + 1)];
  if (namespace === '' || host === '') {
    return {
      reason: `the ${namespace === '' ? 'namespace before' : 'host behind'} the slash is missing`,
      id: 'COM-08',
    };
  }
  const bare = namespace.replace(/^~/, '');
  if (!['', '*', '.'].includes(bare) && !isDnsLabel(bare)) {
    return { reason: `${quoted(namespace)} is no namespace`, id: 'COM-10' };
  }
  if (host !== '*' && !host.includes('.')) {
    const reason = `${quoted(host)} is a short name, and it takes a full one such as "${host}.NAMESPACE.svc.cluster.local"`;
    const isKnown = bare !== '' && !['*', '.'].includes(bare) && isDnsLabel(host);
    return { reason, id: 'COM-11', ...(isKnown ? { meant: `${namespace}/${host}.${bare}.svc.cluster.local` } : {}) };
  }
  const fault = wildcardDomainFault(host);
  if (fault !== undefined) return { reason: fault.reason, id: 'COM-12' };
  return isPartialWildcard(host)
    ? { reason: 'there is no dot behind the star, and a wildcard stands for whole parts of a name', id: 'COM-13' }
    : undefined;
}
