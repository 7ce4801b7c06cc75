import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { YamlFile } from '../../../server/src/yaml/document.ts';
import { locationAt, type YamlNode } from '../../../server/src/yaml/node.ts';
import { parseFile } from '../../../server/src/yaml/parse.ts';
import { anyText, brokenDocument } from '../../harness/broken.ts';

const parse = (text: string, previous?: YamlFile): YamlFile => parseFile('file', text, () => true, previous);

describe('any text', () => {
  test('is cut into documents that are the text', () => {
    fc.assert(
      fc.property(anyText, text => {
        const { documents } = parse(text);
        expect(documents.map(({ document }) => document.text).join('')).toBe(text);
        let offset = 0;
        for (const { document, offset: at } of documents) {
          expect(at).toBe(offset);
          offset += document.text.length;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('has ranges inside the text, those of children within those of their parents', () => {
    fc.assert(
      fc.property(anyText, text => {
        for (const { document } of parse(text).documents) {
          const { length } = document.text;
          for (const { start, end, other } of document.problems) {
            expectRange(start, end, 0, length);
            if (other !== undefined) expectRange(other.start, other.end, 0, length);
          }
          if (document.root !== undefined) expectNested(document.root, 0, length);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('has a place for every offset', () => {
    fc.assert(
      fc.property(brokenDocument, fc.nat(), (text, offset) => {
        for (const { document } of parse(text).documents)
          locationAt(document.root, offset % (document.text.length + 1));
      }),
    );
  });

  test('is the same when it is read after another text, and keeps the documents that are the same', () => {
    fc.assert(
      fc.property(
        fc.array(brokenDocument, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        brokenDocument,
        (documents, at, other) => {
          const before = parse(documents.join('---\n'));
          const changed = documents
            .map((text, index) => (index === at % documents.length ? other : text))
            .join('---\n');
          const after = parse(changed, before);
          expect(after).toEqual(parse(changed));
          const back = parse(before.text, after);
          expect(back).toEqual(before);
          for (const [index, { document }] of after.documents.entries()) {
            const old = before.documents[index]?.document;
            if (old?.text !== document.text) break;
            expect(document).toBe(old);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('that is broken in one document is read as before in the others', () => {
    const text = (middle: string): string => `a: 1\n---\n${middle}\n---\nb: [2, 3]\n`;
    const sound = parse(text('x: y'));
    fc.assert(
      fc.property(brokenDocument, middle => {
        const { documents } = parse(text(middle));
        expect(documents.at(0)?.document).toEqual(sound.documents.at(0)?.document);
        expect(documents.at(-1)?.document).toEqual(sound.documents.at(-1)?.document);
      }),
    );
  });
});

function expectNested(node: YamlNode, start: number, end: number): void {
  expectRange(node.start, node.end, start, end);
  if (node.kind === 'seq') for (const item of node.items) expectNested(item, node.start, node.end);
  if (node.kind !== 'map') return;
  for (const { key, value } of node.entries) {
    expectRange(key.start, key.end, node.start, node.end);
    expectNested(value, node.start, node.end);
  }
}

function expectRange(start: number, end: number, from: number, to: number): void {
  // One comparison for four: these run a million times.
  if (!(from <= start && start <= end && end <= to))
    expect([from, start, end, to]).toEqual([from, start, end, to].sort((a, b) => a - b));
}
