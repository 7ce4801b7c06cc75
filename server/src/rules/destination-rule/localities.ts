/** Localities as Istio's validation compares them (`validateLocalities`): `region/zone/subzone`, the last parts optional. */

export interface LocalityFault {
  readonly message: string;
  /** Index of the locality before it that covers it. */
  readonly other?: number;
}

/** What is wrong with some localities of one list, by index; Istio stops at the first. */
export function localityFault(
  localities: readonly string[],
): { readonly index: number; readonly fault: LocalityFault } | undefined {
  for (const [index, locality] of localities.entries()) {
    const stars = locality.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !locality.endsWith('*')))
      return { index, fault: { message: `a "*" may only stand at the end of a locality` } };
    const other = localities.slice(0, index).findIndex(before => covers(before, locality));
    if (other >= 0) return { index, fault: { message: 'covered', other } };
    if (parts(locality).includes('')) return { index, fault: { message: 'it has an empty region, zone or subzone' } };
  }
  return undefined;
}

function parts(locality: string): readonly string[] {
  const [region = '', zone, ...rest] = locality.split('/');
  if (zone === undefined) return [region];
  return rest.length === 0 ? [region, zone] : [region, zone, rest.join('/')];
}

/** Whether two localities overlap: equal as far as both go. The later one may not be wider than one before it, either. */
function covers(before: string, locality: string): boolean {
  if (before === '*') return true;
  const [a, b] = [parts(before), parts(locality)];
  if (a[0] !== b[0]) return false;
  // A region alone takes all that begins with it, and comes after nothing of it.
  if (a.length === 1 || b.length === 1) return true;
  if (a[1] === '*') return true;
  if (a[1] !== b[1]) return false;
  if (a.length === 2 || b.length === 2) return true;
  return a[2] === '*' || a[2] === b[2];
}
