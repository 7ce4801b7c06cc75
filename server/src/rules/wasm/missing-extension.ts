import { Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';

export const missingExtension = resourceRule({
  id: 'wasm/missing-extension',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'TE-01', 'CEL-03'],
  summary: 'A TrafficExtension without anything to run.',
  why: 'It puts a WebAssembly module or a Lua script into the proxy; without either the API server and Istio refuse it.',
  remedy: 'Add `wasm` with its `url`, or `lua` with its `inlineCode`.',
  invalid: `
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: { name: filter }
spec:
  phase: AUTHN
`,
  valid: `
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: { name: filter }
spec:
  phase: AUTHN
  wasm: { url: "oci://example.com/filter:v1" }
`,
  *check(resource) {
    const spec = Fields.spec(resource, 'TrafficExtension');
    if (spec === undefined || spec.node('wasm') !== undefined || spec.node('lua') !== undefined) return;
    const known = /^(selector|targetRefs|phase|priority|match)$/;
    // An unknown field may be a misspelt one; that is said already.
    if (spec.map.entries.some(({ key }) => !known.test(key.source))) return;
    yield {
      at: spec.map.entries.length === 0 ? resource.kindAt : spec.head,
      message: 'this TrafficExtension runs nothing: it needs "wasm" or "lua"',
      ...refused('TE-01', 'CEL-03'),
    };
  },
});
