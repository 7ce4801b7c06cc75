import fc from 'fast-check';

/** An edit at a share of the text, so that it means something in any text. */
export interface Edit {
  readonly at: number;
  readonly length: number;
  readonly insert: string;
  /** Moves the place to the start of its line. */
  readonly atLine: boolean;
}

const PIECES = [
  ...[
    'a',
    'x',
    '1',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\n  ',
    '\n    ',
    '\n      ',
    ':',
    ': ',
    '- ',
    '\n- ',
    '\n  - ',
    '#',
    ' # c',
  ],
  ...['"', "'", '[', ']', '{', '}', '{a: 1}', '[a, b]', ',', '|', '|\n', '>-\n', '|+\n\n', '&a ', '*a', '!', '!!str '],
  ...['a: b', 'a: b\n', '  a: b\n', 'name: x\n', '- a\n', '  - a\n', '- name: x\n', '# comment\n', '  # comment\n'],
  ...[
    '\n---\n',
    '---\n',
    '...\n',
    '\t',
    '\r\n',
    '\r',
    '\uFEFF',
    '<<<<<<< x\n',
    '=======\n',
    '? ',
    '? a\n: b\n',
    '%',
    '@',
    '`',
  ],
  ...[
    '<<: *a',
    'istio-yaml.end-of-block',
    '\u0007',
    '\u2028',
    'a',
    'spec:\n',
    '    - match:\n',
    '"a": b',
    '- - a\n',
    'mirro',
  ],
];

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 200 }) },
  ),
  insert: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.constant('') }),
  atLine: fc.boolean(),
});

/** Edits one after the other, as people and programs make them. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { minLength: 1, maxLength: 12 });

/** The text after an edit. */
export function withEdit(text: string, { at, length, insert, atLine }: Edit): string {
  const place = Math.floor(text.length * at);
  const start = atLine ? text.lastIndexOf('\n', place - 1) + 1 : place;
  return text.slice(0, start) + insert + text.slice(start + length);
}

/** Types a word behind some lines of a text and takes it away again, letter by letter. */
export function editsOf(text: string): readonly Edit[] {
  const lines = text.split('\n');
  const list: Edit[] = [];
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    offset += line.length + 1;
    if (index % 9 !== 3) continue;
    const indent = /^ */.exec(line)?.[0] ?? '';
    const typed = `\n${indent}mirror: # x`;
    const end = offset - 1;
    let length = text.length;
    for (const [at, letter] of [...typed].entries()) {
      list.push({ at: shareOf(end + at, length), length: 0, insert: letter, atLine: false });
      length++;
    }
    for (let at = typed.length - 1; at >= 0; at--) {
      list.push({ at: shareOf(end + at, length), length: 1, insert: '', atLine: false });
      length--;
    }
  }
  return list;
}

/** The share that leads back to an offset, whatever is lost in dividing. */
function shareOf(offset: number, length: number): number {
  return length === 0 ? 0 : (offset + 0.5) / length;
}
