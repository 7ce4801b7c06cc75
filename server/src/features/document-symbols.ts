import type { TypedResource } from '../model/decode.ts';
import type {
  Destination,
  HttpRoute,
  RouteDestination,
  TcpRoute,
  TlsRoute,
  VirtualService,
} from '../model/virtual-service.ts';
import type { FileId, FileRange, Span } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { child, itemsOf, resolve, stringOf, type YamlNode } from '../yaml/node.ts';
import { conditionTexts, connectionTexts, matchText } from './match-text.ts';
import { sharesOf, shareText } from './shares.ts';
import type { SymbolNode } from './types.ts';

/** A node of the outline before it has a place in the text. */
interface Part {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolNode['kind'];
  readonly at: Span;
  /** The name inside; the start of the part where it has none. */
  readonly nameAt?: Span | undefined;
  readonly parts?: readonly Part[];
}

/**
 * The outline of a file: one node for each resource, with what one would jump to inside it. Names lie inside their
 * nodes, and nodes inside their parents: a part that an alias brings in from elsewhere is left out.
 */
export function documentSymbols(snapshot: Snapshot, id: FileId): readonly SymbolNode[] {
  const file = snapshot.file(id);
  if (file === undefined) return [];
  return file.resources.flatMap(resource => {
    const name = resource.name === '' ? resource.kind : `${resource.kind} ${resource.name}`;
    const { at, nameAt, namespace: detail } = resource;
    return symbolOf({ name, detail, kind: 'resource', at, nameAt, parts: partsOf(resource) }, span =>
      file.locate(span),
    );
  });
}

function symbolOf(part: Part, locate: (span: Span) => FileRange | undefined): SymbolNode[] {
  const range = locate(part.at);
  if (range === undefined) return [];
  const name = part.nameAt === undefined ? undefined : locate(part.nameAt);
  const nameRange = name !== undefined && inside(range, name) ? name : { ...range, end: range.start };
  const children = (part.parts ?? [])
    .flatMap(inner => symbolOf(inner, locate))
    .filter(node => inside(range, node.range));
  return [{ name: part.name, detail: part.detail, kind: part.kind, range, nameRange, children }];
}

function inside(outer: FileRange, inner: FileRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function partsOf(resource: TypedResource): readonly Part[] {
  switch (resource.type) {
    case 'VirtualService':
      return virtualServiceParts(resource);
    case 'DestinationRule':
      return resource.subsets.map(({ at, name, labels }, index) => ({
        name: name?.value || `subsets[${index}]`,
        detail: labels.map(({ key, value }) => `${key.value}=${value.value}`).join(', '),
        kind: 'subset',
        at,
        nameAt: name,
      }));
    case 'Gateway':
      return resource.servers.map(({ at, index, port, hosts }) => ({
        name:
          [port?.number?.value, port?.protocol?.value].filter(word => word !== undefined).join(' ') ||
          `servers[${index}]`,
        detail: hosts.map(({ value }) => value).join(', '),
        kind: 'server',
        at,
        nameAt: port?.number,
      }));
    case 'Service':
    case 'ServiceEntry':
      return resource.ports.map(({ at, number, name, protocol }, index) => ({
        name: [number?.value, name?.value].filter(word => word !== undefined).join(' ') || `ports[${index}]`,
        detail: protocol?.value ?? '',
        kind: 'port',
        at,
        nameAt: number,
      }));
    case 'Sidecar':
      return resource.egress.map(({ at, port, hosts }) => ({
        name: port === undefined ? 'egress' : `egress ${port.value}`,
        detail: hosts.map(({ value }) => value).join(', '),
        kind: 'server',
        at,
        nameAt: port,
      }));
    case 'Other':
      return otherParts(resource);
    default:
      return [];
  }
}

function virtualServiceParts(vs: VirtualService): readonly Part[] {
  return [
    ...vs.http.map((rule): Part => {
      const texts = rule.match.map(conditionTexts);
      const matches = rule.match.map(({ at, name }, index): Part => {
        const text = matchText([texts[index] ?? []]);
        return {
          name: name?.value || text,
          detail: name === undefined ? 'match' : text,
          kind: 'match',
          at,
          nameAt: name,
        };
      });
      return {
        name: rule.name?.value || `http[${rule.index}]`,
        detail: `${matchText(texts)}${actionText(rule)}`,
        kind: 'route',
        at: rule.at,
        nameAt: rule.name,
        parts: [...matches, ...destinationParts(rule.route), ...mirrorParts(rule)],
      };
    }),
    ...vs.tls.map((rule): Part => connectionPart('tls', rule)),
    ...vs.tcp.map((rule): Part => connectionPart('tcp', rule)),
  ];
}

/** What a rule does instead of forwarding. */
function actionText({ redirect, directResponse, delegate }: HttpRoute): string {
  if (redirect !== undefined) return ' → redirect';
  if (directResponse !== undefined) return ` → ${directResponse.status?.value ?? 'direct response'}`;
  return delegate === undefined ? '' : ` → delegate ${delegate.name?.value ?? ''}`.trimEnd();
}

function connectionPart(kind: 'tls' | 'tcp', rule: TcpRoute | TlsRoute): Part {
  return {
    name: `${kind}[${rule.index}]`,
    detail: matchText(rule.match.map(connectionTexts)),
    kind: 'route',
    at: rule.at,
    parts: destinationParts(rule.route),
  };
}

function destinationParts(route: readonly RouteDestination[]): readonly Part[] {
  const shares = sharesOf(route.map(({ weight }) => weight?.value));
  return route.map(({ at, destination }, index) => ({
    name: destinationText(destination),
    detail: shareText(shares[index] ?? 0),
    kind: 'destination',
    at,
    nameAt: destination?.host,
  }));
}

function mirrorParts({ mirror, mirrors }: HttpRoute): readonly Part[] {
  return [mirror, ...mirrors.map(({ destination }) => destination)].flatMap((destination): Part[] =>
    destination === undefined
      ? []
      : [
          {
            name: destinationText(destination),
            detail: 'mirror',
            kind: 'destination',
            at: destination.at,
            nameAt: destination.host,
          },
        ],
  );
}

function destinationText(destination: Destination | undefined): string {
  const { host, subset, port } = destination ?? {};
  return [
    host?.value || 'destination',
    port === undefined ? '' : `:${port.value}`,
    subset === undefined ? '' : ` ${subset.value}`,
  ].join('');
}

/** Kinds whose meaning is not decoded: the entries of the list that makes them up. */
function otherParts(resource: TypedResource): readonly Part[] {
  const list = (field: string, kind: SymbolNode['kind'], describe: (item: YamlNode) => string): readonly Part[] =>
    itemsOf(child(resource.spec, field)).map((item, index) => ({
      name: `${field}[${index}]`,
      detail: describe(item),
      kind,
      at: { anchor: resource.document, start: item.start, end: item.end },
    }));
  switch (resource.kind) {
    case 'AuthorizationPolicy':
      return list('rules', 'rule', ruleText);
    case 'RequestAuthentication':
      return list('jwtRules', 'rule', item => stringOf(child(item, 'issuer')) ?? '');
    case 'EnvoyFilter':
      return list('configPatches', 'policy', item =>
        [child(item, 'applyTo'), child(child(item, 'patch'), 'operation'), child(child(item, 'match'), 'context')]
          .map(node => stringOf(node) ?? '')
          .filter(word => word !== '')
          .join(' '),
      );
    default:
      return [];
  }
}

/** Methods and paths of a rule of an AuthorizationPolicy; else the names of its parts. */
function ruleText(item: YamlNode): string {
  const operations = itemsOf(child(item, 'to')).map(to => child(to, 'operation'));
  const words = operations.flatMap(operation =>
    ['methods', 'paths'].flatMap(key => itemsOf(child(operation, key)).map(word => stringOf(word) ?? '')),
  );
  if (words.length > 0) return words.slice(0, 6).join(' ');
  const map = resolve(item);
  return map?.kind === 'map' ? map.entries.map(({ key }) => key.source).join(', ') : '';
}
