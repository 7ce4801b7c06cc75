import type { ScalarValue } from './node.ts';

const CONSTANTS: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
]);

const SIGNED = /^([-+]?)(.*)$/s;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/**
 * The value of a plain scalar as Kubernetes' YAML reader types it (the rules of go-yaml v2, which `kubectl`, the API
 * server and `istioctl` share): YAML 1.1 booleans such as `yes` and `on`, `0x`, `0o`, `0b` and leading-zero octal
 * integers, underscores in numbers; no base 60 numbers; dates stay strings.
 */
export function resolvePlain(source: string): ScalarValue {
  const constant = CONSTANTS.get(source);
  if (constant !== undefined) return constant;
  const first = source.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!numeric) return source;
  const plain = source.replaceAll('_', '');
  const value = integer(plain) ?? (FLOAT.test(plain) ? Number(plain) : undefined);
  // What no number holds stays text.
  return value === undefined || !Number.isFinite(value) ? source : value;
}

function integer(plain: string): number | undefined {
  const [, sign, digits] = SIGNED.exec(plain) ?? [];
  if (digits === undefined) return undefined;
  let value: number | undefined;
  if (/^(0|[1-9][0-9]*)$/.test(digits)) value = Number(digits);
  else if (/^0[xX][0-9a-fA-F]+$/.test(digits) || /^0[bB][01]+$/.test(digits) || /^0[oO][0-7]+$/.test(digits)) {
    value = Number(digits.toLowerCase());
  } else if (/^0[0-7]+$/.test(digits)) value = Number.parseInt(digits, 8);
  if (value === undefined) return undefined;
  return sign === '-' && value !== 0 ? -value : value;
}
