import { workspaceRule } from '../rule.ts';
import { ruleName, siteOf } from './dead.ts';
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
import { moveAbove } from './move-rule.ts';

/** Where more rules than these are dead the order of the whole list is wrong, and moving one is no repair. */
const MOST_TRIED = 12;

export const unreachableRule = workspaceRule({
  id: 'virtual-service/unreachable-rule',
  severity: 'warning',
  on: ['VirtualService'],
  codes: ['IST0130', 'IST0131', 'VS-93', 'VS-94', 'VS-95', 'VS-96', 'VS-97'],
  summary: 'No request can reach a rule: earlier ones take everything.',
  why: 'Rules are tried from top to bottom and the first match wins. Behind a rule that takes every request, Istio does not even make a route.',
  remedy: 'Move the rule above the one that covers it, narrow the earlier one, or delete the rule.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: /api } }]
      route: [{ destination: { host: api } }]
    - match: [{ uri: { prefix: /api/v2 } }]
      route: [{ destination: { host: api-v2 } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: /api/v2 } }]
      route: [{ destination: { host: api-v2 } }]
    - match: [{ uri: { prefix: /api } }]
      route: [{ destination: { host: api } }]
`,
  *check(vs, snapshot) {
    const all = deadRules(vs, snapshot);
    for (const found of [...all, ...deadRulesOnHosts(vs, snapshot)]) {
      const { rule, dead, whole } = found;
      const first = dead[0];
      if (!whole || first === undefined) continue;
      const by = [...new Set(dead.flatMap(match => match.by))];
      const { only, hosts } = first;
      const byName = dead.some(match => match.byName);
      const subject = `no request ${forText(hosts)}reaches ${ruleName(rule)}${fromText(only)}`;
      const cutBy = first.cut ? by[0] : undefined;
      const message =
        cutBy !== undefined
          ? `${subject}: ${ruleName(cutBy.rule, vs)} before it takes every request, and nothing behind it becomes a route`
          : `${subject}: ${coveringText(by, vs, ' before it')} all of them${butText(hosts)}${byName ? BY_NAME : ''}`;
      yield {
        at: siteOf(first.site),
        message,
        ...(only === undefined && hosts === undefined && !byName
          ? { fade: rule.source.rule.at }
          : { severity: 'information' }),
        related: coveringNotes(by, vs),
        fixes:
          hosts !== undefined
            ? []
            : [
                ...(dead.length === 1 ? fixesOfDead(vs, first) : []),
                ...(all.length > MOST_TRIED ? [] : moveAbove(vs, found, snapshot)),
              ],
        codes: orderCodes(vs, 'IST0130', rule.index),
      };
    }
  },
});
