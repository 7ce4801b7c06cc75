import { expect, test } from 'vitest';
import {
  type Finding,
  fileFindings,
  RULES,
  type Rule,
  type RuleFinding,
  type Snapshot,
} from '../../server/src/analysis.ts';
import { type ClientOptions, held, LspClient, startClient, uri } from '../harness/lsp-client.ts';
import { MISSPELT, VIRTUAL_SERVICE } from './manifests.ts';

test('the first diagnostics of an opened document come at once, with place, code, page and version', async () => {
  const client = await startClient();
  client.open('a.yaml', MISSPELT);
  await client.worked();
  await client.handled();
  expect(client.published).toEqual([
    {
      uri: uri('a.yaml'),
      version: 1,
      diagnostics: [
        {
          range: { start: { line: 6, character: 2 }, end: { line: 6, character: 7 } },
          severity: 1,
          source: 'istio',
          code: 'schema/unknown-field',
          codeDescription: { href: 'https://rules.test/schema/unknown-field' },
          message: expect.stringContaining('"hostz"'),
          data: { rule: 'schema/unknown-field' },
        },
      ],
    },
  ]);
});

test('of a burst of edits only the last text is judged', async () => {
  const client = await startClient();
  client.open('a.yaml', VIRTUAL_SERVICE);
  await client.settled();
  for (let i = 0; i < 20; i++) client.change('a.yaml', i === 19 ? MISSPELT : `# ${i}\n${MISSPELT}`);
  await client.settled();
  expect(client.published.map(({ version }) => version)).toEqual([1, 21]);
  expect(client.published.at(-1)?.diagnostics[0]?.range.start.line).toBe(6);
});

test('an edit drops the work that is running on the text before it', async () => {
  const judged: string[] = [];
  const features = slowly(function* (snapshot, id) {
    judged.push(`${id} ${snapshot.file(id)?.text.length}`);
    for (let i = 0; i < 1000; i++) yield;
    judged.push(`${id} done`);
  });
  const client = await startClient({ features });
  client.open('a.yaml', 'a');
  await client.handled();
  client.change('a.yaml', 'ab');
  await client.settled();
  expect(judged).toEqual([`${uri('a.yaml')} 1`, `${uri('a.yaml')} 2`, `${uri('a.yaml')} done`]);
  expect(client.published.map(({ version }) => version)).toEqual([2]);
});

test('requests are answered between the slices of a long judgment', async () => {
  let isOver = false;
  const features = slowly(function* () {
    for (let i = 0; i < 1000; i++) yield;
    isOver = true;
  });
  const client = await startClient({ features });
  client.open('a.yaml', VIRTUAL_SERVICE);
  await client.request('istio/status');
  expect(isOver).toBe(false);
  await client.settled();
  expect(isOver).toBe(true);
});

test('the edited document is judged first, then other open ones, then the rest', async () => {
  const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map(name => [`${name}.yaml`, MISSPELT]));
  const client = await startClient({ files });
  for (const path of ['b.yaml', 'd.yaml', 'e.yaml']) client.open(path, MISSPELT);
  // The edit is judged before the settings come, or with them, as fast as it goes: here only the order counts.
  client.change('d.yaml', MISSPELT.replace('hostz', 'hosty'));
  await client.settled();
  client.published.length = 0;
  client.settings = { rules: { 'schema/unknown-field': 'hint' } };
  client.notify('workspace/didChangeConfiguration', {});
  await client.settled();
  const order = ['d.yaml', 'e.yaml', 'b.yaml', 'a.yaml', 'c.yaml'];
  expect(client.published.map(params => params.uri)).toEqual(order.map(uri));
});

test('an edit also drops the judgment of files that are not open', async () => {
  const done: string[] = [];
  const features = slowly(function* (_snapshot, id) {
    for (let i = 0; i < 1000; i++) yield;
    done.push(id.slice(-6));
  });
  const client = await startClient({ features, files: { 'c.yaml': VIRTUAL_SERVICE } });
  client.open('a.yaml', 'a');
  await client.settled();
  client.change('a.yaml', 'ab');
  done.length = 0;
  await client.worked();
  client.fireTimer();
  await client.worked();
  expect(done).toEqual(['a.yaml']);
  client.fireTimer();
  client.change('a.yaml', 'abc');
  await client.settled();
  expect(done).toEqual(['a.yaml', 'a.yaml', 'c.yaml']);
});

test('what the editor shows already is not sent again', async () => {
  const client = await startClient({ files: { 'a.yaml': MISSPELT, 'b.yaml': VIRTUAL_SERVICE } });
  expect(client.published.map(params => params.uri)).toEqual([uri('a.yaml')]);
  client.open('c.yaml', MISSPELT);
  await client.settled();
  client.open('b.yaml', VIRTUAL_SERVICE);
  await client.settled();
  client.change('b.yaml', `${VIRTUAL_SERVICE}# typed\n`);
  await client.settled();
  expect(client.published.map(params => [params.uri, params.version])).toEqual([
    [uri('a.yaml'), undefined],
    [uri('c.yaml'), 1],
    [uri('b.yaml'), 1],
    [uri('b.yaml'), 2],
  ]);
});

test('related places, faded text and struck-out text are shown to clients that can show them', async () => {
  const features = saying((snapshot, id) => {
    const document = snapshot.file(id)?.documents[0]?.document;
    if (document === undefined) return [];
    const span = (start: number, end: number) => ({ anchor: document, start, end });
    const related = [{ at: span(0, 3), message: 'here' }];
    return [{ at: span(4, 6), message: 'm', related, fade: span(4, 9), deprecated: true, severity: 'warning' }];
  });
  const rich = await startClient({ features });
  rich.open('a.yaml', VIRTUAL_SERVICE);
  await rich.settled();
  const range = (start: number, end: number) => ({
    start: { line: 0, character: start },
    end: { line: 0, character: end },
  });
  expect(rich.diagnostics('a.yaml')).toEqual([
    expect.objectContaining({
      range: range(4, 6),
      severity: 2,
      tags: [2],
      relatedInformation: [{ location: { uri: uri('a.yaml'), range: range(0, 3) }, message: 'here' }],
    }),
    expect.objectContaining({ range: range(4, 9), severity: 4, tags: [1] }),
  ]);
  const poor = await startClient({ features, capabilities: () => ({}) });
  poor.open('a.yaml', VIRTUAL_SERVICE);
  await poor.settled();
  const [diagnostic, ...more] = poor.diagnostics('a.yaml') ?? [];
  expect(more).toEqual([]);
  expect(diagnostic).not.toHaveProperty('tags');
  expect(diagnostic).not.toHaveProperty('relatedInformation');
  expect(diagnostic).not.toHaveProperty('codeDescription');
});

test('of very many findings the first thousand are shown, and how many there are more', async () => {
  const features = saying((snapshot, id) => {
    const document = snapshot.file(id)?.documents[0]?.document;
    return document === undefined
      ? []
      : Array.from({ length: 1234 }, () => ({ at: { anchor: document, start: 0, end: 1 }, message: 'm' }));
  });
  const client = await startClient({ features });
  client.open('a.yaml', VIRTUAL_SERVICE);
  await client.settled();
  expect(client.diagnostics('a.yaml')).toHaveLength(1001);
  expect(client.diagnostics('a.yaml')?.at(-1)?.message).toContain('234 more findings');
});

test('rules about the whole workspace wait until it is read; the others work meanwhile', async () => {
  const workspaceRules = RULES.filter(rule => rule.scope === 'workspace');
  expect(workspaceRules).not.toEqual([]);
  const judged: string[] = [];
  const features: ClientOptions['features'] = {
    fileFindings: (snapshot, id, options) => {
      const areSilent = workspaceRules.every(rule => options.severities[rule.id] === 'off');
      judged.push(`${id.slice(-6)} ${areSilent ? 'by itself' : 'with all others'}`);
      return fileFindings(snapshot, id, options);
    },
  };
  const client = new LspClient({ features, files: { 'b.yaml': VIRTUAL_SERVICE } });
  const { until, release } = held();
  client.listing = until;
  await client.initialize();
  client.open('a.yaml', VIRTUAL_SERVICE);
  await client.settled();
  expect(judged).toEqual(['a.yaml by itself']);
  expect(await client.request('istio/status')).toMatchObject({ indexing: true });
  release();
  await client.settled();
  expect(judged.slice(1)).toEqual(['b.yaml by itself', 'a.yaml with all others', 'b.yaml with all others']);
  expect(await client.request('istio/status')).toMatchObject({ indexing: false });
});

test('a rule that throws is told once, and costs its own findings only', async () => {
  const broken: Rule = {
    ...(RULES.find(rule => rule.scope === 'document') as Rule & { scope: 'document' }),
    id: 'yaml/broken-rule',
    check: () => {
      throw new Error('no luck');
    },
  };
  (RULES as Rule[]).push(broken);
  try {
    const client = await startClient({ files: { 'a.yaml': MISSPELT, 'b.yaml': MISSPELT } });
    expect(client.diagnostics('a.yaml')?.map(({ code }) => code)).toEqual(['schema/unknown-field']);
    expect(client.diagnostics('b.yaml')?.map(({ code }) => code)).toEqual(['schema/unknown-field']);
    expect(client.logs).toEqual([
      expect.stringMatching(/^error: internal fault in rule yaml\/broken-rule: .*no luck/s),
    ]);
    expect(await client.request('istio/status')).toMatchObject({ faults: ['rule yaml/broken-rule: no luck'] });
  } finally {
    (RULES as Rule[]).pop();
  }
});

test('a fault in the judgment of one file leaves the others', async () => {
  const features: ClientOptions['features'] = {
    fileFindings: (snapshot, id, options) => {
      if (id.endsWith('a.yaml')) throw new Error('no luck');
      return fileFindings(snapshot, id, options);
    },
  };
  const client = await startClient({ files: { 'a.yaml': MISSPELT, 'b.yaml': MISSPELT }, features });
  expect(client.published.map(params => params.uri)).toEqual([uri('b.yaml')]);
  expect(client.logs).toHaveLength(1);
});

/** Judges by what a test says. */
function saying(find: (snapshot: Snapshot, id: string) => readonly Finding[]): ClientOptions['features'] {
  const rule = RULES[0] as Rule;
  return {
    *fileFindings(snapshot, id) {
      return find(snapshot, id).map((finding): RuleFinding => ({ severity: 'error', ...finding, rule }));
    },
  };
}

/** Judges nothing, in steps. */
function slowly(work: (snapshot: Snapshot, id: string) => Generator<undefined, void>): ClientOptions['features'] {
  return {
    *fileFindings(snapshot, id) {
      yield* work(snapshot, id);
      return [];
    },
  };
}
