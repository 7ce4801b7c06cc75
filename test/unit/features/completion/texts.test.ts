import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutOf } from '../../../../server/src/features/completion/layout.ts';
import { scalarText } from '../../../../server/src/features/completion/scalar-text.ts';
import {
  escapeSnippet,
  plainSnippet,
  snippetInsertion,
} from '../../../../server/src/features/completion/snippet-text.ts';
import { parseDocument } from '../../../../server/src/yaml/parse.ts';

describe('a value as YAML', () => {
  const block = { quote: undefined, flow: false, isText: true } as const;

  test.each([
    ['reviews', 'reviews'],
    ['*', '"*"'],
    ['*.example.com', '"*.example.com"'],
    ['./*', './*'],
    ['%START_TIME%', '"%START_TIME%"'],
    [':authority', ':authority'],
    ['- a', '"- a"'],
    ['a: b', '"a: b"'],
    ['a #b', '"a #b"'],
    ['1', '"1"'],
    ['yes', '"yes"'],
    ['', '""'],
    ['a\\d: b', "'a\\d: b'"],
    ['say "hi"', 'say "hi"'],
  ])('%s is written %s', (value, text) => {
    expect(scalarText(value, block)).toBe(text);
  });
  test('a number stays plain where numbers are asked for', () => {
    expect(scalarText('1', { ...block, isText: false })).toBe('1');
  });
  test('commas and brackets need quotes in flow style only', () => {
    expect(scalarText('a,[b]', block)).toBe('a,[b]');
    expect(scalarText('a,[b]', { ...block, flow: true })).toBe('"a,[b]"');
  });
  test('a quote that was begun is kept', () => {
    expect(scalarText("it's", { ...block, quote: "'" })).toBe("'it''s'");
    expect(scalarText('a"b\\', { ...block, quote: '"' })).toBe('"a\\"b\\\\"');
  });
  test('whatever the text, it is read back', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab 1.:#-?*&!|>%@`\'"\\,[]{}~=/'.split('')), maxLength: 12 });
    fc.assert(
      fc.property(text, fc.boolean(), (value, flow) => {
        const written = scalarText(value, { quote: undefined, flow, isText: true });
        const document = parseDocument('x', flow ? `a: [${written}]` : `a: ${written}`);
        const entry = document.root?.kind === 'map' ? document.root.entries[0]?.value : undefined;
        const node = entry?.kind === 'seq' ? entry.items[0] : entry;
        expect(document.problems, written).toEqual([]);
        expect(node?.kind === 'scalar' ? node.value : undefined, written).toBe(value);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('snippet syntax', () => {
  test('what is escaped is inserted as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a$\\{}1:'.split('')), maxLength: 10 }), text => {
        expect(plainSnippet(escapeSnippet(text))).toBe(text);
      }),
    );
  });
  test('places hold their default, or nothing', () => {
    expect(plainSnippet('a: $' + '{1:x}, b: $2, c: $' + '{1:x}, d: $' + '{3:y\\}}')).toBe('a: x, b: , c: x, d: y}');
  });
  test('a single place at the end needs no snippet', () => {
    expect(snippetInsertion('host: $1')).toEqual({ insertText: 'host: ', isSnippet: false });
    expect(snippetInsertion('{ host: $1 }')).toEqual({ insertText: '{ host: $1 }', isSnippet: true });
    expect(snippetInsertion('a: $1\nb: $2')).toEqual({ insertText: 'a: $1\nb: $2', isSnippet: true });
    expect(snippetInsertion('cost: \\$5')).toEqual({ insertText: 'cost: $5', isSnippet: false });
  });
});

describe('the layout of a document', () => {
  test.each([
    ['', { step: 2, dash: 2 }],
    ['a:\n  b: 1\n', { step: 2, dash: 2 }],
    ['a:\n    b: 1\n', { step: 4, dash: 4 }],
    ['a:\n    b:\n      - 1\n', { step: 4, dash: 2 }],
    ['a:\n- b\n', { step: 2, dash: 0 }],
    ['a:\n  b:\n  - c:\n      d: 1\n', { step: 2, dash: 0 }],
    ['# x\na:\n\n  # y\n   b: 1\n', { step: 3, dash: 3 }],
  ])('%j', (text, layout) => {
    expect(layoutOf(text)).toEqual(layout);
  });
});
