import { asMap, Reader } from '../../model/reader.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { child, itemsOf } from '../../yaml/node.ts';
import { workspaceRule } from '../rule.ts';

export const ineffectiveProvider = workspaceRule({
  id: 'telemetry/ineffective-provider',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0157'],
  summary: 'Access logging without a provider, in a mesh that has no default one.',
  why: 'The entry says nothing on where to write, and the mesh does not either: it is ignored.',
  remedy:
    'Name a provider, such as `providers: [{ name: envoy }]`, or set `defaultProviders.accessLogging` in the settings of the mesh.',
  invalid: `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'rootNamespace: istio-system' }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: default, namespace: istio-system }
spec: { accessLogging: [{ filter: { expression: response.code >= 400 } }] }
`,
  valid: `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'rootNamespace: istio-system' }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: default, namespace: istio-system }
spec: { accessLogging: [{ providers: [{ name: envoy }] }] }
`,
  *check(resource, snapshot) {
    if (resource.type !== 'Other' || resource.kind !== 'Telemetry') return;
    const read = new Reader(resource.document);
    const at = read.keyAt(resource.spec, 'accessLogging');
    const entries = itemsOf(child(resource.spec, 'accessLogging')).map(asMap);
    if (at === undefined || entries.length === 0 || meshHasDefault(snapshot) !== false) return;
    const lacking = entries.some(
      entry =>
        entry !== undefined &&
        itemsOf(child(entry, 'providers')).length === 0 &&
        read.boolean(entry, 'disabled')?.value !== true,
    );
    if (lacking)
      yield {
        at,
        message:
          'this names no provider, and the settings of the mesh have no default one for access logs, so it is ignored',
      };
  },
});

/** What the mesh's own ConfigMap says of a provider for access logs; `undefined` where it is not in the workspace. */
function meshHasDefault({ index, settings }: Snapshot): boolean | undefined {
  const [config] = index.find('ConfigMap', `${settings.mesh.rootNamespace}/istio`);
  const mesh = config?.data.find(({ key }) => key.value === 'mesh')?.value.value;
  if (mesh === undefined) return undefined;
  return (
    /^\s*accessLogFile:\s*\S/m.test(mesh) ||
    /^\s*accessLogging:/m.test(mesh) ||
    /^\s*enableEnvoyAccessLogService:\s*true/m.test(mesh)
  );
}
