import type { VirtualService } from '../../model/virtual-service.ts';
import type { Span } from '../../text/range.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { deadRules } from './dead-rules.ts';
import { codeOf, type OrderWarning, orderWarnings } from './istio-order.ts';

export const riskyOverlap = workspaceRule({
  id: 'virtual-service/risky-overlap',
  severity: 'information',
  on: ['VirtualService'],
  codes: ['IST0131', 'VS-97'],
  summary: 'Istio warns that a match is never used, and requests do reach it.',
  why: 'Istio compares prefixes of paths and takes little notice of the other conditions: it reads no patterns, takes a match without method for one on GET, and does not look at gateways, ports of clients, labels and namespaces. The warning comes with every `kubectl apply`, and somebody may delete the match because of it.',
  remedy: 'Leave it as it is. To be rid of the warning, move the narrower match before the wider one.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: /api }, method: { exact: GET } }]
      route: [{ destination: { host: reader } }]
    - match: [{ uri: { prefix: /api/v2 } }]
      route: [{ destination: { host: writer } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: /api/v2 } }]
      route: [{ destination: { host: writer } }]
    - match: [{ uri: { prefix: /api }, method: { exact: GET } }]
      route: [{ destination: { host: reader } }]
`,
  *check(vs, snapshot) {
    const warnings = orderWarnings(vs).filter(({ list }) => list === 'http');
    if (warnings.length === 0) return;
    const dead = new Map(deadRules(vs, snapshot).map(found => [found.rule.index, found] as const));
    const isSaid = ({ rule, match }: OrderWarning): boolean => {
      const found = dead.get(rule);
      if (found === undefined) return false;
      return found.whole || (match !== undefined && found.dead.some(({ site }) => site.match?.index === match));
    };
    for (const warning of warnings) {
      if (isSaid(warning)) continue;
      const place = placeOf(vs, warning);
      if (place === undefined) continue;
      const what = warning.match === undefined ? 'rule' : 'match';
      yield {
        at: place,
        message: `Istio will warn that this ${what} is not used because of ${nameOf(vs, warning.by)}: ${codeOf(warning.id)}; requests do reach it`,
        codes: [codeOf(warning.id), warning.id],
      };
    }
  },
});

function placeOf(vs: VirtualService, { rule, match }: OrderWarning): Span | undefined {
  const found = vs.http.find(({ index }) => index === rule);
  if (match === undefined) return found?.name ?? found?.routeAt ?? found?.at;
  const own = found?.match.find(({ index }) => index === match);
  return own?.uri?.value ?? own?.at;
}

function nameOf(vs: VirtualService, rule: number): string {
  const name = vs.http.find(({ index }) => index === rule)?.name?.value;
  return name === undefined || name === '' ? `http[${rule}]` : `rule ${quoted(name)}`;
}
