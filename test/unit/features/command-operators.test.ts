import { expect, test } from 'vitest';
import { COMMAND_OPERATORS, operatorsIn } from '../../../server/src/features/command-operators.ts';

test.each([
  ['%START_TIME%', ['START_TIME 0-12']],
  ['t=%START_TIME(%s.%3f)%;', ['START_TIME 2-22']],
  ['%REQ(x-id?:path):10% %PROTOCOL%', ['REQ 0-20', 'PROTOCOL 21-31']],
  ['100%% of %DURATION%', ['DURATION 9-19']],
  ['%%DURATION%%', []],
  ['100%', []],
  ['%lower%', []],
])('%s', (text, found) => {
  expect(operatorsIn(text).map(({ name, start, end }) => `${name} ${start}-${end}`)).toEqual(found);
});

test('operators are explained in one line without a dot', () => {
  for (const [name, line] of COMMAND_OPERATORS) {
    expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(line).not.toMatch(/\n|\.$/);
  }
});
