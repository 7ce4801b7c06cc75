import { describe, expect, test } from 'vitest';
import { preferredVersion } from '../../../../server/src/schema/facts.ts';
import { completionsAt } from '../../../harness/completion.ts';
import { snapshotOf } from '../../../harness/fixtures.ts';
import { schemas } from '../../../harness/schemas.ts';

const { facts } = schemas;

function itemsAt(text: string): ReturnType<typeof completionsAt> {
  const offset = text.indexOf('|');
  return completionsAt(snapshotOf([{ path: 'a.yaml', text: text.replace('|', '') }]), 'a.yaml', offset);
}

describe.each(facts.kinds.map(kind => [kind.kind, kind] as const))('%s', (name, kind) => {
  const head = `apiVersion: ${kind.group}/${preferredVersion(kind)}\nkind: ${name}\n`;

  test('every field of the specification is offered, with its documentation', () => {
    const spec = facts.types[kind.type]?.fields['spec'];
    const fields = spec?.type === 'object' ? Object.keys(facts.types[spec.ref]?.fields ?? {}) : [];
    const items = itemsAt(`${head}spec:\n  |\n`).filter(item => item.kind === 'field');
    expect(items.map(({ label }) => label).toSorted()).toEqual(fields.toSorted());
    for (const { label, documentation, detail } of items) {
      expect(documentation).toMatch(new RegExp(`^\\*\\*${label}\\*\\* · [^]*\\[Istio's reference\\]`));
      expect(detail).not.toBe('');
    }
  });
});

test('every value of an enum has its line', () => {
  const items = itemsAt(
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nspec:\n  servers:\n    - tls:\n        mode: |\n',
  );
  expect(items.map(({ label }) => label).toSorted()).toEqual([
    'AUTO_PASSTHROUGH',
    'ISTIO_MUTUAL',
    'MUTUAL',
    'OPTIONAL_MUTUAL',
    'PASSTHROUGH',
    'SIMPLE',
  ]);
  for (const { documentation } of items) expect(documentation).toMatch(/^[A-Z].*\.$/);
});

test('a snippet shows what it inserts', () => {
  const [item] = itemsAt('|').filter(({ label }) => label === 'PeerAuthentication');
  expect(item?.documentation).toContain('```yaml\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n');
});
