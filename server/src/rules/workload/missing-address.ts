import { acceptedWithWarning, refused, refusedByServer } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { endpointsOf } from './endpoints.ts';

export const missingAddress = resourceRule({
  id: 'workload/missing-address',
  severity: 'error',
  on: ['WorkloadEntry', 'ServiceEntry'],
  refuses: true,
  codes: ['IST0106', 'IST0133', 'WE-01', 'WE-02', 'SE-20', 'SE-21', 'SE-29', 'CEL-19'],
  summary: 'A workload without an address.',
  why: 'Envoy has nowhere to send requests. Only a workload in another network can do without: its gateway is called instead.',
  remedy: 'Add the `address`, an IP address or a domain name.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm }
spec:
  labels: { app: reviews }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm }
spec:
  address: 192.0.2.7
  labels: { app: reviews }
`,
  *check(resource) {
    for (const { fields, head, in: kind, service } of endpointsOf(resource)) {
      const address = fields.string('address');
      if (kind === 'WorkloadGroup' || (fields.has('address') && address?.value !== '')) continue;
      const isEmptyText = address !== undefined;
      const at = address ?? (kind === 'WorkloadEntry' ? (resource.nameAt ?? head) : head);
      const network = fields.string('network');
      const resolution = service?.string('resolution')?.value ?? 'NONE';
      const isDns = resolution.startsWith('DNS');
      // Other resolutions of a ServiceEntry take no endpoints at all, or do not look at them.
      const isLookedAt = kind === 'WorkloadEntry' || isDns || resolution === 'STATIC';
      const hasNetwork = fields.has('network') && network?.value !== '';
      if (isDns) {
        const message = 'this endpoint has no "address", and there is nothing to look up in DNS';
        yield { at, message, ...refused('SE-29', ...(hasNetwork ? [] : ['CEL-19'])) };
      } else if (hasNetwork) {
        if (!isLookedAt) continue;
        const message = `no "address": this workload can only be reached through the gateway of the network ${quoted(network?.value ?? '')}`;
        yield { at, message, ...acceptedWithWarning(kind === 'WorkloadEntry' ? 'WE-02' : 'SE-21') };
      } else {
        const message = isEmptyText
          ? '"address" is empty'
          : 'this workload has no "address", so requests have nowhere to go';
        const id = kind === 'WorkloadEntry' ? 'WE-01' : 'SE-20';
        yield { at, message, ...(isLookedAt ? refused(id, 'CEL-19') : refusedByServer('CEL-19')) };
      }
    }
  },
});
