import type { Destination, RouteDestination, VirtualService } from '../../model/virtual-service.ts';
import type { Span } from '../../text/range.ts';
import { quoted } from '../words.ts';

/** The destinations that share the traffic of one rule. */
export interface RouteList {
  readonly section: 'http' | 'tcp' | 'tls';
  /** The key `route`, or the rule where there is none. */
  readonly at: Span;
  /** The whole rule. */
  readonly rule: Span;
  readonly route: readonly RouteDestination[];
}

/** The lists of destinations of a VirtualService: of its HTTP, TLS and TCP rules. */
export function routeLists(vs: VirtualService): readonly RouteList[] {
  return (['http', 'tls', 'tcp'] as const).flatMap(section =>
    vs[section].map(rule => ({ section, at: rule.routeAt ?? rule.at, rule: rule.at, route: rule.route })),
  );
}

/** `"reviews"`, `"reviews" subset "v1"`, `"reviews" port 80` */
export function destinationText(destination: Destination | undefined): string {
  const host = quoted(destination?.host?.value ?? '');
  const subset = destination?.subset?.value ? ` subset ${quoted(destination.subset.value)}` : '';
  const port = destination?.port === undefined ? '' : ` port ${destination.port.value}`;
  return `${host}${subset}${port}`;
}

/** Where a destination is named: its subset where it has one, else its host. */
export function destinationAt(entry: RouteDestination): Span {
  return entry.destination?.subset ?? entry.destination?.host ?? entry.at;
}
