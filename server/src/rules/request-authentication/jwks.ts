import { quoted } from '../words.ts';

type Json = Readonly<Record<string, unknown>>;

/** Why a text is no set of keys as Istio's library reads it (RFC 7517); `undefined` where it is one. */
export function jwksFault(text: string): string | undefined {
  const parsed = parse(text);
  if ('fault' in parsed) return parsed.fault;
  for (const [index, key] of keysOf(parsed.value).entries()) {
    const fault = keyFault(key);
    if (fault !== undefined) return `key ${index + 1} ${fault}`;
  }
  return undefined;
}

/** The index of the first key that is private or symmetric. */
export function privateKey(text: string): number | undefined {
  const parsed = parse(text);
  if ('fault' in parsed) return undefined;
  const index = keysOf(parsed.value).findIndex(key => key['kty'] === 'oct' || typeof key['d'] === 'string');
  return index < 0 ? undefined : index;
}

function parse(text: string): { readonly value: Json } | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'it is not JSON' };
  }
  if (!isObject(value)) return { fault: 'it is no JSON object' };
  if (!('keys' in value) && !('kty' in value)) return { fault: 'it has no "keys"' };
  if ('keys' in value && !Array.isArray(value['keys'])) return { fault: '"keys" is no list' };
  return { value };
}

/** A single key is taken as a set of one. */
function keysOf(value: Json): readonly Json[] {
  const keys = value['keys'];
  return Array.isArray(keys) ? keys.map(key => (isObject(key) ? key : {})) : [value];
}

const NEEDS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  oct: ['k'],
};

function keyFault(key: Json): string | undefined {
  const type = key['kty'];
  if (typeof type !== 'string') return 'has no "kty"';
  const needs = NEEDS[type];
  if (needs === undefined) return `has the unknown "kty" ${quoted(type)}`;
  const missing = needs.find(name => typeof key[name] !== 'string');
  return missing === undefined ? undefined : `of the type ${type} has no ${quoted(missing)}`;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
