import { entry, resolve } from '../../yaml/node.ts';
import { refusal } from '../codes.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { at } from './problems.ts';
import { objectsOf } from './visits.ts';

/** Numbers that count something, with the ids of our list of what Istio judges (`schemas/validation.yaml`). */
const COUNTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  HTTPRetry: { attempts: 'VS-63' },
  HTTPSettings: {
    http1MaxPendingRequests: 'DR-17',
    http2MaxRequests: 'DR-18',
    maxRequestsPerConnection: 'DR-19',
    maxRetries: 'DR-20',
    maxConcurrentStreams: 'DR-21',
  },
  TCPSettings: { maxConnections: 'DR-26' },
};

export const invalidCount = resourceRule({
  id: 'schema/invalid-count',
  severity: 'error',
  on: ['VirtualService', 'DestinationRule', 'Sidecar'],
  per: 'route',
  summary: 'A negative number where something is counted.',
  why: 'Istio refuses the resource. No limit is written by leaving the field out, not as `-1`.',
  remedy: 'Write a number from 0 up, or leave the field out.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { connectionPool: { tcp: { maxConnections: -1 } } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } }
`,
  codes: ['IST0106', 'VS-63', 'DR-17', 'DR-18', 'DR-19', 'DR-20', 'DR-21', 'DR-26'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const { map, shape, path } of objectsOf(resource, schemas.facts, ...Object.keys(COUNTS))) {
      for (const [field, id] of Object.entries((shape.type === 'object' && COUNTS[shape.ref]) || {})) {
        const value = resolve(entry(map, field)?.value);
        if (value?.kind !== 'scalar' || typeof value.value !== 'number' || value.value >= 0) continue;
        const ids = resource.kind === 'Sidecar' ? ['SC-20'] : path.includes('portLevelSettings') ? [id, 'DR-61'] : [id];
        yield {
          at: at(resource, value),
          message: `${value.source} is negative, and ${quoted(field)} counts from 0; ${field === 'attempts' ? '0 means no retries' : 'for no limit, leave it out'}`,
          codes: refusal(...ids),
        };
      }
    }
  },
});
