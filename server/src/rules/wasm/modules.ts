import type { TypedResource } from '../../model/decode.ts';
import { Fields } from '../fields.ts';

/** The settings of a WebAssembly module: the spec of a WasmPlugin, or `wasm` of a TrafficExtension. */
export function moduleOf(
  resource: TypedResource,
): { readonly fields: Fields; readonly inExtension: boolean } | undefined {
  const plugin = Fields.spec(resource, 'WasmPlugin');
  if (plugin !== undefined) return { fields: plugin, inExtension: false };
  const wasm = Fields.spec(resource, 'TrafficExtension')?.object('wasm');
  return wasm === undefined ? undefined : { fields: wasm, inExtension: true };
}
