import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { parseFixture } from './fixture.ts';

/** The documents of all fixtures of rules: good manifests, bad ones, and what is no manifest at all. */
const DOCUMENTS: readonly string[] = readFixtures('rules');
/** Those that can be read, as plain data. */
const OBJECTS: readonly object[] = DOCUMENTS.map(readObject).filter(object => object !== undefined);

const RUBBISH = [
  ...[
    '',
    '\n',
    '  ',
    '\t',
    ' - ',
    '- ',
    ': ',
    ':',
    '?',
    ',',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '`',
    '@',
    '%',
    '!',
    '!!str ',
  ],
  ...[
    '&a ',
    '*a',
    '*',
    '<<: *a',
    '#',
    ' # ',
    '|',
    '>-\n',
    '\r\n',
    '\r',
    '---\n',
    '--- ',
    '...\n',
    '%YAML 1.1\n',
    '<<<<<<< x\n',
  ],
  ...[
    '5',
    '-1',
    '1e400',
    '0x',
    '.inf',
    'yes',
    'null',
    '~',
    '5s',
    'é',
    '\u{1f600}',
    '\uFEFF',
    '\u2028',
    '\u0000',
    '\u0007',
  ],
  ...[
    '\\',
    '\\u',
    '(',
    '(?=',
    '*+',
    '__proto__: ',
    'apiVersion: networking.istio.io/v1\n',
    'kind: VirtualService\n',
    '{{ x }}',
  ],
];

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** A document with pieces of its text replaced by others, a line that stands twice, or an end that is cut off. */
const torn = fc
  .tuple(
    fc.constantFrom(...DOCUMENTS),
    fc.array(fc.tuple(share, fc.nat(12), fc.oneof(fc.constantFrom(...RUBBISH), fc.string())), { maxLength: 5 }),
    fc.option(share),
    fc.option(share),
  )
  .map(([original, edits, doubled, cut]) => {
    const text = doubled === null ? original : withLineTwice(original, doubled);
    const changed = edits.reduce((current, [part, length, piece]) => {
      const at = Math.floor(current.length * part);
      return current.slice(0, at) + piece + current.slice(at + length);
    }, text);
    return cut === null ? changed : changed.slice(0, Math.floor(changed.length * cut));
  });

/** A document of well-formed YAML in which keys are missing, doubled, nested, or have values of other types. */
const misshapen = fc
  .tuple(
    fc.constantFrom(...OBJECTS),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('delete', 'replace', 'nest', 'wrap', 'unwrap', 'rename', 'swap'),
        fc.jsonValue(),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    fc.constantFrom('block', 'flow'),
  )
  .map(([object, changes, style]) => {
    let root: unknown = structuredClone(object);
    for (const [at, change, value] of changes) root = mutate(root, at, change, value);
    return style === 'flow' ? `${JSON.stringify(root)}\n` : stringify(root, { aliasDuplicateObjects: true });
  });

/** The text of one document that may hold anything; it starts no other document, and makes no file a binary one. */
export const brokenDocument: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 4, arbitrary: torn },
    { weight: 4, arbitrary: misshapen },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  )
  .map(text => text.replaceAll(/^---/gm, '--').replaceAll('\0', ''));

/** Any text, of one document or of several. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.oneof(torn, misshapen), { minLength: 1, maxLength: 3 }).map(documents => documents.join('---\n')),
  fc.array(fc.constantFrom(...RUBBISH), { maxLength: 40 }).map(pieces => pieces.join('')),
  fc.string({ unit: 'binary' }),
);

/** A document as it stands in a fixture. */
export const fixtureDocument: fc.Arbitrary<string> = fc.constantFrom(...DOCUMENTS);

function readFixtures(folder: string): string[] {
  const root = path.join(import.meta.dirname, '../fixtures', folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .flatMap(file => parseFixture(readFileSync(path.join(root, file), 'utf8')).files)
    .flatMap(({ text }) => text.split(/^---\n/m))
    .filter(text => text.length < 5000);
}

function readObject(text: string): object | undefined {
  try {
    const value: unknown = parse(text, { logLevel: 'silent', maxAliasCount: 1000 });
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

type Holder = Record<string, unknown> | unknown[];

function withLineTwice(text: string, part: number): string {
  const lines = text.split('\n');
  const at = Math.min(lines.length - 1, Math.floor(lines.length * part));
  return [...lines.slice(0, at), lines[at], ...lines.slice(at)].join('\n');
}

/** Changes one place of an object, chosen by a number. */
function mutate(root: unknown, at: number, change: string, value: unknown): unknown {
  const places: [Holder, string][] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || places.length > 2000) return;
    for (const [key, child] of Object.entries(node)) {
      places.push([node as Holder, key]);
      collect(child);
    }
  };
  collect(root);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return value;
  const [holder, key] = place;
  const object = holder as Record<string, unknown>;
  const old = object[key];
  if (change === 'delete') {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete object[key];
  } else if (change === 'nest') object[key] = { [key]: old };
  else if (change === 'wrap') object[key] = [old, old];
  else if (change === 'unwrap') object[key] = Array.isArray(old) ? old[0] : old;
  else if (change === 'rename' && !Array.isArray(holder)) {
    delete object[key];
    object[`${key.slice(1)}${key.slice(0, 1)}`] = old;
  } else if (change === 'swap') return { ...(root as object), spec: old };
  else object[key] = value;
  return root;
}
