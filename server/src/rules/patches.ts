import type { TypedResource } from '../model/decode.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { RuleFinding } from './run.ts';

const PATCH_FILE = /(?:^|[/._-])patch(?:es)?(?:[/._-]|$)/i;

/**
 * The resources of a file that are pieces of others: Kustomize lays them over a manifest of the same kind and name, so what
 * they lack stands there. The name of the file says that it is a patch, and another file has what it is laid over.
 */
export function patchesAmong(
  resources: readonly TypedResource[],
  { references }: Snapshot,
  file: string,
): readonly TypedResource[] {
  if (!PATCH_FILE.test(file)) return [];
  return resources.filter(resource =>
    references
      .named(resource.type, resource.name)
      .some(
        ({ kind, group, document, namespace }) =>
          kind === resource.kind &&
          group === resource.group &&
          document.file !== file &&
          (resource.namespaceAt === undefined || namespace === resource.namespace),
      ),
  );
}

/** Whether a finding only says that a patch lacks something. */
export function isOfPatch({ rule, at }: RuleFinding, patches: readonly TypedResource[]): boolean {
  return (
    patches.length > 0 &&
    rule.id.includes('/missing-') &&
    patches.some(({ at: whole }) => whole.start <= at.start && at.start <= whole.end)
  );
}
