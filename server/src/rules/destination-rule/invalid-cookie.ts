import type { Located } from '../../text/range.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { blockRefusal, blocksOf } from './settings.ts';

export const invalidCookie = resourceRule({
  id: 'destination-rule/invalid-cookie',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'A cookie of a consistent hash without a name, or with an attribute that stands twice.',
  why: 'Istio refuses the DestinationRule.',
  remedy: 'Name the cookie and each of its attributes, every attribute once.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { consistentHash: { httpCookie: { name: "", ttl: 0s } } } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { consistentHash: { httpCookie: { name: session, ttl: 0s } } } }
`,
  codes: ['IST0106', 'DR-30', 'DR-31', 'DR-32'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const block of blocksOf(rule, schemas.facts, 'LoadBalancerSettings')) {
      const cookie = block.fields.object('consistentHash')?.object('httpCookie');
      const name = cookie?.string('name');
      if (name?.value === '')
        yield {
          at: name,
          message: 'this cookie has no name, so nothing can be hashed by it',
          codes: blockRefusal(block, 'DR-30'),
        };
      yield* attributes(
        (cookie?.objects('attributes') ?? []).map(attribute => attribute.string('name')),
        id => blockRefusal(block, id),
      );
    }
  },
});

function* attributes(
  names: readonly (Located<string> | undefined)[],
  codes: (id: string) => readonly string[],
): Generator<Finding> {
  const first = new Map<string, Located<string>>();
  for (const name of names) {
    if (name === undefined) continue;
    const known = first.get(name.value);
    if (name.value === '')
      yield { at: name, message: 'this attribute of the cookie has no name', codes: codes('DR-31') };
    else if (known === undefined) first.set(name.value, name);
    else {
      yield {
        at: name,
        message: `the cookie has an attribute ${quoted(name.value)} already, so Istio refuses the DestinationRule`,
        related: [{ at: known, message: 'the first one' }],
        codes: codes('DR-32'),
      };
    }
  }
}
