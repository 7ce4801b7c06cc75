import { describe, expect, test } from 'vitest';
import { plainSnippet } from '../../../../server/src/features/completion/snippet-text.ts';
import { blockField, broughtFields, flowField } from '../../../../server/src/features/completion/structure.ts';
import type { Shape } from '../../../../server/src/schema/facts.ts';
import { plainValue } from '../../../../server/src/schema/validate.ts';
import { parseDocument } from '../../../../server/src/yaml/parse.ts';
import { schemas } from '../../../harness/schemas.ts';

const { facts } = schemas;
const fields = Object.entries(facts.types).flatMap(([type, fact]) =>
  Object.entries(fact.fields).map(([name, field]) => ({ type, name, field })),
);

/** What a shape needs at the least, as far as it is an object or a list of objects. */
function skeleton(shape: Shape): unknown {
  if (shape.type === 'array') return [skeleton(shape.items)];
  if (shape.type !== 'object') return expect.anything();
  const brought = broughtFields(facts, shape.ref);
  return Object.fromEntries(
    brought.map(name => [name, skeleton(facts.types[shape.ref]?.fields[name] ?? { type: 'any' })]),
  );
}

function read(text: string): unknown {
  const filled = plainSnippet(text.replaceAll(/\$\d+/g, 'x'));
  const document = parseDocument('x', filled);
  expect(document.problems, filled).toEqual([]);
  return plainValue(document.root);
}

describe('the structure of every field', () => {
  test.each([
    { step: 2, dash: 2 },
    { step: 4, dash: 2 },
    { step: 2, dash: 0 },
  ])('in block style (%j)', layout => {
    for (const { type, name, field } of fields) {
      const { lines } = blockField(facts, layout, name, field);
      expect(read(lines.join('\n')), `${type}.${name}`).toMatchObject({ [name]: matching(field) });
    }
  });
  test('in flow style', () => {
    for (const { type, name, field } of fields) {
      const { lines } = flowField(facts, { step: 2, dash: 2 }, name, field);
      expect(lines, `${type}.${name}`).toHaveLength(1);
      expect(read(`{ ${lines[0] ?? ''} }`), `${type}.${name}`).toMatchObject({ [name]: matching(field) });
    }
  });
  test('holds every required field', () => {
    for (const [type, fact] of Object.entries(facts.types)) {
      expect(broughtFields(facts, type), type).toEqual(expect.arrayContaining([...(fact.required ?? [])]));
    }
  });
  test('never brings two fields that exclude each other', () => {
    for (const [type, fact] of Object.entries(facts.types)) {
      for (const group of fact.oneOf ?? []) {
        const both = broughtFields(facts, type).filter(name => group.includes(name));
        expect(both.length, `${type}: ${both.join(', ')}`).toBeLessThan(2);
      }
    }
  });
});

/** An object that brings nothing is still empty: its place holds the word that was put there. */
function matching(shape: Shape): unknown {
  if (shape.type === 'object' && broughtFields(facts, shape.ref).length === 0) return expect.anything();
  if (shape.type === 'array' && shape.items.type === 'object' && broughtFields(facts, shape.items.ref).length === 0)
    return [expect.anything()];
  return skeleton(shape);
}
