import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cursorAt } from '../../../server/src/yaml/cursor.ts';
import type { MapNode, ScalarNode, Step, YamlNode } from '../../../server/src/yaml/node.ts';
import { parseFile } from '../../../server/src/yaml/parse.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/routing');
const files = readdirSync(FIXTURES).filter(file => file.endsWith('.yaml'));

/**
 * The cursor reads indentation, the tree is parsed: in documents without faults they have to see the same at every key
 * and every plain scalar.
 */
describe('the cursor and the tree agree', () => {
  test.each(files)('%s', file => {
    const text = readFileSync(path.join(FIXTURES, file), 'utf8');
    for (const { document } of parseFile(file, text, () => true).documents) {
      if (document.problems.length > 0 || document.root === undefined) continue;
      for (const { offset, expected } of placesOf(document.root, document.text)) {
        const around = `${document.text.slice(Math.max(0, offset - 60), offset)}|${document.text.slice(offset, offset + 20)}`;
        expect(seen(document.text, offset), around).toBe(expected);
      }
    }
  });
});

function seen(text: string, offset: number): string {
  const cursor = cursorAt(text, offset);
  if (cursor === undefined) return 'nothing';
  const own = cursor.levels.find(({ depth }) => depth === cursor.path.length);
  const keys = cursor.place === 'key' && own !== undefined ? [...own.keys.keys()] : [];
  return described(cursor.place, cursor.path, keys);
}

function described(place: 'key' | 'value', way: readonly Step[], keys: readonly string[]): string {
  return `${place} of ${way.join('.')}, beside ${keys.toSorted().join(' ')}`;
}

function* placesOf(
  node: YamlNode,
  text: string,
  way: readonly Step[] = [],
): Generator<{ readonly offset: number; readonly expected: string }> {
  if (node.kind === 'map') yield* keysOf(node, text, way);
  if (node.kind !== 'seq') return;
  for (const item of node.items) {
    if (item.kind === 'scalar' && isPlain(item, text))
      yield { offset: item.end, expected: described('key', [...way, 0], []) };
    yield* placesOf(item, text, [...way, 0]);
  }
}

function* keysOf(node: MapNode, text: string, way: readonly Step[]): ReturnType<typeof placesOf> {
  // A bare `y` is the boolean true to the tree, and a letter to the cursor.
  if (node.entries.some(({ key }) => typeof key.value === 'boolean')) return;
  for (const entry of node.entries) {
    const { key, value } = entry;
    const others = node.entries.filter(other => other !== entry).map(other => other.key.source);
    yield { offset: key.end, expected: described('key', way, others) };
    const inner = [...way, key.source];
    const isBehind =
      value.kind === 'scalar' && isPlain(value, text) && !text.slice(key.end, value.start).includes('\n');
    if (isBehind) yield { offset: value.end, expected: described('value', inner, []) };
    yield* placesOf(value, text, inner);
  }
}

function isPlain(scalar: ScalarNode, text: string): boolean {
  return scalar.style === 'plain' && scalar.end > scalar.start && !text.slice(scalar.start, scalar.end).includes('\n');
}
