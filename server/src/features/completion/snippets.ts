import { preferredVersion } from '../../schema/facts.ts';
import { sentence } from '../field-markdown.ts';
import type { CompletionItem } from '../types.ts';
import type { Context } from './context.ts';
import { itemsOf, type Offer } from './offer.ts';
import type { Slot } from './slot.ts';
import { plainSlot } from './slot.ts';
import { DOCUMENT_PATTERNS, PART_PATTERNS } from './snippet-patterns.ts';
import { kindsByUse, RESOURCES } from './snippet-resources.ts';
import { escapeSnippet } from './snippet-text.ts';

/** A text with holes: `<name>` is a place to fill in, the same name everywhere the same place; numbers are each their own. */
export interface Pattern {
  readonly label: string;
  /** What it is for, in one sentence. */
  readonly text: string;
  /** YAML; of a resource, what stands behind `kind`. */
  readonly body: string;
}

const RESOURCE_RANK = 4;
const PATTERN_RANK = 5;
/** Behind the keys of the object at hand. */
const NEW_DOCUMENT_SLOT = 1;

/** Whole resources, where a document begins or may follow. */
export function documentSnippets(context: Context): readonly CompletionItem[] {
  const { cursor, path, status, document, offset, object } = context;
  if (cursor.flow || cursor.place !== 'key' || path.length > 0 || cursor.path.length > 0) return [];
  if (cursor.colonFollows || cursor.contentFollows || cursor.needsDash || status === 'foreign') return [];
  const isEmpty = object.size === 0;
  if (!isEmpty && (cursor.column !== 0 || !isFinished(object) || hasContentBehind(document.text, offset))) return [];
  const slot: Slot = { ...plainSlot(context), ...(isEmpty ? {} : { before: '---\n', rank: NEW_DOCUMENT_SLOT }) };
  const detail = isEmpty ? '' : 'new document';
  return itemsOf([...resourceOffers(context, detail), ...patternOffers(context, detail)], slot);
}

/** What an object that one could leave as it is has at the least. */
function isFinished(object: ReadonlyMap<string, string>): boolean {
  return ['apiVersion', 'kind', 'metadata'].every(key => object.has(key));
}

function hasContentBehind(text: string, offset: number): boolean {
  return /\n[ \t]*[^\s#]/.test(text.slice(offset));
}

function resourceOffers({ snapshot }: Context, detail: string): readonly Offer[] {
  const { facts } = snapshot.schemas;
  const docs = snapshot.schemas.documentation();
  return kindsByUse(facts).flatMap(kind => {
    const body = RESOURCES[kind.kind];
    if (body === undefined) return [];
    const head = `apiVersion: ${kind.group}/${preferredVersion(kind)}\nkind: ${kind.kind}`;
    const text = docs[kind.type]?.text ?? '';
    return [
      { ...patternOffer({ label: kind.kind, text, body: `${head}\n${body.trim()}` }, detail), rank: RESOURCE_RANK },
    ];
  });
}

function patternOffers({ snapshot }: Context, detail: string): readonly Offer[] {
  const { kinds } = snapshot.schemas.facts;
  return DOCUMENT_PATTERNS.map(({ label, text, documents }) => {
    const body = documents
      .map(({ kind, body: own }) => {
        const fact = kinds.find(candidate => candidate.kind === kind);
        const version = fact === undefined ? '' : `${fact.group}/${preferredVersion(fact)}`;
        return `apiVersion: ${version}\nkind: ${kind}\n${own.trim()}`;
      })
      .join('\n---\n');
    return { ...patternOffer({ label, text, body }, detail), rank: PATTERN_RANK };
  });
}

/** Patterns for a part of a resource: an HTTP rule, a policy, a server. Only where that part is still empty. */
export function partSnippets(context: Context, type: string, present: ReadonlyMap<string, string>): readonly Offer[] {
  if (context.cursor.flow || present.size > 0 || context.cursor.contentFollows || context.cursor.colonFollows)
    return [];
  const host = hostOf(context);
  return (PART_PATTERNS[type] ?? []).map(pattern => ({
    ...patternOffer({ ...pattern, body: withoutBlankLines(pattern.body).replaceAll('<host>', `<${host}>`) }, ''),
    rank: PATTERN_RANK,
  }));
}

function withoutBlankLines(body: string): string {
  return body
    .split('\n')
    .filter(line => line !== '')
    .join('\n');
}

function hostOf({ resource }: Context): string {
  const host = resource?.type === 'VirtualService' ? resource.hosts[0]?.value : undefined;
  return host !== undefined && /^[\w.-]+$/.test(host) ? host : 'reviews';
}

function patternOffer({ label, text, body }: Pattern, detail: string): Offer {
  const plain = body.replaceAll(HOLE, '$1');
  return {
    label,
    kind: 'snippet',
    detail,
    documentation: `${sentence(text)}\n\n\`\`\`yaml\n${plain}\n\`\`\``,
    lines: withStops(body).split('\n'),
  };
}

const HOLE = /<([^<>\n]+)>/g;

function withStops(body: string): string {
  const numbers = new Map<string, number>();
  let count = 0;
  return escapeSnippet(body).replaceAll(HOLE, (_, hole: string) => {
    const known = /^\d/.test(hole) ? undefined : numbers.get(hole);
    const number = known ?? ++count;
    if (known === undefined) numbers.set(hole, number);
    return `\${${number}:${hole}}`;
  });
}
