import type { SchemaProblem, SchemaProblemCode } from '../../schema/validate.ts';
import { refusal } from '../codes.ts';
import { POLICY_PLACES } from './ids-of-policies.ts';

/** What the schemas of the CRDs judge, by problem (group CRD of `schemas/validation.yaml`). */
const SCHEMA_IDS: Readonly<Record<SchemaProblemCode, string>> = {
  'unknown-field': 'CRD-01',
  'wrong-type': 'CRD-02',
  'no-value': 'CRD-03',
  'missing-field': 'CRD-04',
  'unknown-value': 'CRD-05',
  'conflicting-fields': 'CRD-06',
  'out-of-range': 'CRD-07',
  'too-long': 'CRD-08',
  'too-short': 'CRD-08',
  'too-many': 'CRD-09',
  'too-few': 'CRD-09',
  'wrong-pattern': 'CRD-10',
};

/**
 * What Istio's own validation says of the same places: problem and field, `Type.field`, or `Type.field[]` for an entry of
 * a list, `field[]` for one of a map. The ids are those of `schemas/validation.yaml`.
 */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  ...POLICY_PLACES,
  'no-value VirtualServiceSpec.http[]': ['VS-13'],
  'no-value headers[]': ['VS-26'],
  'no-value HTTPRoute.route[]': ['VS-72'],
  'no-value HTTPRoute.mirrors[]': ['VS-52'],
  'no-value TCPRoute.route[]': ['VS-72'],
  'no-value TLSRoute.route[]': ['VS-72'],
  'no-value TLSRoute.match[]': ['VS-81'],
  'no-value TCPRoute.match[]': ['VS-91'],
  'missing-field HTTPRouteDestination.destination': ['VS-73'],
  'missing-field RouteDestination.destination': ['VS-73'],
  'missing-field HTTPMirrorPolicy.destination': ['VS-52'],
  'missing-field Destination.host': ['VS-77'],
  'missing-field TLSRoute.match': ['VS-80'],
  'missing-field TLSMatchAttributes.sniHosts': ['VS-82'],
  'no-value GatewaySpec.servers[]': ['GW-03'],
  'missing-field Server.hosts': ['GW-06'],
  'missing-field Server.port': ['GW-08'],
  'missing-field ServerPort.name': ['GW-12'],
  'too-many ServerTLSSettings.tlsCertificates': ['GW-30'],
  'missing-field DestinationRuleSpec.host': ['DR-01'],
  'no-value DestinationRuleSpec.subsets[]': ['DR-02'],
  'missing-field Subset.name': ['DR-04'],
  'missing-field HTTPCookie.name': ['DR-30'],
  'missing-field HTTPCookieAttribute.name': ['DR-31'],
  'no-value TrafficPolicy.portLevelSettings[]': ['DR-59'],
  'missing-field WarmupConfiguration.duration': ['DR-50'],
  'out-of-range WarmupConfiguration.minimumPercent': ['DR-51'],
  'out-of-range WarmupConfiguration.aggression': ['DR-52'],
  'missing-field TunnelSettings.targetHost': ['DR-63'],
  'missing-field TunnelSettings.targetPort': ['DR-64'],
  'unknown-value ProxyProtocol.version': ['DR-65'],
};

/** Codes of a finding on a schema problem; `refuses` where Istio's own validation or decoder refuses it as well. */
export function schemaCodes(
  problem: Pick<SchemaProblem, 'code' | 'type' | 'path' | 'name'>,
  refuses: boolean,
): readonly string[] {
  const ids = [...placeIds(problem), SCHEMA_IDS[problem.code]];
  return refuses ? refusal(...ids) : ids;
}

function placeIds({
  code,
  type,
  path,
  name,
}: Pick<SchemaProblem, 'code' | 'type' | 'path' | 'name'>): readonly string[] {
  if (code === 'missing-field') return PLACES[`${code} ${type ?? ''}.${name}`] ?? [];
  // An entry of a map has no type of its own, only the field whose entry it is.
  if (type === undefined) return PLACES[`${code} ${String(path.at(-2))}[]`] ?? [];
  const field = String(path.findLast(step => typeof step === 'string'));
  return PLACES[`${code} ${type}.${field}${typeof path.at(-1) === 'number' ? '[]' : ''}`] ?? [];
}
