import { warned } from '../codes.ts';
import { addEntry } from '../edits.ts';
import { Fields } from '../fields.ts';
import { workspaceRule } from '../rule.ts';
import { objectsOf } from '../schema/visits.ts';
import { quoted } from '../words.ts';

export const ineffectiveFailover = workspaceRule({
  id: 'destination-rule/ineffective-failover',
  severity: 'warning',
  on: ['DestinationRule'],
  ignores: 'VirtualService',
  summary: 'A failover between localities without outlier detection.',
  why: 'Endpoints fail over when they are ejected, and only outlier detection ejects them. Without it in the same policy, Envoy does not see that those of its own locality fail. Istio warns of it, though not in subsets and policies of ports.',
  remedy: 'Add `outlierDetection` to the same policy.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: { localityLbSetting: { failover: [{ from: eu, to: us }] } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: { localityLbSetting: { failover: [{ from: eu, to: us }] } }
    outlierDetection: { consecutive5xxErrors: 5, interval: 30s, baseEjectionTime: 30s }
`,
  codes: ['IST0133', 'DR-44'],
  *check(rule, { schemas, settings }) {
    const general = Fields.spec(rule, 'DestinationRule')?.object('trafficPolicy');
    const ejectsByDefault = settings.meshConfig?.ejectsByDefault === true;
    for (const { map, path } of objectsOf(rule, schemas.facts, 'TrafficPolicy', 'PortTrafficPolicy')) {
      const policy = new Fields(rule.document, map);
      if (policy.keyOf('outlierDetection') !== undefined) continue;
      const isOfPort = path.includes('portLevelSettings');
      const isOfSubset = path.includes('subsets');
      // A subset inherits the block from the policy of the rule; an entry for a port inherits nothing.
      if (isOfSubset && !isOfPort && general?.keyOf('outlierDetection') !== undefined) continue;
      const balancer = policy.object('loadBalancer');
      for (const name of ['localityLbSetting', 'zoneAwareLbSetting']) {
        const setting = balancer?.object(name);
        // Istio does not come so far where it refuses the setting.
        if (setting === undefined || (setting.count('distribute') > 0 && setting.count('failover') > 0)) continue;
        const field = ['failover', 'failoverPriority'].find(key => setting.count(key) > 0);
        if (field === undefined) continue;
        // Istio warns of the policy of the rule only, and without regard to the mesh config.
        const isSaid = !isOfSubset && !isOfPort;
        if (ejectsByDefault && !isSaid) continue;
        yield {
          at: setting.key(field),
          message: ejectsByDefault
            ? `Istio will warn that ${quoted(field)} needs "outlierDetection" in the same policy; here "defaultTrafficPolicy" of the mesh config has it`
            : `${quoted(field)} has no effect: without "outlierDetection" in the same policy no endpoint is ever seen as failing`,
          fixes: [
            {
              title: 'Add "outlierDetection" to the policy',
              edits: [
                addEntry(
                  rule.document,
                  map,
                  'outlierDetection: {consecutive5xxErrors: 5, interval: 30s, baseEjectionTime: 30s}',
                ),
              ],
            },
          ],
          ...(isSaid
            ? { codes: warned('DR-44'), ...(ejectsByDefault ? { severity: 'information' as const } : {}) }
            : { severity: 'information' as const, codes: [] }),
        };
      }
    }
  },
});
