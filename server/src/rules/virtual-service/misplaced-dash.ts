import type { HttpMatch } from '../../model/virtual-service.ts';
import { matchText } from '../../routing/describe.ts';
import { routeMatch } from '../../routing/match.ts';
import { workspaceRule } from '../rule.ts';
import { isLooseCondition, isPathAlone } from './dashes.ts';
import { siteStates } from './dead.ts';
import { joinWithPrevious } from './match-edits.ts';

export const misplacedDash = workspaceRule({
  id: 'virtual-service/misplaced-dash',
  severity: 'information',
  on: ['VirtualService'],
  summary: 'A dash makes an alternative of what looks like a further condition.',
  why: 'Conditions of one entry of `match` must all hold; entries are alternatives. An entry of conditions without a path, below one that is a path alone, takes the requests of every path.',
  remedy: 'Take the dash away, so that both belong to one entry; or give the entry a path.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match:
        - uri: { prefix: /beta }
        - headers: { x-user: { exact: jane } }
      route: [{ destination: { host: beta } }]
    - route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match:
        - uri: { prefix: /beta }
          headers: { x-user: { exact: jane } }
      route: [{ destination: { host: beta } }]
    - route: [{ destination: { host: shop } }]
`,
  *check(vs, snapshot) {
    const suspicious = vs.http.filter(({ match }) => isSuspicious(match));
    if (suspicious.length === 0) return;
    const indexes = new Set(suspicious.map(({ index }) => index));
    const live = new Set(
      siteStates(vs, snapshot)
        .filter(({ site, from }) => indexes.has(site.rule.index) && [...from.values()].includes('live'))
        .map(({ site }) => `${site.rule.index} ${site.match?.index}`),
    );
    for (const rule of suspicious) {
      for (const [place, match] of rule.match.entries()) {
        const above = rule.match[place - 1];
        // Where the one above takes everything, this one is dead, which is said as such.
        if (place % 2 === 0 || above === undefined || !live.has(`${rule.index} ${match.index}`)) continue;
        const fix = joinWithPrevious(vs, match);
        const text = matchText(routeMatch(match));
        yield {
          at: match.at,
          message: `this entry takes requests of every path${text === 'every request' ? '' : ` with ${text}`}: its dash makes it an alternative to ${matchText(routeMatch(above))}, not a condition beside it`,
          related: [{ at: above.at, message: 'stands for itself: its requests need nothing else' }],
          ...(fix === undefined ? {} : { fixes: [fix] }),
        };
      }
    }
  },
});

/** Entries in pairs: a path alone, then conditions without one. Other lists are alternatives on purpose. */
function isSuspicious(list: readonly HttpMatch[]): boolean {
  return (
    list.length >= 2 &&
    list.length % 2 === 0 &&
    list.every((match, place) => (place % 2 === 0 ? isPathAlone(match) : isLooseCondition(match)))
  );
}
