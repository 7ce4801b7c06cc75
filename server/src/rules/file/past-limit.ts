import { isRouteTestFile } from '../../model/route-test/fields.ts';
import type { SourceFile } from '../../workspace/file.ts';
import type { Excess, Omission } from '../../workspace/limits.ts';

/**
 * How far a file is past the limit that a rule speaks of; `undefined` where it is not, or where nobody misses what it
 * holds: a file without a Kubernetes object would not have been read in any case.
 */
export function excessOf(file: SourceFile, reason: Omission): Excess | undefined {
  if (file.omitted !== reason) return undefined;
  const isMissed = file.text === '' || file.text.includes('apiVersion') || isRouteTestFile(file.file);
  return isMissed ? file.excess : undefined;
}

/**
 * The words on a file that is past a limit: how much there is, how much is allowed, and the setting that says so.
 *
 * @param whose what it is that has too much, such as `its`
 * @param unit what is counted, in the plural
 * @param setting its name below `istio.`
 */
export function pastLimit(whose: string, unit: string, setting: string, { found, allowed }: Excess): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  return `this file is not read: ${whose} ${number(found)} ${unit} are more than the ${number(allowed)} that the setting \`istio.${setting}\` allows`;
}
