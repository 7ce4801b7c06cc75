import { describe, expect, test } from 'vitest';
import { movementOf } from '../../../client/src/webview/keyboard.ts';
import type { Line } from '../../../client/src/webview/table.ts';
import { host, route } from '../../e2e/preview/sample.ts';

const HOST = host('a:80', ['a'], []);
const KEYS = ['host:a:80', ...Array.from({ length: 30 }, (_, i) => `route:${i + 1}`)];

function heading(open: boolean): Line {
  return { kind: 'host', key: 'host:a:80', host: HOST, open };
}

function row(order: number, open = false): Line {
  return { kind: 'route', key: `route:${order}`, route: route(order), host: HOST, open, joined: false };
}

function move(line: Line, key: string, change: Partial<{ shiftKey: boolean; ctrlKey: boolean; row: boolean }> = {}) {
  const event = { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...change };
  return movementOf(event, { line, keys: KEYS, row: change.row ?? true });
}

describe('keys in the table', () => {
  test.each([
    ['ArrowDown', 'route:6'],
    ['ArrowUp', 'route:4'],
    ['PageDown', 'route:15'],
    ['PageUp', 'host:a:80'],
    ['Home', 'host:a:80'],
    ['End', 'route:30'],
  ])('%s leads from route 5 to %s', (key, target) => {
    expect(move(row(5), key)).toEqual({ kind: 'to', key: target });
  });

  test('the ends hold', () => {
    expect(move(heading(true), 'ArrowUp')).toEqual({ kind: 'to', key: 'host:a:80' });
    expect(move(row(30), 'PageDown')).toEqual({ kind: 'to', key: 'route:30' });
  });

  test('right opens what is closed, left closes what is open, then goes to the host', () => {
    expect(move(row(5), 'ArrowRight')).toEqual({ kind: 'toggle' });
    expect(move(row(5, true), 'ArrowRight')).toBeUndefined();
    expect(move(row(5, true), 'ArrowLeft')).toEqual({ kind: 'toggle' });
    expect(move(row(5), 'ArrowLeft')).toEqual({ kind: 'to', key: 'host:a:80' });
    expect(move(heading(false), 'ArrowLeft')).toBeUndefined();
  });

  test('Enter and Space belong to a control while that has the focus', () => {
    expect(move(row(5), 'Enter')).toEqual({ kind: 'open' });
    expect(move(heading(true), 'Enter')).toEqual({ kind: 'toggle' });
    expect(move(row(5), ' ')).toEqual({ kind: 'toggle' });
    expect(move(row(5), 'Enter', { row: false })).toBeUndefined();
    expect(move(row(5), ' ', { row: false })).toBeUndefined();
  });

  test('keys with a modifier are left to VS Code', () => {
    expect(move(row(5), 'ArrowDown', { ctrlKey: true })).toBeUndefined();
    expect(move(row(5), 'F8', { shiftKey: true })).toEqual({ kind: 'problem', direction: 'previous' });
  });
});
