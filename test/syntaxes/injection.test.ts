import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMAND_OPERATORS } from '../../server/src/features/command-operators.ts';
import type { Mark } from '../harness/fixture.ts';
import { testFixtures } from '../harness/fixtures.ts';
import { bases, INJECTIONS, ROOT, type Token, tokenizer } from './grammars.ts';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/syntaxes');
/** Every scope of ours ends so, and none of VS Code's does. */
const OWN = '.istio';
/** Without arguments these are no operators; some are common variables of Windows. */
const WITH_ARGUMENTS = [
  ...['COALESCE', 'CLUSTER_METADATA', 'DYNAMIC_METADATA', 'ENVIRONMENT', 'FILTER_STATE', 'METADATA', 'PATH'],
  ...['QUERY_PARAM', 'REQ', 'RESP', 'TRAILER'],
];

test('package.json contributes each injection to YAML', () => {
  const { contributes } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    contributes: { grammars: readonly unknown[] };
  };
  const expected = [...INJECTIONS].map(([scopeName, file]) => ({
    scopeName,
    path: `./${file}`,
    injectTo: ['source.yaml'],
  }));
  expect(contributes.grammars).toEqual(expected);
  for (const [scopeName, file] of INJECTIONS) {
    expect(JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'))).toMatchObject({ scopeName });
  }
});

for (const base of bases()) {
  const plain = await tokenizer(base, []);
  const injected = await tokenizer(base, [...INJECTIONS.keys()]);

  /** The tokens of a text where they differ from those without the injections more than they may. */
  const disturbed = (text: string): readonly string[] => {
    const lines = text.split('\n');
    const [before, after] = [plain(text), injected(text)];
    return lines.flatMap((line, index) => {
      const [was, is] = [scopesByColumn(before[index] ?? []), scopesByColumn(after[index] ?? [])];
      for (let column = 0; column < line.length; column++) {
        const fault = faultOf(was[column] ?? [], is[column] ?? []);
        if (fault !== undefined) return [`${index + 1}:${column + 1} ${fault} in ${JSON.stringify(text)}`];
      }
      return [];
    });
  };

  describe(base.name, () => {
    if (!base.legacy) {
      testFixtures('syntaxes', fixture => ({
        marks: fixture.files.flatMap(({ path: file, text }) => ownMarks(file, text, injected(text))),
      }));
    }

    test('knows every command operator that completion offers', () => {
      const isKnown = (operator: string): boolean =>
        injected(`x: "${operator}"`)[0]!.some(({ scopes }) => scopes.includes(`support.function.operator${OWN}`));
      const names = [...COMMAND_OPERATORS.keys()];
      expect(names.filter(name => !isKnown(`%${name}(x)%`))).toEqual([]);
      expect(names.filter(name => !isKnown(`%${name}%`))).toEqual(WITH_ARGUMENTS);
    });

    test('nothing else changes in the fixtures', () => {
      for (const name of readdirSync(FIXTURES)) {
        expect(disturbed(readFileSync(path.join(FIXTURES, name), 'utf8')), name).toEqual([]);
      }
    });

    test('nothing else changes in any text', () => {
      fc.assert(
        fc.property(yamlish, text => {
          expect(disturbed(text)).toEqual([]);
        }),
        { numRuns: 1000, seed: 1 },
      );
    });
  });
}

/** Texts that are dense in what grammars trip over; most are no valid YAML. */
const yamlish = fc
  .array(
    fc.constantFrom(
      ...[
        'regex: ',
        'key: ',
        '"regex": ',
        "'key': ",
        '- ',
        '? ',
        ': ',
        ':',
        ', ',
        ',',
        '#',
        ' # ',
        '|\n  ',
        '>-\n    ',
      ],
      ...['{', '}', '[', ']', '(', ')', '(?', '"', '"', "'", "'", "''", '\\', '\\\\', '\\"', '&a ', '!!str ', '*a'],
      ...[
        '\n',
        '\n  ',
        '\n    ',
        ' ',
        '10s',
        '1h30m',
        '250ms',
        '%%',
        '%',
        '%REQ(X?Y):10%',
        '%PROTOCOL%',
        '%START_TIME(%s.%3f)%',
      ],
      ...['^', '$', '.*', '[^a', '\\d', '\\\\d', '|', 'a', 'b c', '/', '{1,3}', '---\n'],
    ),
    { maxLength: 24 },
  )
  .map(pieces => pieces.join(''));

function scopesByColumn(tokens: readonly Token[]): readonly (readonly string[])[] {
  return tokens.flatMap(({ start, end, scopes }) => Array.from({ length: Math.max(0, end - start) }, () => scopes));
}

/**
 * A character without a scope of ours has exactly the scopes that it had. One with may lose what the YAML grammar
 * finds inside a scalar (escapes), and must be in a scalar that is a value and no block scalar, or where the YAML
 * grammar sees nothing.
 */
function faultOf(was: readonly string[], is: readonly string[]): string | undefined {
  const others = is.filter(scope => !scope.endsWith(OWN));
  const [before, after] = [was.join(' '), others.join(' ')];
  if (others.length === is.length) return before === after ? undefined : `“${before}” became “${after}”`;
  if (!before.startsWith(after)) return `“${before}” became “${is.join(' ')}”`;
  const inner = was.filter(scope => !/^(source|meta\.flow|meta\.stream)/.test(scope)).join(' ');
  if (/entity\.name\.tag|comment|string\.unquoted\.block/.test(inner)) return `“${before}” is no value`;
  return inner === '' || /^(meta\.\S+ )*(string|constant)\./.test(inner) ? undefined : `“${before}” is no scalar`;
}

/** One mark for each stretch with a scope of ours; a scope inside another one has a mark of its own. */
function ownMarks(file: string, text: string, lines: readonly (readonly Token[])[]): Mark[] {
  const marks: Mark[] = [];
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    let open: Mark[] = [];
    for (const { start, end, scopes } of lines[index] ?? []) {
      const own = scopes.filter(scope => scope.endsWith(OWN)).map(scope => scope.slice(0, -OWN.length));
      const goesOn = own.findIndex((scope, depth) => open[depth]?.label !== scope);
      const same = goesOn < 0 ? own.length : goesOn;
      open = own.map((label, depth) => {
        const previous = depth < same ? open[depth] : undefined;
        return { file, start: previous?.start ?? offset + start, end: offset + end, label };
      });
      for (const mark of open) {
        const known = marks.findIndex(other => other.start === mark.start && other.label === mark.label);
        if (known < 0) marks.push(mark);
        else marks[known] = mark;
      }
    }
    offset += line.length + 1;
  }
  return marks;
}
