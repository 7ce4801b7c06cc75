import type { VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import { Fields } from '../fields.ts';
import { isOneRoute } from '../per-route.ts';
import { rulesOf } from './http-rules.ts';

/** A name of a gateway in a VirtualService, with the id of the check of its place. */
export interface GatewayName {
  readonly name: Located<string>;
  readonly ids: readonly string[];
  /** Istio's validation does not get so far: it stops behind the first name without a slash (`validateGatewayNames`). */
  readonly isUnread: boolean;
}

/** The names of gateways in a VirtualService, those in its matches included; of a part of one only its own. */
export function* gatewayNames(vs: VirtualService): Generator<GatewayName> {
  const spec = Fields.spec(vs, 'VirtualService');
  if (spec === undefined) return;
  if (!isOneRoute(vs)) yield* namesOf(spec, []);
  for (const list of ['http', 'tls', 'tcp'] as const) {
    const ids = list === 'http' ? [] : ['VS-88'];
    for (const rule of rulesOf(vs, list)) for (const match of rule.objects('match')) yield* namesOf(match, ids);
  }
}

function* namesOf(object: Fields, ids: readonly string[]): Generator<GatewayName> {
  let isUnread = false;
  for (const name of object.strings('gateways')) {
    yield { name, ids, isUnread };
    if (!name.value.includes('/')) isUnread = true;
  }
}
