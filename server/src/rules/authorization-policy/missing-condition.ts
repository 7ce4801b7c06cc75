import { type Fields, refused } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { OPERATION_FIELDS, policyOf, SOURCE_FIELDS } from './policy.ts';

export const missingCondition = resourceRule({
  id: 'authorization-policy/missing-condition',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'AP-10', 'AP-11', 'AP-18', 'AP-23'],
  summary: 'A part of a rule that says nothing of the request.',
  why: 'An empty `source` or `operation`, or a condition without values, could mean every request or none; Istio refuses it.',
  remedy: 'Write what has to hold, or leave the part out: a rule without it does not look at it.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ from: [{ source: {} }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ from: [{ source: { namespaces: [shop] } }] }]
`,
  *check(resource) {
    for (const { fields, conditions } of policyOf(resource)?.rules ?? []) {
      yield* part(fields, 'from', 'source', SOURCE_FIELDS, ['AP-10', 'AP-11']);
      yield* part(fields, 'to', 'operation', OPERATION_FIELDS, ['AP-18', 'AP-18']);
      for (const condition of conditions) {
        const key = condition.string('key');
        if (key === undefined || key.value === '' || condition.count('values') + condition.count('notValues') > 0)
          continue;
        if (hasUnknown(condition, ['key', 'values', 'notValues'])) continue;
        yield {
          at: condition.has('values') ? condition.key('values') : key,
          message: `this condition on ${quoted(key.value)} has neither "values" nor "notValues"`,
          ...refused('AP-23'),
        };
      }
    }
  },
});

function* part(
  rule: Fields,
  list: 'from' | 'to',
  object: 'source' | 'operation',
  known: readonly string[],
  [lacks, empty]: readonly [string, string],
): Generator<Finding> {
  for (const entry of rule.objects(list)) {
    const inner = entry.object(object);
    if (inner === undefined) {
      if (entry.node(object) !== undefined || hasUnknown(entry, [object])) continue;
      yield { at: rule.key(list), message: `this entry of ${quoted(list)} lacks ${quoted(object)}`, ...refused(lacks) };
    } else if (known.every(field => inner.count(field) === 0) && !hasUnknown(inner, known)) {
      yield {
        at: entry.key(object),
        message: `${quoted(object)} is empty, and says nothing of the request`,
        ...refused(empty),
      };
    }
  }
}

/** A misspelt field, or one of another type, is said by the schema. */
function hasUnknown(fields: Fields, known: readonly string[]): boolean {
  return fields.map.entries.some(
    ({ key, value }) =>
      !known.includes(key.source) ||
      (value.kind !== 'seq' && key.source !== 'key' && !['source', 'operation'].includes(key.source)),
  );
}
