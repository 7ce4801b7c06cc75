import { setFlagsFromString } from 'node:v8';

/**
 * How often code has to run until the engine optimizes it, ten times its own measure. Rules and decoders see objects of
 * ever new shapes: what is optimized early is thrown away and optimized again, on the second core while the first one
 * waits for it, and that was half of all computing of the first files that are opened. An engine whose middle compiler
 * (Maglev) is on by default, as from V8 13, does not have this, and gets no flag.
 *
 * @param version of V8, such as `11.3.244.8-node.33`
 * @returns the flag by the name that it has in this version
 */
export function patienceFlag(version: string): string | undefined {
  const major = Number.parseInt(version, 10);
  if (major === 11) return '--interrupt-budget=675840';
  return major === 12 ? '--invocation-count-for-turbofan=30000' : undefined;
}

/** Makes the engine wait until it knows what code is worth optimizing. */
export function setPatience(): void {
  const flag = patienceFlag(process.versions.v8);
  if (flag !== undefined) setFlagsFromString(flag);
}
