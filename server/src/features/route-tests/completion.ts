import { plainMap } from '../../model/reader.ts';
import { keyOf } from '../../model/resource.ts';
import { TEST_FIELDS, type TestField, type TestType } from '../../model/route-test/fields.ts';
import type { FileId } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { Step } from '../../yaml/node.ts';
import { type Context, contextAt } from '../completion/context.ts';
import { itemsOf, type Offer } from '../completion/offer.ts';
import { contentSlot, itemSlot, plainSlot } from '../completion/slot.ts';
import type { CompletionItem } from '../types.ts';

/** What can be written at an offset of a file of route tests. */
export function routeTestCompletion(snapshot: Snapshot, file: FileId, offset: number): readonly CompletionItem[] {
  const context = contextAt(snapshot, file, offset);
  if (context === undefined) return [];
  const { cursor } = context;
  const place = placeAt(cursor.path);
  if (place === undefined) return [];
  if (place === 'list') return itemsOf([newTest(context)], itemSlot(context));
  if (typeof place === 'string') {
    if (cursor.place === 'value')
      return cursor.contentFollows ? [] : itemsOf(keyOffers(context, place), contentSlot(context, 'map'));
    const isItem = cursor.path.length === 1 && cursor.levels.at(-1)?.depth !== cursor.path.length;
    const offers = keyOffers(context, place);
    return itemsOf(
      isItem ? [newTest(context), ...offers] : offers,
      isItem && cursor.needsDash ? itemSlot(context) : plainSlot(context),
    );
  }
  const { field } = place;
  if (field.shape === 'request' && cursor.place === 'key' && cursor.levels.at(-1)?.depth === cursor.path.length)
    return itemsOf(keyOffers(context, 'request'), plainSlot(context));
  const values = valueOffers(context, field).map(offer => ({ isText: field.shape !== 'boolean', ...offer }));
  const isMap = field.shape === 'texts' || field.shape === 'numbers';
  if (!isMap) return cursor.place === 'value' || cursor.prefix === '' ? itemsOf(values, plainSlot(context)) : [];
  if (cursor.place === 'value' && cursor.path.at(-1) !== place.name) return [];
  const names = values.map(({ label, ...offer }) => ({ ...offer, label, lines: [`${label}: $1`] }));
  return itemsOf(names, cursor.place === 'value' ? contentSlot(context, 'map') : plainSlot(context));
}

type Place = TestType | 'list' | { readonly name: string; readonly field: TestField };

/** The object whose keys, or the field whose value, stands at a path. */
function placeAt(path: readonly Step[]): Place | undefined {
  if (path.length === 0) return 'list';
  if (path[0] !== 0) return undefined;
  let type: TestType = 'test';
  for (const [i, step] of path.slice(1).entries()) {
    const name = String(step);
    const field: TestField | undefined = Object.hasOwn(TEST_FIELDS[type], name) ? TEST_FIELDS[type][name] : undefined;
    if (field === undefined) return undefined;
    if (typeof field.shape === 'object') type = field.shape.object;
    // A request may be a line or an object: further keys below it are those of the object.
    else if (field.shape === 'request' && i + 2 < path.length) type = 'request';
    else return { name, field };
  }
  return type;
}

function newTest({ layout }: Context): Offer {
  const indent = ' '.repeat(layout.step);
  return {
    label: 'test',
    kind: 'snippet',
    detail: 'a test of a route',
    documentation: 'A request, and what has to come of it.',
    lines: [
      `name: \${1:what it is about}`,
      `request: \${2:GET} \${3:http://host/path}`,
      'expect:',
      `${indent}destination: \${4:service}$0`,
    ],
    rank: 1,
  };
}

function keyOffers(context: Context, type: TestType): readonly Offer[] {
  const { cursor, layout } = context;
  const level = cursor.levels.at(-1);
  const present =
    cursor.place === 'key' && level?.depth === cursor.path.length ? level.keys : new Map<string, string>();
  return Object.entries(TEST_FIELDS[type])
    .filter(([name]) => !present.has(name))
    .map(([name, field]): Offer => {
      const isObject = typeof field.shape === 'object' || field.shape === 'texts' || field.shape === 'numbers';
      const indent = ' '.repeat(layout.step);
      const whole = !isObject ? [`${name}: `] : cursor.flow ? [`${name}: { $1 }`] : [`${name}:`, `${indent}$1`];
      const lines =
        cursor.place === 'key' && cursor.colonFollows
          ? [name]
          : cursor.contentFollows && cursor.place === 'key'
            ? [`${name}:`]
            : whole;
      return {
        label: name,
        kind: 'field',
        detail: `${wordOf(field)}${field.required === true ? ', required' : ''}`,
        documentation: field.documentation,
        lines,
        rank: field.required === true ? 2 : 3,
        retrigger: field.offers !== undefined || typeof field.shape === 'object' || field.shape === 'boolean',
      };
    });
}

function wordOf({ shape }: TestField): string {
  if (typeof shape === 'object') return 'object';
  return {
    text: 'text',
    number: 'number',
    boolean: 'boolean',
    texts: 'map of texts',
    numbers: 'map of numbers',
    request: 'line or object',
  }[shape];
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

function valueOffers({ snapshot, cursor }: Context, { shape, offers }: TestField): readonly Offer[] {
  const { mesh } = snapshot.routing;
  const values = (labels: Iterable<string>, detail: string): readonly Offer[] =>
    [...new Set(labels)].sort().map(label => ({ label, kind: 'reference', detail }));
  if (shape === 'boolean') return ['true', 'false'].map(label => ({ label, kind: 'value' }));
  switch (offers) {
    case 'method':
      return METHODS.map(label => ({ label, kind: 'value' }));
    case 'gateway':
      return values(mesh.gateways.map(keyOf), 'Gateway');
    case 'namespace':
      return values(
        [...mesh.services, ...mesh.virtualServices].map(({ namespace }) => namespace).filter(name => name !== ''),
        'namespace',
      );
    case 'host':
      return values(
        mesh.services.map(({ name, namespace, host }) => (name === '' ? host : `${name}.${namespace}`)),
        'service',
      );
    case 'route':
      return values(
        mesh.virtualServices.flatMap(({ http }) => http.flatMap(rule => rule.name?.value ?? [])),
        'route',
      );
    case 'subset': {
      const wanted = cursor.levels.at(-1)?.keys.get('destination') ?? '';
      const short = wanted.split(/[.:]/)[0] ?? '';
      return mesh.destinationRules
        .filter(({ host }) => short === '' || host?.value.split('.')[0] === short)
        .flatMap(rule =>
          rule.subsets.flatMap(({ name, labels }) =>
            name === undefined
              ? []
              : [
                  {
                    label: name.value,
                    kind: 'reference' as const,
                    detail: subsetDetail(rule.host?.value ?? '', plainMap(labels)),
                  },
                ],
          ),
        );
    }
    case 'request':
      return requestOffers(snapshot);
    default:
      return [];
  }
}

function subsetDetail(host: string, labels: Readonly<Record<string, string>>): string {
  return `${host} ${Object.entries(labels)
    .map(pair => pair.join('='))
    .join(', ')}`.trim();
}

const MOST = 50;

/** A request line for each host that Gateways serve, and for each service. */
function requestOffers({ routing }: Snapshot): readonly Offer[] {
  const urls = new Set<string>();
  for (const { servers } of routing.mesh.gateways) {
    for (const { hosts, port, tls } of servers) {
      const scheme = tls?.mode === undefined ? 'http' : 'https';
      const number = port?.number?.value ?? 80;
      const suffix = number === (scheme === 'https' ? 443 : 80) ? '' : `:${number}`;
      for (const { value } of hosts) {
        const host = value.slice(value.indexOf('/') + 1);
        if (!host.includes('*')) urls.add(`${scheme}://${host}${suffix}/`);
      }
    }
  }
  for (const { name, namespace, host, ports } of routing.mesh.services) {
    const [port] = ports;
    if (host.startsWith('*') || port === undefined) continue;
    urls.add(`http://${name === '' ? host : `${name}.${namespace}`}${port.number === 80 ? '' : `:${port.number}`}/`);
  }
  return [...urls].slice(0, MOST).map(url => ({ label: `GET ${url}`, kind: 'reference', detail: 'request' }));
}
