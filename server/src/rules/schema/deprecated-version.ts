import { kindOf, preferredVersion } from '../../schema/facts.ts';
import { replaceWith } from '../edits.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { apiVersionParts } from './header.ts';

export const deprecatedVersion = resourceRule({
  id: 'schema/deprecated-version',
  severity: 'hint',
  on: ISTIO_TYPES,
  summary: 'An alpha or beta version of a kind that is stable.',
  why: 'All versions of a kind have the same fields, and the API server turns one into another. `v1` is served since Istio 1.22; the older ones will go one day.',
  remedy: 'Write `v1`, unless the cluster runs an Istio before 1.22.',
  invalid: `
apiVersion: networking.istio.io/v1beta1
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
  *check(resource, { schemas }) {
    const kind = kindOf(schemas.facts, resource.apiVersion.value, resource.kind);
    if (kind === undefined || !kind.versions.some(({ name }) => name === resource.version)) return;
    const preferred = preferredVersion(kind);
    if (resource.version === preferred || !/^v\d+$/.test(preferred)) return;
    const { version } = apiVersionParts(resource);
    const isWhole = version.start === resource.apiVersion.start;
    yield {
      at: version,
      message: `${quoted(resource.version)} is an old version of ${resource.kind}; ${quoted(preferred)} has the same fields`,
      fixes: isWhole
        ? []
        : [{ title: `Change to "${preferred}"`, edits: [replaceWith(version, preferred)], preferred: true }],
    };
  },
});
