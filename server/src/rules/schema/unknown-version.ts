import { kindOf, preferredVersion } from '../../schema/facts.ts';
import { replaceWith } from '../edits.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { apiVersionParts } from './header.ts';

export const unknownVersion = resourceRule({
  id: 'schema/unknown-version',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A version in which this kind does not exist.',
  why: 'Neither `kubectl` nor `istioctl` can tell what the object is, so they refuse it.',
  remedy: 'Write a version in which the kind is served.',
  invalid: `
apiVersion: networking.istio.io/v2
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
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
  *check(resource, { schemas }) {
    const kind = kindOf(schemas.facts, resource.apiVersion.value, resource.kind);
    if (kind === undefined || kind.versions.some(({ name }) => name === resource.version)) return;
    const preferred = preferredVersion(kind);
    const { version } = apiVersionParts(resource);
    const isWhole = version.start === resource.apiVersion.start;
    yield {
      at: version,
      message: `${resource.kind} has no version ${quoted(resource.version)}, only ${allOf(kind.versions.map(({ name }) => quoted(name)))}`,
      fixes: isWhole
        ? []
        : [{ title: `Change to "${preferred}"`, edits: [replaceWith(version, preferred)], preferred: true }],
    };
  },
});
