import type { Destination, VirtualService } from '../../model/virtual-service.ts';

/** A destination or a mirror, with what happens when its cluster does not exist. */
export interface NamedDestination {
  readonly destination: Destination;
  /** `requests get 503`, `connections are closed`, `nothing is mirrored` */
  readonly effect: string;
  /** All destinations of the same list, itself included. */
  readonly siblings: readonly Destination[];
}

/** Where a VirtualService sends requests and copies of them, in document order of each section. */
export function namedDestinations(vs: VirtualService): readonly NamedDestination[] {
  const found: NamedDestination[] = [];
  const add = (destinations: readonly (Destination | undefined)[], effect: string): void => {
    const siblings = destinations.filter(destination => destination !== undefined);
    for (const destination of siblings) found.push({ destination, effect, siblings });
  };
  for (const rule of vs.http) {
    add(
      rule.route.map(({ destination }) => destination),
      'requests get 503',
    );
    add([rule.mirror], 'nothing is mirrored');
    add(
      rule.mirrors.map(({ destination }) => destination),
      'nothing is mirrored',
    );
  }
  for (const rule of [...vs.tls, ...vs.tcp]) {
    add(
      rule.route.map(({ destination }) => destination),
      'connections are closed',
    );
  }
  return found;
}
