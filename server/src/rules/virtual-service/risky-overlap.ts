import type { HttpRoute } from '../../model/virtual-service.ts';
import type { Span } from '../../text/range.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { type DeadRule, deadRules } from './dead-rules.ts';
import { codeOf, orderWarnings } from './istio-order.ts';

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
    const dead = new Map(deadRules(vs, snapshot).map(found => [found.rule.index, deadOf(found)] as const));
    const rules = new Map(vs.http.map(rule => [rule.index, rule] as const));
    for (const warning of warnings) {
      const { rule, match } = warning;
      const said = dead.get(rule);
      if (said === 'whole' || (match !== undefined && said?.has(match) === true)) continue;
      const place = placeOf(rules.get(rule), match);
      if (place === undefined) continue;
      const what = warning.match === undefined ? 'rule' : 'match';
      yield {
        at: place,
        message: `Istio will warn that this ${what} is not used because of ${nameOf(rules.get(warning.by), warning.by)}: ${codeOf(warning.id)}; requests do reach it`,
        codes: [codeOf(warning.id), warning.id],
      };
    }
  },
});

/** The indices of the dead matches of a rule. */
function deadOf({ whole, dead }: DeadRule): 'whole' | ReadonlySet<number | undefined> {
  return whole ? 'whole' : new Set(dead.map(({ site }) => site.match?.index));
}

function placeOf(rule: HttpRoute | undefined, match: number | undefined): Span | undefined {
  if (match === undefined) return rule?.name ?? rule?.routeAt ?? rule?.at;
  const inPlace = rule?.match[match];
  const own = inPlace?.index === match ? inPlace : rule?.match.find(({ index }) => index === match);
  return own?.uri?.value ?? own?.at;
}

function nameOf(rule: HttpRoute | undefined, index: number): string {
  const name = rule?.name?.value ?? '';
  return name === '' ? `http[${index}]` : `rule ${quoted(name)}`;
}
