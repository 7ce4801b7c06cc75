import { expect, test } from 'vitest';
import { splitDocuments } from '../../../server/src/yaml/split.ts';

const pieces = (text: string): string[] => splitDocuments(text).map(({ start, end }) => text.slice(start, end));

test.each([
  ['an empty text is one document', '', ['']],
  ['a text without marker is one document', 'a: 1\n', ['a: 1\n']],
  ['each piece begins with its marker', 'a: 1\n---\nb: 2\n---\nc: 3\n', ['a: 1\n', '---\nb: 2\n', '---\nc: 3\n']],
  ['a marker at the start begins the first document', '---\na: 1\n', ['---\na: 1\n']],
  ['comments before the first marker belong to the first document', '# c\n\n---\na: 1\n', ['# c\n\n---\na: 1\n']],
  ['so do directives and a byte order mark', '\uFEFF%YAML 1.1\n---\na: 1\n', ['\uFEFF%YAML 1.1\n---\na: 1\n']],
  ['comments behind a document stay with it', 'a: 1\n# c\n---\nb: 2\n', ['a: 1\n# c\n', '---\nb: 2\n']],
  ['markers behind each other make empty documents', '---\n---\n', ['---\n', '---\n']],
  ['text may follow a marker on its line', '--- # c\na: 1\n--- {b: 2}\n', ['--- # c\na: 1\n', '--- {b: 2}\n']],
  ['a tab may follow a marker', 'a: 1\n---\tb: 2', ['a: 1\n', '---\tb: 2']],
  ['lines may end with CRLF', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n']],
  ['lines may end with CR', 'a: 1\r---\rb: 2', ['a: 1\r', '---\rb: 2']],
  ['the marker may be the end of the text', 'a: 1\n---', ['a: 1\n', '---']],
  ['an indented marker is text', 'a: |\n  ---\n  b\n', ['a: |\n  ---\n  b\n']],
  ['a longer line is text', 'a: 1\n----\n---b\n', ['a: 1\n----\n---b\n']],
  ['a marker cannot be hidden in quotes', 'a: "\n---\nb: 2\n', ['a: "\n', '---\nb: 2\n']],
  ['U+2028 ends no line', 'a: "\u2028--- b"\n', ['a: "\u2028--- b"\n']],
])('%s', (_, text, expected) => {
  expect(pieces(text)).toEqual(expected);
});
