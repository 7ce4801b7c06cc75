import { expect, test } from 'vitest';
import { innerYaml } from '../../../server/src/rules/rate-limit/inner-yaml.ts';
import { child, type ScalarNode } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

/** What stands in the outer text at the place of each key of the inner one. */
function keysOutside(text: string): readonly string[] | undefined {
  const outer = parseDocument('file', text);
  const inner = innerYaml(outer, child(outer.root, 'text') as ScalarNode);
  const root = inner?.document.root;
  if (inner === undefined || root?.kind !== 'map') return undefined;
  return root.entries.map(({ key }) => {
    const { start, end } = inner.place(key);
    return outer.text.slice(start, end);
  });
}

test.each([
  ['a block', 'text: |\n  one: 1\n  two: 2\n'],
  ['one that is indented further', 'a: 1\ntext: |\n      one: 1\n      two: 2\nb: 2\n'],
  ['one with empty lines, also short of its indentation', 'text: |-\n\n  one: 1\n\n \n  two: 2'],
  ['one with a comment behind its sign', 'text: | # what\n  one: 1\n  # else\n  two: 2\n'],
  ['lines of Windows', 'text: |\r\n  one: 1\r\n  two: 2\r\n'],
])('places in %s', (_name, text) => {
  expect(keysOutside(text)).toEqual(['one', 'two']);
});

test.each(['text: >\n  one: 1\n', 'text: "one: 1"\n', 'text: |2\n    one: 1\n'])('no places in %j', text => {
  expect(keysOutside(text)).toBeUndefined();
});
