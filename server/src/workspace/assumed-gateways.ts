import type { Gateway } from '../model/gateway.ts';
import { resolveGatewayName } from '../model/host.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import { locate } from '../text/range.ts';
import type { Index } from './index.ts';
import type { References } from './references.ts';

/** Label of the workload that a Gateway that is taken to exist selects; no other Gateway selects it by this label. */
const ASSUMED = 'istio-yaml/assumed';

/**
 * A Gateway for each name that VirtualServices are bound to and that may exist elsewhere: one plain HTTP server on
 * port 80 for all hosts. Without it a lone VirtualService would show in no table.
 */
export function assumedGateways(index: Index, references: References): readonly Gateway[] {
  const found = new Map<string, Gateway>();
  for (const vs of index.all('VirtualService')) {
    for (const reference of vs.gateways) {
      const key = resolveGatewayName(reference.value, vs.namespace);
      if (
        key === 'mesh' ||
        found.has(key) ||
        references.gateway(reference.value, vs.namespace).outcome !== 'unknowable'
      )
        continue;
      found.set(key, assumedGateway(key, vs, reference));
    }
  }
  return [...found.values()];
}

/** It stands where it is named: in the VirtualService that refers to it. */
function assumedGateway(key: string, vs: VirtualService, reference: VirtualService['gateways'][number]): Gateway {
  const slash = key.indexOf('/');
  const text = (value: string): typeof reference => locate(value, reference.anchor, reference);
  const number = locate(80, reference.anchor, reference);
  const port = { at: reference, number, name: text('http'), protocol: text('HTTP') };
  const server = {
    at: reference,
    index: 0,
    name: undefined,
    bind: undefined,
    hosts: [text('*')],
    port,
    tls: undefined,
  };
  return {
    ...vs,
    type: 'Gateway',
    kind: 'Gateway',
    at: reference,
    kindAt: reference,
    nameAt: reference,
    namespace: key.slice(0, slash),
    name: key.slice(slash + 1),
    labels: [],
    annotations: [],
    creationTimestamp: '',
    spec: undefined,
    selector: [{ key: text(ASSUMED), value: text(key) }],
    selectorAt: undefined,
    servers: [server],
  };
}
