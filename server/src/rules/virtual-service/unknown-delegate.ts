import type { HttpRoute, VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { addEntry, changeTo, mapAt } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const unknownDelegate = workspaceRule({
  id: 'virtual-service/unknown-delegate',
  severity: 'warning',
  on: ['VirtualService'],
  summary: 'A rule delegates to a VirtualService that cannot take it over.',
  why: 'Istio leaves the rule out without a word when the delegate does not exist, has hosts of its own, or is not exported to the namespace of the VirtualService. Its requests go on to later rules, or get 404.',
  remedy:
    'Correct the name and the namespace; a delegate has no `hosts`, and its `exportTo` must include this namespace.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart-routes, namespace: shop }
spec:
  http:
    - route: [{ destination: { host: cart } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  http:
    - match: [{ uri: { prefix: /cart } }]
      delegate: { name: cart-route }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart-routes, namespace: shop }
spec:
  http:
    - route: [{ destination: { host: cart } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  http:
    - match: [{ uri: { prefix: /cart } }]
      delegate: { name: cart-routes }
`,
  *check(vs, snapshot) {
    for (const { delegate } of vs.http) {
      const finding = delegate?.name === undefined ? undefined : judge(vs, snapshot, delegate, delegate.name);
      if (finding !== undefined) yield finding;
    }
  },
});

function judge(
  vs: VirtualService,
  snapshot: Snapshot,
  delegate: NonNullable<HttpRoute['delegate']>,
  name: Located<string>,
): Finding | undefined {
  const namespace = delegate.namespace?.value || vs.namespace;
  const user = delegate.namespace?.value ? undefined : vs;
  const resolution = snapshot.references.delegate(name.value, namespace, user);
  if (resolution.outcome === 'unknowable') return undefined;
  const effect = 'so this rule is left out';
  if (resolution.outcome === 'found') {
    const { target } = resolution;
    if (target.hosts[0] !== undefined) {
      const related = [{ at: target.hosts[0], message: 'only a VirtualService without hosts can be a delegate' }];
      return {
        at: name,
        message: `VirtualService ${quoted(name.value)} has hosts of its own and cannot be a delegate, ${effect}`,
        related,
      };
    }
    if (isExported(target, vs.namespace)) return undefined;
    const related = target.exportTo.map(at => ({ at, message: 'exported to other namespaces only' }));
    return {
      at: name,
      message: `VirtualService ${quoted(name.value)} is not exported to namespace ${quoted(vs.namespace)}, ${effect}`,
      related,
    };
  }
  const delegates = snapshot.index.all('VirtualService').filter(other => other.hosts.length === 0);
  const neighbors = delegates.filter(other => other.namespace === namespace).map(other => other.name);
  const guess = nearest(name.value, neighbors);
  const namesake = delegates.find(other => other.name === name.value);
  const reason = `no VirtualService ${quoted(name.value)} in namespace ${quoted(namespace)}, ${effect}`;
  if (namesake !== undefined) {
    const place = quoted(namesake.namespace);
    const map = mapAt(vs.document, delegate.at);
    const isSimple = delegate.namespace === undefined && map !== undefined && isExported(namesake, vs.namespace);
    return {
      at: name,
      message: `${reason}; one is in namespace ${place}`,
      related: [{ at: namesake.nameAt, message: `a delegate of this name is in namespace ${place}` }],
      fixes: isSimple
        ? [
            {
              title: `Add the namespace "${namesake.namespace}"`,
              edits: [addEntry(vs.document, map, `namespace: ${namesake.namespace}`)],
            },
          ]
        : [],
    };
  }
  if (guess === undefined) return { at: name, message: reason };
  return {
    at: name,
    message: `${reason}; did you mean ${quoted(guess)}?`,
    fixes: [{ ...changeTo(vs.document, name, guess), preferred: true }],
  };
}

/** `PILOT.md` 2.2: the delegate's `exportTo` decides, `*` by default. */
function isExported(delegate: VirtualService, namespace: string): boolean {
  const { exportTo } = delegate;
  if (exportTo.length === 0) return true;
  return exportTo.some(
    ({ value }) => value === '*' || value === namespace || (value === '.' && delegate.namespace === namespace),
  );
}
