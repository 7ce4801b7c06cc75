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
  expect(host.snapshot().file('a')).toMatchObject({
    omitted: 'too-large',
    excess: { found: 9_000_000, allowed: 5_000_000 },
    text: '',
    resources: [],
  });
  host.apply({
    settings: { ...DEFAULT_SETTINGS, maxFileSize: 8_000_000 },
    files: new Map<string, FileText | undefined>([['a', UNREAD]]),
  });
  expect(host.snapshot().file('a')?.excess).toEqual({ found: 9_000_000, allowed: 8_000_000, start: 0 });
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

const LONG = 'x'.repeat(50);

test.each([
  ['maxFileSize', 400, `${SERVICE}# ${'x\n# '.repeat(200)}`, 'too-large'],
  ['maxDocuments', 2, `${SERVICE}---\n---\n`, 'too-many-documents'],
  ['maxLineLength', 45, `${SERVICE}# ${LONG}\n`, 'line-too-long'],
] as const)('a text past %s is left out, and read when the limit is raised', (setting, limit, text, omitted) => {
  const host = createHost(schemas);
  host.apply({ settings: { ...DEFAULT_SETTINGS, [setting]: limit }, files: new Map([['a', text]]) });
  expect(host.snapshot().file('a')).toMatchObject({ omitted, resources: [], documents: [], hasTemplates: true });
  const found = host.snapshot().file('a')?.excess?.found ?? 0;
  host.apply({ settings: { ...DEFAULT_SETTINGS, [setting]: found - 1 } });
  expect(host.snapshot().file('a')?.excess).toMatchObject({ found, allowed: found - 1 });
  host.apply({ settings: { ...DEFAULT_SETTINGS, [setting]: found } });
  const read = host.snapshot().file('a');
  expect(read).toMatchObject({ omitted: undefined, resources: [{ name: 'a' }], hasTemplates: false });
  const scratch = createHost(schemas);
  scratch.apply({ files: new Map([['a', text]]) });
  expect(read?.documents).toEqual(scratch.snapshot().file('a')?.documents);
});

test('a text that grows past a limit and shrinks again is as if it had been read so at once', () => {
  const settings = { ...DEFAULT_SETTINGS, maxDocuments: 3, maxLineLength: 60 };
  const host = createHost(schemas);
  const second = SERVICE.replace('name: a', 'name: b');
  const texts = [
    SERVICE,
    `${SERVICE}---\n${second}`,
    `${SERVICE}---\n${second}---\n---\n`,
    `# ${LONG}\n${SERVICE}---\n${second}`,
    `# ${LONG}${LONG}\n${SERVICE}---\n${second}`,
    `# ${LONG}\n${SERVICE}---\n${second}`,
    second,
  ];
  const omissions: unknown[] = [];
  for (const text of texts) {
    host.apply({ settings, files: new Map([['a', text]]) });
    const scratch = createHost(schemas);
    scratch.apply({ settings, files: new Map([['a', text]]) });
    const file = host.snapshot().file('a');
    const anew = scratch.snapshot().file('a');
    expect(file?.documents).toEqual(anew?.documents);
    expect(file?.excess).toEqual(anew?.excess);
    expect(file?.lines.position(text.length)).toEqual(anew?.lines.position(text.length));
    omissions.push(file?.omitted);
  }
  expect(omissions).toEqual([
    undefined,
    undefined,
    'too-many-documents',
    undefined,
    'line-too-long',
    undefined,
    undefined,
  ]);
});

test('what is not found may be defined in a file that is past a limit', () => {
  const gateway = (name: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: ${name} }\n`;
  const host = createHost(schemas);
  const many = `${gateway('b')}---\n---\n`;
  const resolve = (): string => host.snapshot().references.gateway('b', 'default').outcome;
  const settings = { ...DEFAULT_SETTINGS, maxDocuments: 2 };
  host.apply({ settings, files: new Map([['a', gateway('a')]]) });
  expect(resolve()).toBe('missing');
  host.apply({ files: new Map([['many', many]]) });
  expect(resolve()).toBe('unknowable');
  host.apply({ settings: DEFAULT_SETTINGS });
  expect(resolve()).toBe('found');
});
