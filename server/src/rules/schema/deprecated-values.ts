const NONE: ReadonlyMap<string, string> = new Map();

/** Values of enums that have a successor of the same meaning, by type and field. The CRDs do not tell. */
const VALUES: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['LoadBalancerSettings.simple', new Map([['LEAST_CONN', 'LEAST_REQUEST']])],
]);

/** The old values of a field, each with what is written today. */
export function deprecatedValues(type: string | undefined, field: string): ReadonlyMap<string, string> {
  return VALUES.get(`${type ?? ''}.${field}`) ?? NONE;
}
