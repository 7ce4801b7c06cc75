import { describe, expect, test } from 'vitest';
import { resolvePlain } from '../../../server/src/yaml/scalar.ts';

// What sigs.k8s.io/yaml 1.6 (go-yaml v2) makes of these words, compared on 2026-11-23.
describe('plain scalars are typed as Kubernetes types them', () => {
  test.each([
    ['y', true],
    ['Y', true],
    ['yes', true],
    ['On', true],
    ['TRUE', true],
    ['n', false],
    ['NO', false],
    ['off', false],
    ['False', false],
    ['', null],
    ['~', null],
    ['null', null],
    ['Null', null],
    ['NULL', null],
  ])('%s', (source, value) => {
    expect(resolvePlain(source)).toBe(value);
  });

  test.each([
    ['0', 0],
    ['-0', 0],
    ['+1', 1],
    ['-17', -17],
    ['1_000', 1000],
    ['1__0', 10],
    ['1_', 1],
    ['-_1', -1],
    ['0x1F', 31],
    ['0X1F', 31],
    ['-0x1', -1],
    ['0o17', 15],
    ['0O7', 7],
    ['017', 15],
    ['00', 0],
    ['08', 8],
    ['0b11', 3],
    ['0B1', 1],
    ['1e3', 1000],
    ['1e+3', 1000],
    ['12e03', 12000],
    ['.5', 0.5],
    ['+.5e1', 5],
    ['1.', 1],
    ['1.10', 1.1],
    ['0.1_0', 0.1],
    ['99999999999999999999', 1e20],
  ])('%s is a number', (source, value) => {
    expect(resolvePlain(source)).toBe(value);
  });

  test.each([
    'nO',
    'tRue',
    'nuLL',
    'yEs',
    '_1',
    '0x',
    '0b',
    '0b2',
    '1:30',
    '190:20:30',
    '2001-01-01',
    '1e400',
    '-1-2',
    '1,000',
    '1 2',
    '+inf',
    '-',
    '.',
    '+',
    '1.2.3',
    '10.0.0.1',
    'v1',
    '=',
    '<<',
  ])('%s is text', source => {
    expect(resolvePlain(source)).toBe(source);
  });
});
