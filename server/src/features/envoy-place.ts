import { type EnvoyPlace, envoyField, envoyPlaceAt, type TypeUrlAt } from '../schema/envoy-facts.ts';
import { envoySchemas } from '../schema/envoy-view.ts';
import { Snapshot } from '../workspace/snapshot.ts';
import type { Step } from '../yaml/node.ts';

/** `spec.configPatches[0].patch.value`: how many steps lead to the value of a patch. */
export const VALUE_DEPTH = 5;
/** How many steps lead to the patch, where `applyTo` stands. */
export const PATCH_DEPTH = 3;

/** Whether a path of an EnvoyFilter leads to a value of Envoy's, or into one. */
export function isInEnvoyValue(kind: string | undefined, path: readonly Step[]): boolean {
  return (
    kind === 'EnvoyFilter' &&
    path.length >= VALUE_DEPTH &&
    path[0] === 'spec' &&
    path[1] === 'configPatches' &&
    path[3] === 'patch' &&
    path[4] === 'value'
  );
}

/**
 * What may be written at a path of an EnvoyFilter that leads into `patch.value`.
 *
 * @param applyTo what the patch is applied to
 * @param typeUrlAt the text of `@type` in the object at a depth below `patch.value`
 */
export function envoyPlace(
  snapshot: Snapshot,
  path: readonly Step[],
  applyTo: string | undefined,
  typeUrlAt: TypeUrlAt,
): EnvoyPlace | undefined {
  const facts = snapshot.schemas.envoy();
  const root = facts.applyTo[applyTo ?? ''];
  return root === undefined ? undefined : envoyPlaceAt(facts, root, path.slice(VALUE_DEPTH), typeUrlAt);
}

const views = new WeakMap<Snapshot, Snapshot>();

/** The same files beside Envoy's messages instead of Istio's kinds. */
export function envoyView(snapshot: Snapshot): Snapshot {
  const known = views.get(snapshot);
  if (known !== undefined) return known;
  const view = new Snapshot(snapshot.files, snapshot.settings, envoySchemas(snapshot.schemas), () => true);
  views.set(snapshot, view);
  return view;
}

/** Keys that are written, by the names that the message has for them. */
export function definedNames(
  snapshot: Snapshot,
  type: string,
  present: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const facts = snapshot.schemas.envoy();
  return new Map([...present].map(([name, value]) => [envoyField(facts, type, name)?.name ?? name, value]));
}
