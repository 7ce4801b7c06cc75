import { Reader } from '../../model/reader.ts';
import { addEntry } from '../edits.ts';
import { resourceRule } from '../rule.ts';

export const ambiguousPolicy = resourceRule({
  id: 'sidecar/ambiguous-policy',
  severity: 'information',
  on: ['Sidecar'],
  codes: ['KIA1007'],
  summary: 'An outbound traffic policy without a mode.',
  why: 'The first value of its enum holds then, REGISTRY_ONLY: calls to hosts that the mesh does not know get 502, although nobody has written that.',
  remedy: 'Write the mode, or leave `outboundTrafficPolicy` out, so that the setting of the mesh holds.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { outboundTrafficPolicy: {} }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
`,
  *check(sidecar) {
    const read = new Reader(sidecar.document);
    const map = read.map(sidecar.spec, 'outboundTrafficPolicy');
    const at = read.keyAt(sidecar.spec, 'outboundTrafficPolicy');
    if (map === undefined || at === undefined || read.value(map, 'mode') !== undefined) return;
    const edit = addEntry(sidecar.document, map, 'mode: REGISTRY_ONLY');
    yield {
      at,
      message:
        'without "mode" this means REGISTRY_ONLY: calls to hosts that the mesh does not know get 502; write the mode',
      fixes: [{ title: 'Write "mode: REGISTRY_ONLY"', edits: [edit] }],
    };
  },
});
