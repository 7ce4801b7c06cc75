import { replaceWith } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { blockRefusal, blocksOf } from './settings.ts';

/** Envoy's own bound; tables are smaller. */
const BOUND = 5_000_011;

export const invalidTableSize = resourceRule({
  id: 'destination-rule/invalid-table-size',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'The size of a Maglev table is not a prime number, or too large.',
  why: 'The algorithm of Maglev needs a prime number, and Envoy takes none from 5000011 on. Istio refuses the DestinationRule.',
  remedy: 'Take a prime number that is much larger than the number of endpoints; 65537 is usual.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: 65536 } } } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: 65537 } } } }
`,
  codes: ['IST0106', 'DR-36', 'DR-37'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const block of blocksOf(rule, schemas.facts, 'LoadBalancerSettings')) {
      const size = block.fields.object('consistentHash')?.object('maglev')?.number('tableSize');
      if (size === undefined || !Number.isInteger(size.value) || size.value <= 0) continue;
      if (size.value >= BOUND) {
        const message = `${size.value} is too large for a Maglev table, which has less than ${BOUND} places`;
        yield { at: size, message, codes: blockRefusal(block, 'DR-36') };
      } else if (!isPrime(size.value)) {
        const next = nextPrime(size.value);
        yield {
          at: size,
          message: `${size.value} is no prime number, which a Maglev table needs; the next one is ${next}`,
          fixes:
            next < BOUND
              ? [{ title: `Change to ${next}`, edits: [replaceWith(size, String(next))], preferred: true }]
              : [],
          codes: blockRefusal(block, 'DR-37'),
        };
      }
    }
  },
});

function isPrime(number: number): boolean {
  if (number < 4) return number > 1;
  if (number % 2 === 0) return false;
  for (let factor = 3; factor * factor <= number; factor += 2) if (number % factor === 0) return false;
  return true;
}

function nextPrime(number: number): number {
  let next = number + 1;
  while (!isPrime(next)) next++;
  return next;
}
