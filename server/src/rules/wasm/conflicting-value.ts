import { removeEntry } from '../edits.ts';
import { refused, refusedByServer } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { moduleOf } from './modules.ts';

export const conflictingValue = resourceRule({
  id: 'wasm/conflicting-value',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'WP-07', 'TE-04', 'CEL-05'],
  summary: 'A variable that is taken from the proxy and has a value as well.',
  why: '`valueFrom: HOST` takes the value from the environment of the proxy; one written beside it would be forgotten. Istio and the API server refuse both.',
  remedy: 'Remove `value`, or `valueFrom`.',
  invalid: `
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: filter }
spec:
  url: oci://example.com/filter:v1
  vmConfig: { env: [{ name: POD_NAME, valueFrom: HOST, value: web }] }
`,
  valid: `
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: filter }
spec:
  url: oci://example.com/filter:v1
  vmConfig: { env: [{ name: POD_NAME, valueFrom: HOST }] }
`,
  *check(resource) {
    const found = moduleOf(resource);
    for (const variable of found?.fields.object('vmConfig')?.objects('env') ?? []) {
      if (variable.string('valueFrom')?.value !== 'HOST' || !variable.has('value')) continue;
      const edit = removeEntry(resource.document, variable.map, 'value');
      const isEmpty = variable.string('value')?.value === '';
      yield {
        at: variable.key('value'),
        message: `${quoted(variable.string('name')?.value ?? '')} is taken from the proxy, so it has no "value"`,
        fixes: edit === undefined ? [] : [{ title: 'Remove "value"', edits: [edit], preferred: true }],
        ...(isEmpty ? refusedByServer('CEL-05') : refused(found?.inExtension === true ? 'TE-04' : 'WP-07', 'CEL-05')),
      };
    }
  },
});
