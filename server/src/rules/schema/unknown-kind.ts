import { RETIRED_GROUPS, type TypedResource } from '../../model/decode.ts';
import { type Facts, type KindFact, preferredVersion } from '../../schema/facts.ts';
import { replaceString } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { apiVersionParts } from './header.ts';

export const unknownKind = resourceRule({
  id: 'schema/unknown-kind',
  severity: 'error',
  on: ['Other'],
  summary: 'A kind that its API group does not have.',
  why: 'Neither `kubectl` nor `istioctl` can tell what the object is: `kubectl` refuses it, `istioctl` skips it.',
  remedy: 'Correct the kind, or the group in `apiVersion`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualServce
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
  *check(resource, { schemas: { facts } }) {
    const inGroup = facts.kinds.filter(({ group }) => group === resource.group);
    if (inGroup.some(({ kind }) => kind === resource.kind || `${kind}List` === resource.kind)) return;
    if (RETIRED_GROUPS.includes(resource.group)) {
      const message = `${quoted(resource.group)} is a group of Istio before 1.6: no Istio since reads a ${resource.kind} of it`;
      yield { at: apiVersionParts(resource).group, message };
    } else if (inGroup.length > 0) yield ofGroup(resource, inGroup, facts);
    else yield* ofOtherGroup(resource, facts);
  },
});

/** The group is Istio's: either the kind is misspelt, or it lives in another group. */
function ofGroup(resource: TypedResource, inGroup: readonly KindFact[], facts: Facts): Finding {
  const elsewhere = facts.kinds.find(({ kind }) => kind === resource.kind);
  if (elsewhere !== undefined)
    return ofKind(resource, elsewhere, `${resource.kind} is a kind of ${quoted(elsewhere.group)}`);
  const meant = nearest(
    resource.kind,
    inGroup.map(({ kind }) => kind),
  );
  const message = `${quoted(resource.group)} has no kind ${quoted(resource.kind)}`;
  // A newer Istio may have it: that is not for certain a mistake.
  if (meant === undefined) return { at: resource.kindAt, message, severity: 'warning' };
  const edit = replaceString(resource.document, resource.kindAt, meant);
  return {
    at: resource.kindAt,
    message: `${message}; did you mean ${quoted(meant)}?`,
    fixes: [{ title: `Change to "${meant}"`, edits: [edit], preferred: true }],
  };
}

/** The kind is Istio's: the group may be misspelt, or the version may be missing, or all of it. */
function* ofOtherGroup(resource: TypedResource, facts: Facts): Generator<Finding> {
  const kind = facts.kinds.find(candidate => candidate.kind === resource.kind);
  if (kind === undefined) return;
  const { value } = resource.apiVersion;
  if (value === kind.group) {
    yield ofKind(resource, kind, `${quoted(value)} has no version`);
  } else if (resource.group === '' && /^v\d/.test(value)) {
    yield ofKind(resource, kind, `${resource.kind} is no kind of Kubernetes itself, but of ${quoted(kind.group)}`);
  } else if (
    resource.group === 'istio.io' ||
    (resource.group !== '' && nearest(resource.group, [kind.group]) !== undefined)
  ) {
    const message = `there is no group ${quoted(resource.group)}; did you mean ${quoted(kind.group)}?`;
    yield { ...ofKind(resource, kind, message), at: apiVersionParts(resource).group, message };
  }
}

function ofKind(resource: TypedResource, kind: KindFact, message: string): Finding {
  const apiVersion = `${kind.group}/${preferredVersion(kind)}`;
  const edit = replaceString(resource.document, resource.apiVersion, apiVersion);
  return {
    at: resource.apiVersion,
    message: `${message}; write ${quoted(apiVersion)}`,
    fixes: [{ title: `Change to "${apiVersion}"`, edits: [edit], preferred: true }],
  };
}
