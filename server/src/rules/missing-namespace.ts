import type { Snapshot } from '../workspace/snapshot.ts';
import { namespaceMatches } from './namespaces.ts';
import { nearest } from './nearest.ts';

/**
 * A namespace that does not exist: the workspace holds all, or it holds the manifest of one with nearly the same name
 * and nothing of this one.
 */
export function missingNamespace(
  value: string,
  { index }: Snapshot,
): { readonly guess: string | undefined } | undefined {
  if (value === '' || value === '*') return undefined;
  const names = index.namespaces();
  if (names.some(name => namespaceMatches(value, name)) || index.hasTemplates) return undefined;
  const guess = value.includes('*')
    ? undefined
    : nearest(
        value,
        index.all('Namespace').map(({ name }) => name),
      );
  const isSlip = guess !== undefined && guess.length > 5 && !/\d/.test(guess + value);
  if (index.owns('*')) return { guess };
  return isSlip ? { guess } : undefined;
}
