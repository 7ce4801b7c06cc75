import { type KindFact, preferredVersion } from '../../schema/facts.ts';
import { fieldMarkdown } from '../field-markdown.ts';
import { blocks, bold, link } from '../markdown.ts';
import type { Context } from './context.ts';
import type { Offer } from './offer.ts';
import { kindsByUse } from './snippet-resources.ts';

/** Values of `apiVersion` and `kind` in matching pairs; `undefined` at any other place. */
export function typeMetaOffers(context: Context): readonly Offer[] | undefined {
  const { path, status } = context;
  if (path.length !== 1 || (path[0] !== 'kind' && path[0] !== 'apiVersion')) return undefined;
  if (status === 'kubernetes' || status === 'foreign') return [];
  return path[0] === 'kind' ? kinds(context) : versions(context);
}

function kinds({ snapshot, object }: Context): readonly Offer[] {
  const [group, version] = (object.get('apiVersion') ?? '').split('/');
  const all = kindsByUse(snapshot.schemas.facts);
  const ofGroup = all.filter(kind => kind.group === group);
  const served = ofGroup.filter(kind => kind.versions.some(({ name }) => name === version));
  const fitting = served.length > 0 ? served : ofGroup.length > 0 ? ofGroup : all;
  return fitting.map(kind => ({
    label: kind.kind,
    kind: 'enumValue',
    detail: `${kind.group}/${preferredVersion(kind)}`,
    documentation: kindText(snapshot.schemas, kind),
  }));
}

function versions({ snapshot, kind }: Context): readonly Offer[] {
  if (kind !== undefined) return versionsOf(kind);
  const offers = new Map<string, Offer>();
  for (const fact of kindsByUse(snapshot.schemas.facts)) {
    const label = `${fact.group}/${preferredVersion(fact)}`;
    const known = offers.get(label)?.detail;
    offers.set(label, { label, kind: 'enumValue', detail: known === undefined ? fact.kind : `${known}, ${fact.kind}` });
  }
  return [...offers.values()];
}

/** The version to write first, then the others, the oldest last. */
function versionsOf(kind: KindFact): readonly Offer[] {
  const preferred = preferredVersion(kind);
  const others = kind.versions.map(({ name }) => name).filter(name => name !== preferred);
  return [preferred, ...others.sort().reverse()].map(version => ({
    label: `${kind.group}/${version}`,
    kind: 'enumValue',
    detail: version === preferred ? `version of ${kind.kind} to write` : `same fields, older spelling`,
    deprecated: version !== preferred,
  }));
}

const ROOT_FIELDS: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec'];

/** The root keys of an object of which nobody knows yet what it will be. */
export function rootOffers({ snapshot, object, layout, cursor }: Context): readonly Offer[] {
  const { schemas } = snapshot;
  const type = schemas.facts.kinds[0]?.type ?? '';
  const margin = ' '.repeat(layout.step);
  const blockLines: Readonly<Record<string, readonly string[]>> = {
    metadata: ['metadata:', `${margin}name: $1`],
    spec: ['spec:', `${margin}$1`],
  };
  const flowLines: Readonly<Record<string, readonly string[]>> = {
    metadata: ['metadata: { name: $1 }'],
    spec: ['spec: { $1 }'],
  };
  const structure = cursor.flow ? flowLines : blockLines;
  return ROOT_FIELDS.filter(name => !object.has(name)).map(name => ({
    label: name,
    kind: 'field',
    detail: name === 'spec' ? 'object' : 'required',
    documentation: fieldMarkdown(schemas, type, name),
    lines: cursor.colonFollows ? [name] : cursor.contentFollows ? [`${name}:`] : (structure[name] ?? [`${name}: $1`]),
    retrigger: !cursor.colonFollows && (name === 'apiVersion' || name === 'kind'),
    rank: 2,
  }));
}

/** What a kind is for. */
export function kindText(schemas: Context['snapshot']['schemas'], kind: KindFact): string {
  const doc = schemas.documentation()[kind.type];
  if (doc === undefined) return '';
  return blocks([`${bold(kind.kind)} · ${kind.group}`, doc.text, link("Istio's reference", doc.link)]);
}
