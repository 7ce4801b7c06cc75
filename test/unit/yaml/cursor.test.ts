import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cursorAt } from '../../../server/src/yaml/cursor.ts';
import { at, lines } from './describe-cursor.ts';

describe('empty lines, where the indentation decides', () => {
  const document = (indent: number): string =>
    lines(
      'kind: VirtualService',
      'spec:',
      '  hosts: [a]',
      '  http:',
      '    - match:',
      '        - uri:',
      '            prefix: /',
      '      route:',
      '        - destination:',
      '            host: a',
      `${' '.repeat(indent)}|`,
    );

  test.each([
    [0, 'key of root, keys spec kind, column 0'],
    [2, 'key of spec, keys http hosts, column 2'],
    [4, 'key of spec.http.0, column 4, dash missing'],
    [6, 'key of spec.http.0, keys route match, column 6'],
    [8, 'key of spec.http.0.route.0, column 8, dash missing'],
    [10, 'key of spec.http.0.route.0, keys destination, column 10'],
    [12, 'key of spec.http.0.route.0.destination, keys host, column 12'],
  ])('column %i', (indent, expected) => {
    expect(at(document(indent))).toBe(expected);
  });

  test.each([
    [1, 'key of spec, keys http hosts, gap 1, column 2'],
    [3, 'key of spec.http.0, gap 1, column 4, dash missing'],
    [5, 'key of spec.http.0, keys route match, gap 1, column 6'],
    [11, 'key of spec.http.0.route.0.destination, keys host, gap 1, column 12'],
    [14, 'nothing'],
  ])('column %i is between two levels: the deeper one is there already', (indent, expected) => {
    expect(at(document(indent))).toBe(expected);
  });
});

describe('empty lines between others', () => {
  test('below a key without value', () => {
    expect(at(lines('spec:', '  |'))).toBe('key of spec, column 2');
    expect(at(lines('spec:', '    |'))).toBe('key of spec, column 4');
    expect(at(lines('spec:', '   |', 'status: {}'))).toBe('key of spec, column 3');
  });
  test('level with a key without value: a further key, or the dash of its list', () => {
    expect(at(lines('spec:', '|'))).toBe('key of root, keys spec, column 0, or item spec.0');
  });
  test('between siblings', () => {
    expect(at(lines('spec:', '  hosts: [a]', '  |', '  http: []'))).toBe('key of spec, keys hosts http, column 2');
    expect(at(lines('spec:', '  |', '  http: []'))).toBe('key of spec, keys http, column 2');
  });
  test('before a deeper line: its level, whatever the indentation', () => {
    expect(at(lines('spec:', '|', '  hosts: [a]'))).toBe('key of spec, keys hosts, gap 2, column 2');
    expect(at(lines('spec:', '  hosts: [a]', '|', '  http: []'))).toBe('key of spec, keys hosts http, gap 2, column 2');
    expect(at(lines('|', '  a: 1'))).toBe('key of root, keys a, gap 2, column 2');
  });
  test('before the first child, too far right: the spaces too many are replaced', () => {
    expect(at(lines('spec:', '      |', '  hosts: [a]'))).toBe('key of spec, keys hosts, word "    ", column 2');
    expect(at(lines('   |  ', 'a: 1'))).toBe('key of root, keys a, word "     ", column 0');
    expect(at('  |')).toBe('key of root, word "  ", column 0');
  });
  test('deeper than a value on one line: nothing', () => {
    expect(at(lines('spec:', '  host: a', '    |'))).toBe('nothing');
    expect(at(lines('hosts:', '  - a', '      |'))).toBe('nothing');
  });
  test('an empty document', () => {
    expect(at('|')).toBe('key of root, column 0');
    expect(at(lines('# nothing but a comment', '|'))).toBe('key of root, column 0');
    expect(at(lines('---', '|'))).toBe('key of root, column 0');
  });
  test('spaces behind the cursor go, too', () => {
    expect(at(lines('spec:', '  |  '))).toBe('key of spec, word "  ", column 2');
  });
});

describe('sequences', () => {
  test('dashes deeper than their key', () => {
    expect(at(lines('hosts:', '  - a', '  |'))).toBe('key of hosts.0, column 2, dash missing');
    expect(at(lines('hosts:', '  - a', '|'))).toBe('key of root, keys hosts, column 0');
    expect(at(lines('hosts:', '  - |'))).toBe('key of hosts.0, column 4');
  });
  test('dashes level with their key', () => {
    expect(at(lines('spec:', '  hosts:', '  - a', '  |'))).toBe(
      'key of spec, keys hosts, column 2, or item spec.hosts.0',
    );
    expect(at(lines('spec:', '  hosts:', '  - |'))).toBe('key of spec.hosts.0, column 4');
    expect(at(lines('spec:', '  http:', '  - route: []', '    |'))).toBe('key of spec.http.0, keys route, column 4');
    expect(at(lines('spec:', '  http:', '  - route: []', '    |', '  hosts: [a]'))).toBe(
      'key of spec.http.0, keys route, column 4',
    );
  });
  test('between two items: never the key of the map around', () => {
    expect(at(lines('spec:', '  hosts:', '  - a', '  |', '  - b'))).toBe('key of spec.hosts.0, column 2, dash missing');
    expect(at(lines('spec:', '  hosts:', '  |', '  - b'))).toBe('key of spec.hosts.0, column 2, dash missing');
    expect(at(lines('hosts:', '  - a', '|', '  - b'))).toBe('key of hosts.0, gap 2, column 2, dash missing');
    expect(at(lines('hosts:', '|', '  - b'))).toBe('key of hosts.0, gap 2, column 2, dash missing');
  });
  test('a list that is yet to begin is told by the schema, not here', () => {
    expect(at(lines('hosts:', '  |'))).toBe('key of hosts, column 2');
  });
  test('keys of an item: the dash has the first one', () => {
    expect(at(lines('http:', '  - name: a', '    |', '  - name: b'))).toBe('key of http.0, keys name, column 4');
    expect(at(lines('http:', '  - |', '    route: []', '  - name: b'))).toBe('key of http.0, keys route, column 4');
    expect(at(lines('http:', '  -   name: a', '      |'))).toBe('key of http.0, keys name, column 6');
  });
  test('a dash without a space', () => {
    expect(at(lines('http:', '  -|'))).toBe('key of http.0, gap 1, column 4');
    expect(at(lines('http:', '  -|', '    route: []'))).toBe('key of http.0, keys route, gap 1, column 4');
  });
  test('a dash alone on its line', () => {
    expect(at(lines('http:', '  -', '    |'))).toBe('key of http.0, column 4');
    expect(at(lines('http:', '  -', '    name: a', '    |'))).toBe('key of http.0, keys name, column 4');
  });
  test('nested dashes', () => {
    expect(at(lines('a:', '  - - |'))).toBe('key of a.0.0, column 6');
    expect(at(lines('a:', '  - - b: 1', '      |'))).toBe('key of a.0.0, keys b, column 6');
    expect(at(lines('a:', '  - - b', '    - |'))).toBe('key of a.0.0, column 6');
    expect(at(lines('a:', '  - - b', '    |'))).toBe('key of a.0.0, column 4, dash missing');
    expect(at(lines('- a: 1', '- |'))).toBe('key of 0, column 2');
  });
  test('a list inside an item, its dashes level with the key', () => {
    expect(at(lines('- match:', '  - uri: {}', '    |'))).toBe('key of 0.match.0, keys uri, column 4');
    expect(at(lines('- match:', '  - uri: {}', '  |'))).toBe('key of 0, keys match, column 2, or item 0.match.0');
  });
  test('a dash further right than the others joins them; without a list to join it begins one', () => {
    expect(at(lines('hosts:', '  - |'))).toBe('key of hosts.0, column 4');
    expect(at(lines('hosts:', '- |'))).toBe('key of hosts.0, column 2');
    expect(at(lines('hosts: x', '  - |'))).toBe('nothing');
    expect(at(lines('- |'))).toBe('key of 0, column 2');
  });
});

describe('words', () => {
  test('a half-typed key', () => {
    expect(at(lines('spec:', '  ho|'))).toBe('key of spec, word "ho", column 2');
    expect(at(lines('spec:', '  hosts: []', '  h|tt', '  tls: []'))).toBe(
      'key of spec, keys hosts tls, word "htt", prefix "h", column 2',
    );
    expect(at('vir|')).toBe('key of root, word "vir", column 0');
    expect(at(lines('http:', '  - ro|'))).toBe('key of http.0, word "ro", column 4');
    expect(at(lines('http:', '  ro|'))).toBe('key of http, word "ro", column 2');
    expect(at(lines('http:', '  - a: 1', '  ro|'))).toBe('key of http.0, word "ro", column 2, dash missing');
  });
  test('a line above it that is half-typed, too', () => {
    expect(at(lines('spec:', '  ho', '  |'))).toBe('key of spec, column 2');
    expect(at(lines('spec:', '  hosts: []', '  ho', '  |'))).toBe('key of spec, keys hosts, column 2');
  });
  test('a key that is there already', () => {
    expect(at(lines('spec:', '  ho|st: a'))).toBe(
      'key of spec, word "host", prefix "ho", column 2, colon follows, content follows',
    );
    expect(at(lines('spec:', '  |host: a', '  x: 1'))).toBe(
      'key of spec, keys x, word "host", column 2, colon follows, content follows',
    );
    expect(at(lines('ht|tp:', '  - a'))).toBe(
      'key of root, word "http", prefix "ht", column 0, colon follows, content follows',
    );
    expect(at(lines('ht|tp:'))).toBe('key of root, word "http", prefix "ht", column 0, colon follows');
    expect(at(lines('ht|', '  - a'))).toBe('key of root, word "ht", column 0, content follows');
  });
  test('quotes', () => {
    expect(at(lines('"ho|st": a'))).toBe(
      'key of root, word "\\"host\\"", prefix "ho", quote ", column 0, colon follows, content follows',
    );
    expect(at(lines('hosts:', `  - 'ho|`))).toBe(`key of hosts.0, word "'ho", prefix "ho", quote ', column 4`);
  });
  test('behind an anchor, a tag or a collection: nothing', () => {
    for (const start of ['&a ', '!tag ', '{ a: b }', '{{ .Values'])
      expect(at(lines(`- ${start}|`)), start).toBe('nothing');
  });
  test('text behind the word: nothing', () => {
    expect(at(lines('a |b c'))).toBe('nothing');
    expect(at(lines('- a| b'))).toBe('nothing');
  });
  test('a comment behind the word', () => {
    expect(at(lines('hosts:', '  - re| # why'))).toBe('key of hosts.0, word "re", column 4');
    expect(at(lines('spec:', '  | # why'))).toBe('key of spec, column 2');
  });
});

describe('the other items of a sequence', () => {
  const items = (text: string): readonly string[] | undefined =>
    cursorAt(text.replace('|', ''), text.indexOf('|'))?.items;

  test('in block style', () => {
    expect(items(lines('hosts:', '  - a', '  - "b" # why', '  - |', '  - c', 'http:', '  - d'))).toEqual([
      'b',
      'a',
      'c',
    ]);
    expect(items(lines('hosts:', '- a', '- x: |', '- c'))).toEqual([]);
    expect(items(lines('hosts:', '  - a', '  |', '  - c'))).toEqual(['a', 'c']);
    expect(items(lines('hosts:', '  |', '  - c'))).toEqual(['c']);
    expect(items(lines('a:', '  - - b', '    - |', '  - - c'))).toEqual(['b']);
    expect(items(lines('a:', '  - b', '  - - |', '  - c'))).toEqual([]);
    expect(items(lines('http:', '  - name: x', '    hosts:', '      - a', '      - |'))).toEqual(['a']);
  });
  test('in flow style', () => {
    expect(items(lines('hosts: [a, "b", c|, d]'))).toEqual(['a', 'b', 'd']);
    expect(items(lines('hosts: [a, | d]'))).toEqual(['a', 'd']);
    expect(items(lines('hosts: [{ a: [b] }, |]'))).toEqual([]);
  });
});

describe('values', () => {
  test('empty and half-typed', () => {
    expect(at(lines('spec:', '  host: |'))).toBe('value of spec.host');
    expect(at(lines('spec:', '  host: re|views'))).toBe('value of spec.host, word "reviews", prefix "re"');
    expect(at(lines('http:', '  - timeout: |'))).toBe('value of http.0.timeout');
  });
  test('directly behind the colon', () => {
    expect(at(lines('host:|'))).toBe('value of host, gap 1');
  });
  test('with a comment behind', () => {
    expect(at(lines('host: |  # why'))).toBe('value of host');
    expect(at(lines('host: re|views  # why'))).toBe('value of host, word "reviews", prefix "re"');
    expect(at(lines('host: "re|views"  # why'))).toBe('value of host, word "\\"reviews\\"", prefix "re", quote "');
    expect(at(lines('host: "re|  # why'))).toBe('value of host, word "\\"re", prefix "re", quote "');
  });
  test('in quotes', () => {
    expect(at(lines(`host: 'a # b|'`))).toBe(`value of host, word "'a # b'", prefix "a # b", quote '`);
    expect(at(lines('host: "a"|'))).toBe('nothing');
  });
  test('several words are one value', () => {
    expect(at(lines('retryOn: 5xx, re|set'))).toBe('value of retryOn, word "5xx, reset", prefix "5xx, re"');
  });
  test('anchors, tags and block scalars: nothing', () => {
    for (const start of ['&a', '!tag', '>', '>-']) expect(at(lines(`a: ${start}|`)), start).toBe('nothing');
    expect(cursorAt('a: |', 4)).toBeUndefined();
  });
  test('on a line of its own', () => {
    expect(at(lines('host:', '  |'))).toBe('key of host, column 2');
    expect(at(lines('host:', '  re|'))).toBe('key of host, word "re", column 2');
  });
  test('deeper lines follow', () => {
    expect(at(lines('route: |', '  - a: 1'))).toBe('value of route, content follows');
  });
});

describe('where nothing is to be completed', () => {
  test('comments', () => {
    expect(at(lines('# a |'))).toBe('nothing');
    expect(at(lines('a: b # |'))).toBe('nothing');
    expect(at(lines('a: [ # |', ']'))).toBe('nothing');
  });
  test('markers and directives', () => {
    expect(at(lines('---|', 'a: 1'))).toBe('nothing');
    expect(at(lines('|---', 'a: 1'))).toBe('nothing');
    expect(at(lines('%YAML 1.2|', '---'))).toBe('nothing');
    expect(at(lines('a: 1', '...|'))).toBe('nothing');
  });
  test.each(['|', '|-', '>', '>2', '|+', '&x |'])('block scalars (%s)', header => {
    const inside = (line: string): string => {
      const text = lines('data:', `  script: ${header}`, '    if x:', line, '  other: 1');
      const offset = text.indexOf('@');
      return cursorAt(text.replace('@', ''), offset) === undefined ? 'nothing' : 'something';
    };
    expect(inside('    @')).toBe('nothing');
    expect(inside('      then:@')).toBe('nothing');
    expect(inside('      @')).toBe('nothing');
    expect(inside('    { a: @')).toBe('nothing');
    expect(inside('  @')).toBe('something');
  });
  test('text over several lines', () => {
    expect(at(lines('a: some text', '  and |'))).toBe('nothing');
    expect(at(lines('a: "some text', '  and |"'))).toBe('nothing');
  });
});

describe('files as they come', () => {
  test('keys of the maps around, above and below', () => {
    const text = lines('a: 1', 'b:', '  c: 2', '  d:', '    e: 3', '    |', '    f: 4', '  g: 5', 'h: 6');
    const cursor = cursorAt(text.replace('|', ''), text.indexOf('|'));
    expect(
      cursor?.levels.map(({ depth, keys }) => [depth, ...[...keys].map(([key, value]) => `${key}=${value}`)]),
    ).toEqual([
      [0, 'b=', 'a=1', 'h=6'],
      [1, 'd=', 'c=2', 'g=5'],
      [2, 'e=3', 'f=4'],
    ]);
  });
  test('kind: List', () => {
    expect(at(lines('kind: List', 'items:', '- kind: A', '  spec:', '    |'))).toBe('key of items.0.spec, column 4');
    expect(at(lines('kind: List', 'items:', '- kind: A', '  |'))).toBe('key of items.0, keys kind, column 2');
  });
  test('CRLF', () => {
    const text = lines('spec:', '  hosts: [a]', '  |', '  http:', '    - a').replaceAll('\n', '\r\n');
    expect(at(text)).toBe('key of spec, keys hosts http, column 2');
    expect(at('host: re|\r\nb: 1\r\n')).toBe('value of host, word "re"');
    expect(at('spec: {\r\n  host: a,\r\n  |\r\n}\r\n')).toBe('key of spec, keys host, flow');
  });
  test('tabs count as one column', () => {
    expect(at('spec:\n\t|\n')).toBe('key of spec, column 1');
    expect(at('host:\t|\n')).toBe('value of host');
    expect(at('hosts:\n  -\t|\n')).toBe('key of hosts.0, column 4');
  });
  test('a byte order mark has no width', () => {
    expect(at('\uFEFFkind: A\n|')).toBe('key of root, keys kind, column 0');
    expect(at('\uFEFFki|')).toBe('key of root, word "ki", column 0');
    expect(at('\uFEFF|')).toBe('key of root, column 0');
    expect(cursorAt('\uFEFFa', 0)).toBeUndefined();
  });
  test('templates', () => {
    expect(at(lines('spec:', '  host: {{ .Values.host }}', '  |'))).toBe('key of spec, keys host, column 2');
    expect(at(lines('spec:', '{{- if .Values.on }}', '  |'))).toBe('key of spec, column 2');
  });
});

test.each([
  ['blanks', `a${' '.repeat(200_000)}b`],
  ['anchors', `a: ${'&'.repeat(100_000)} x`],
  ['quotes', `a: ${"'".repeat(100_001)}`],
  ['braces', 'a: {a: '.repeat(50_000)],
  ['brackets', `a: ${'['.repeat(100_000)}`],
  ['dashes', '- '.repeat(20_000)],
  ['colons', ':'.repeat(200_000)],
  ['keys', 'a: '.repeat(50_000)],
  ['stairs', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
])('an endless line of %s is read in no time', (_name, line) => {
  for (const text of [line, `${line}\n`, `b:\n  ${line}\n  `]) {
    for (const offset of [0, Math.floor(text.length / 2), text.length])
      expect(() => cursorAt(text, offset)).not.toThrow();
  }
});

test('whatever the text, the word is in it and holds the cursor', () => {
  const pieces = fc.constantFrom(
    'a:',
    'kind: b',
    '- ',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\t',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '#',
    '|',
    '%',
    '---\n',
    ': ',
    '\uFEFF',
    '&x',
    '*x',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), fc.nat(), (parts, number) => {
      const text = parts.join('');
      const offset = number % (text.length + 1);
      const cursor = cursorAt(text, offset);
      if (cursor === undefined) return;
      expect(cursor.word.start).toBeGreaterThanOrEqual(0);
      expect(cursor.word.start).toBeLessThanOrEqual(offset);
      expect(cursor.word.end).toBeGreaterThanOrEqual(offset);
      expect(cursor.word.end).toBeLessThanOrEqual(text.length);
      expect(text.slice(cursor.word.start, offset)).not.toContain('\n');
      expect(text.slice(offset, cursor.word.end)).not.toContain('\n');
    }),
    { numRuns: 2000 },
  );
});
