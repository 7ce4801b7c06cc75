import { expect, test } from 'vitest';
import { createHost, DEFAULT_SETTINGS, type FileText } from '../../../server/src/analysis.ts';
import { schemas } from '../../harness/schemas.ts';

const UNREAD: FileText = { unread: 'too-large', size: 9_000_000 };
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n';

test('a change that changes nothing keeps the snapshot', () => {
  const host = createHost(schemas);
  host.apply({
    files: new Map<string, FileText | undefined>([
      ['a', SERVICE],
      ['b', UNREAD],
    ]),
  });
  const before = host.snapshot();
  host.apply({
    files: new Map<string, FileText | undefined>([
      ['a', SERVICE],
      ['b', UNREAD],
      ['c', undefined],
    ]),
  });
  expect(host.snapshot()).toBe(before);
});

test('a file that is not read has no resources, whatever the settings are, until its text comes', () => {
  const host = createHost(schemas);
  host.apply({ files: new Map<string, FileText | undefined>([['a', UNREAD]]) });
  host.apply({ settings: { ...DEFAULT_SETTINGS, maxFileSize: 10_000_000 } });
  expect(host.snapshot().file('a')).toMatchObject({ omitted: 'too-large', text: '', size: 9_000_000, resources: [] });
  host.apply({ files: new Map<string, FileText | undefined>([['a', SERVICE]]) });
  expect(host.snapshot().file('a')).toMatchObject({ omitted: undefined, resources: [{ name: 'a' }] });
});

test('settings are applied to texts that are there', () => {
  const host = createHost(schemas);
  host.apply({ files: new Map<string, FileText | undefined>([['a', SERVICE]]) });
  host.apply({ settings: { ...DEFAULT_SETTINGS, defaultNamespace: 'shop' } });
  expect(host.snapshot().file('a')?.resources[0]?.namespace).toBe('shop');
});

test('settings that do not touch the reading keep what was read', () => {
  const host = createHost(schemas);
  host.apply({ files: new Map([['a', SERVICE]]) });
  const before = host.snapshot();
  host.apply({ settings: { ...DEFAULT_SETTINGS, ownedNamespaces: ['*'] } });
  expect(host.snapshot()).not.toBe(before);
  expect(host.snapshot().file('a')).toBe(before.file('a'));
});
