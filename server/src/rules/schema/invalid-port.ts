import type { TypedResource } from '../../model/decode.ts';
import type { Visit } from '../../schema/walk.ts';
import { child, nodeAt, resolve, stringOf } from '../../yaml/node.ts';
import { refusal } from '../codes.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { at } from './problems.ts';
import { visitsOf } from './visits.ts';

const LARGEST = 65535;

export const invalidPort = resourceRule({
  id: 'schema/invalid-port',
  severity: 'error',
  on: ['VirtualService', 'DestinationRule', 'Gateway'],
  per: 'route',
  summary: 'A port number outside of 1 to 65535.',
  why: 'There is no such port, so Istio refuses the resource.',
  remedy: 'Write the number of the port, as the Service or the workload has it.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews, port: { number: 90800 } } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews, port: { number: 9080 } } }]
`,
  codes: ['IST0106', 'COM-03'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const visit of visitsOf(resource, schemas.facts)) {
      const { field, shape, type, fieldName } = visit;
      if (field.value !== 'port' || shape.type !== 'integer') continue;
      const place = `${type}.${fieldName}`;
      const rule = PLACES[place];
      const value = resolve(visit.node);
      // Of the port that a policy is for, nobody asks the range.
      if (rule === undefined || visit.path.includes('portLevelSettings')) continue;
      if (value?.kind !== 'scalar' || typeof value.value !== 'number') continue;
      const number = value.value;
      // What is no whole number, or does not fit into 32 bits, is said by the rules of the schema.
      if (!Number.isInteger(number) || number < 0 || number > 2 ** 32 - 1 || (number >= 1 && number <= LARGEST))
        continue;
      if (number === 0 && (rule.zero === true || isOfSocket(resource, visit))) continue;
      yield {
        at: at(resource, value),
        message: `${number} is no port: ${quoted(nameOf(visit))} takes 1 to ${LARGEST}`,
        codes: refusal(...rule.ids, 'COM-03'),
      };
    }
  },
});

interface PortPlace {
  /** Ids of our list of what Istio judges (`schemas/validation.yaml`). */
  readonly ids: readonly string[];
  /** Zero stands for no port. */
  readonly zero?: true;
}

/** Where Istio looks at the range of a port. */
const PLACES: Readonly<Record<string, PortPlace>> = {
  'HTTPMatchRequest.port': { ids: ['VS-31'], zero: true },
  'L4MatchAttributes.port': { ids: ['VS-87'], zero: true },
  'TLSMatchAttributes.port': { ids: ['VS-87'], zero: true },
  'HTTPRedirect.port': { ids: ['VS-59'], zero: true },
  'PortSelector.number': { ids: ['VS-79'] },
  'ServerPort.number': { ids: ['GW-10'] },
  'TunnelSettings.targetPort': { ids: ['DR-64'] },
};

/** The port of a server that is bound to a socket is 0. */
function isOfSocket({ node }: TypedResource, { type, path }: Visit): boolean {
  return (
    type === 'ServerPort' && stringOf(child(nodeAt(node, path.slice(0, -2)), 'bind'))?.startsWith('unix://') === true
  );
}

function nameOf({ fieldName, path }: Visit): string {
  return fieldName === 'number' && typeof path.at(-2) === 'string' ? String(path.at(-2)) : fieldName;
}
