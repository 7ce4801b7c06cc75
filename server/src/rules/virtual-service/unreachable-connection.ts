import type { VirtualService } from '../../model/virtual-service.ts';
import type { Span } from '../../text/range.ts';
import { listOf, removeItem } from '../edits.ts';
import type { Fix } from '../rule.ts';
import { resourceRule } from '../rule.ts';
import { codeOf, orderWarnings } from './istio-order.ts';

export const unreachableConnection = resourceRule({
  id: 'virtual-service/unreachable-connection',
  severity: 'warning',
  on: ['VirtualService'],
  codes: ['IST0130', 'IST0131', 'VS-93', 'VS-94', 'VS-95', 'VS-96'],
  summary: 'No connection reaches a rule of `tcp` or `tls`, or a match of one: earlier ones take them.',
  why: 'Rules are tried from top to bottom and the first match wins. One without a match takes every connection, and one that says the same as an earlier one takes none.',
  remedy: 'Put the rule without a match last, and delete what stands twice.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: database }
spec:
  hosts: [database]
  tcp:
    - route: [{ destination: { host: database } }]
    - match: [{ port: 3306 }]
      route: [{ destination: { host: mysql } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: database }
spec:
  hosts: [database]
  tcp:
    - match: [{ port: 3306 }]
      route: [{ destination: { host: mysql } }]
    - route: [{ destination: { host: database } }]
`,
  *check(vs) {
    const warnings = orderWarnings(vs).filter(({ list }) => list !== 'http');
    for (const list of ['tls', 'tcp'] as const) {
      for (const rule of vs[list]) {
        const own = warnings.filter(warning => warning.list === list && warning.rule === rule.index);
        const whole = own.find(({ match }) => match === undefined);
        const named = whole === undefined ? own : [whole];
        for (const warning of named) {
          const at = warning.match === undefined ? (rule.routeAt ?? rule.at) : rule.match[warning.match]?.at;
          const earlier = vs[list].find(({ index }) => index === warning.by);
          if (at === undefined || earlier === undefined) continue;
          const isCut = warning.id === 'VS-93' || warning.id === 'VS-94';
          const reason = isCut ? 'has no match and takes every one' : 'takes the same ones';
          const ids = whole === undefined ? [warning.id] : [...new Set(own.map(({ id }) => id))];
          yield {
            at,
            message: `no connection reaches this ${warning.match === undefined ? 'rule' : 'match'}: ${list}[${warning.by}] before it ${reason}`,
            fade: warning.match === undefined ? rule.at : at,
            related: [{ at: earlier.routeAt ?? earlier.at, message: reason }],
            fixes: warning.id === 'VS-96' ? removal(vs, at) : [],
            codes: [...new Set([codeOf(warning.id), ...ids.map(codeOf)]), ...ids],
          };
        }
      }
    }
  },
});

/** A match that stands twice changes nothing when it goes. */
function removal({ document }: VirtualService, match: Span): readonly Fix[] {
  const found = listOf(document, match);
  const edit = found === undefined ? undefined : removeItem(document, found.list, found.index);
  return edit === undefined ? [] : [{ title: 'Remove this match', edits: [edit] }];
}
