import { workspaceRule } from '../rule.ts';
import { siteOf, siteText } from './dead.ts';
import {
  BY_NAME,
  butText,
  coveringNotes,
  coveringText,
  deadRules,
  deadRulesOnHosts,
  forText,
  fromText,
} from './dead-rules.ts';
import { orderCodes } from './istio-order.ts';
import { fixesOfDead } from './match-edits.ts';

export const unreachableMatch = workspaceRule({
  id: 'virtual-service/unreachable-match',
  severity: 'information',
  on: ['VirtualService'],
  codes: ['IST0131', 'VS-96', 'VS-97'],
  summary: 'A match of a live rule takes no request: an earlier match takes all of them.',
  why: 'The entries of `match` are alternatives, tried in order with those of all rules before. One that an earlier one covers changes nothing, and is often the sign of a condition that was meant to be narrower.',
  remedy: 'Delete the match, or narrow the earlier one.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match:
        - uri: { prefix: /cart }
        - uri: { exact: /cart/checkout }
      route: [{ destination: { host: cart } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match:
        - uri: { exact: /cart }
        - uri: { prefix: /cart/ }
      route: [{ destination: { host: cart } }]
`,
  *check(vs, snapshot) {
    for (const { rule, dead, whole } of [...deadRules(vs, snapshot), ...deadRulesOnHosts(vs, snapshot)]) {
      if (whole) continue;
      for (const match of dead) {
        const { site, by, only, hosts, byName } = match;
        if (site.match === undefined) continue;
        const alone = by.length === 1 ? by[0] : undefined;
        const where =
          alone !== undefined && alone.rule.source.rule === rule.source.rule
            ? `an earlier match of the same rule (${siteText(alone)}) takes`
            : coveringText(by, vs);
        yield {
          at: siteOf(site),
          message: `no request ${forText(hosts)}reaches this match${fromText(only)}: ${where} all of them${butText(hosts)}${byName ? BY_NAME : ''}`,
          ...(only === undefined && hosts === undefined && !byName ? { fade: site.match.at } : {}),
          related: coveringNotes(by, vs),
          ...(hosts === undefined ? { fixes: fixesOfDead(vs, match) } : {}),
          codes: orderCodes(vs, 'IST0131', rule.index, site.match.index),
        };
      }
    }
  },
});
