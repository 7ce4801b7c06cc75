import { isIstioKind } from '../../model/decode.ts';
import { entry, isNull, type MapNode, resolve, type ScalarNode } from '../../yaml/node.ts';
import { documentRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const missingHeader = documentRule({
  id: 'schema/missing-header',
  severity: 'error',
  summary: 'A document with an `apiVersion` of Istio and no `kind`, or the other way round.',
  why: 'Only both together say what the object is. Without one of them `kubectl` refuses the file, and nothing in it is checked here.',
  remedy: 'Write both.',
  invalid: `
apiVersion: networking.istio.io/v1
metadata: { name: reviews }
spec:
  hosts: [reviews]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  refuses: true,
  *check(document) {
    const root = resolve(document.root);
    if (root?.kind !== 'map') return;
    const apiVersion = textOf(root, 'apiVersion');
    const kind = textOf(root, 'kind');
    const at = apiVersion ?? kind;
    if (at === undefined || (apiVersion !== undefined && kind !== undefined)) return;
    if (apiVersion === undefined ? !isWritten(root, at.source) : !ISTIO_VERSION.test(at.source)) return;
    yield {
      at: { anchor: document, start: at.start, end: at.end },
      message: `an object with the ${apiVersion === undefined ? 'kind' : 'version'} ${quoted(at.source)} lacks ${quoted(apiVersion === undefined ? 'apiVersion' : 'kind')}`,
    };
  },
});

const ISTIO_VERSION = /^(networking|security|telemetry|extensions)\.istio\.io\//;

/** A word is not yet an object: only Istio's kinds count, and only with something that objects have. */
function isWritten(root: MapNode, kind: string): boolean {
  return isIstioKind(kind) && !isNull(entry(root, 'metadata')?.value);
}

/** The text of a key that has one. */
function textOf(map: MapNode, key: string): ScalarNode | undefined {
  const value = resolve(entry(map, key)?.value);
  return value?.kind === 'scalar' && value.value !== null && value.source !== '' ? value : undefined;
}
