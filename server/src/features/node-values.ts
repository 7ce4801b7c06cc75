import { parseDuration } from '../model/duration.ts';
import { child, type YamlNode } from '../yaml/node.ts';
import { code } from './markdown.ts';

/** The number under a key; also one written as text, which Istio's decoder takes. */
export function numberOf(node: YamlNode | undefined, key: string): number | undefined {
  const scalar = child(node, key);
  const value = scalar?.kind === 'scalar' ? scalar.value : undefined;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

export function flagOf(node: YamlNode | undefined, key: string): boolean | undefined {
  const scalar = child(node, key);
  return scalar?.kind === 'scalar' && typeof scalar.value === 'boolean' ? scalar.value : undefined;
}

/** The duration under a key in milliseconds; `undefined` also for what is none. */
export function durationOf(node: YamlNode | undefined, key: string): number | undefined {
  const scalar = child(node, key);
  return scalar?.kind === 'scalar' ? parseDuration(scalar.source) : undefined;
}

/** A row of a table of settings: name, value in force, and whether it is written or the default. */
export function setting(node: YamlNode | undefined, key: string, value: string): readonly string[] {
  return [code(key), value, child(node, key) === undefined ? 'default' : 'written'];
}
