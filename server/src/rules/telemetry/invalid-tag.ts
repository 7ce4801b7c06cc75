import { removeEntry } from '../edits.ts';
import { acceptedWithWarning, Fields, refused } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidTag = resourceRule({
  id: 'telemetry/invalid-tag',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'IST0133', 'TL-06', 'TL-11', 'TL-13', 'TL-14', 'CEL-29', 'CEL-30'],
  summary: 'A tag of a metric or a trace that is not said in full.',
  why: 'A tag has a name, and is either set to a value or removed, not both. Istio refuses a value for what is removed, and a tag without a value that is to be set.',
  remedy: 'Give the tag a `value`, an expression in CEL; or write `operation: REMOVE` without one.',
  invalid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: metrics }
spec:
  metrics:
    - overrides: [{ tagOverrides: { request_host: { operation: REMOVE, value: request.host } } }]
`,
  valid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: metrics }
spec:
  metrics:
    - overrides: [{ tagOverrides: { request_host: { value: request.host } } }]
`,
  *check(resource) {
    const spec = Fields.spec(resource, 'Telemetry');
    if (spec === undefined) return;
    for (const metrics of spec.objects('metrics')) {
      for (const override of metrics.objects('overrides')) yield* metricTags(override);
    }
    for (const tracing of spec.objects('tracing')) {
      for (const { key } of tracing.entries('customTags')) {
        if (key.value === '') yield { at: key, message: 'this tag has no name', ...refused('TL-06') };
      }
    }
  },
});

function* metricTags(override: Fields): Generator<Finding> {
  for (const { key, value } of override.entries('tagOverrides')) {
    if (key.value === '') yield { at: key, message: 'this tag has no name', ...acceptedWithWarning('TL-11') };
    const tag = override.fieldsOf(value);
    if (tag === undefined) continue;
    const operation = tag.string('operation');
    const text = tag.string('value');
    if (operation?.value === 'REMOVE') {
      if (!tag.has('value')) continue;
      const edit = removeEntry(tag.document, tag.map, 'value');
      // An empty value only the API server minds.
      const isEmpty = text?.value === '';
      yield {
        at: tag.key('value'),
        message: `the tag ${quoted(key.value)} is removed, so it has no "value"`,
        fixes: edit === undefined ? [] : [{ title: 'Remove "value"', edits: [edit], preferred: true }],
        ...(isEmpty ? { codes: ['CEL-30'], refuses: false } : refused('TL-14', 'CEL-30')),
      };
    } else if ((operation === undefined || operation.value === 'UPSERT') && (!tag.has('value') || text?.value === '')) {
      if (tag.map.entries.some(entry => !['operation', 'value'].includes(entry.key.source))) continue;
      yield {
        at: text ?? operation ?? key,
        message: `the tag ${quoted(key.value)} is set to nothing: it needs a "value", or "operation: REMOVE"`,
        ...refused('TL-13', ...(operation === undefined ? [] : ['CEL-29'])),
      };
    }
  }
}
