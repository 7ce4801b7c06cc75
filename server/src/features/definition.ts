import type { FileId } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { type Declaration, declarationsOf, nameAt } from './names.ts';
import type { DefinitionResult, Target } from './types.ts';

/**
 * Where the name at an offset of a file is defined: the resource of a host, Gateway, delegate or Secret; the subset or
 * port inside it; for a label of a subset, the workloads whose pods carry all its labels.
 *
 * @returns `undefined` where there is no name, and where the workspace does not define it
 */
export function definition(snapshot: Snapshot, file: FileId, offset: number): DefinitionResult | undefined {
  const place = nameAt(snapshot, file, offset);
  const origin = place === undefined ? undefined : snapshot.locate(place.at);
  if (place === undefined || origin === undefined) return undefined;
  const targets = declarationsOf(snapshot, place).flatMap(declaration => targetOf(snapshot, declaration) ?? []);
  return targets.length === 0 ? undefined : { origin, targets };
}

function targetOf(snapshot: Snapshot, { at, nameAt: name }: Declaration): Target | undefined {
  const nameRange = snapshot.locate(name);
  const range = snapshot.locate(at);
  if (nameRange === undefined || range === undefined) return undefined;
  // The name of an object that is written as an alias stands outside of it.
  const inside = range.file === nameRange.file && range.start <= nameRange.start && nameRange.end <= range.end;
  return { range: inside ? range : nameRange, nameRange };
}
