import { changeTo } from '../edits.ts';
import { refused } from '../fields.ts';
import { nearest } from '../nearest.ts';
import { type Fix, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { moduleOf } from './modules.ts';

const SCHEMES: readonly string[] = ['oci', 'https', 'http', 'file'];

export const invalidUrl = resourceRule({
  id: 'wasm/invalid-url',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'WP-02', 'TE-04', 'CEL-04'],
  summary: 'An address from which no WebAssembly module can be fetched.',
  why: 'The agent beside Envoy fetches modules as OCI images, over HTTP or from a file. Istio and the API server refuse other addresses.',
  remedy: 'Write `oci://REGISTRY/IMAGE:TAG`, `https://…` or `file:///PATH`. Without a scheme it is an OCI image.',
  invalid: `
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: filter }
spec:
  url: s3://modules/filter.wasm
`,
  valid: `
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: filter }
spec:
  url: https://example.com/filter.wasm
`,
  *check(resource) {
    const found = moduleOf(resource);
    const url = found?.fields.string('url');
    if (found === undefined || url === undefined || url.value === '') return;
    const ids = [found.inExtension ? 'TE-04' : 'WP-02', 'CEL-04'];
    const meant = (text: string): readonly Fix[] => [changeTo(resource.document, url, text)];
    const scheme = isAddress(url.value) ? /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url.value)?.[1] : undefined;
    if (scheme === undefined) {
      if (isAddress(`http://${url.value}`)) return;
      yield { at: url, message: `${quoted(url.value)} is no address that Istio can read`, ...refused(...ids) };
      return;
    }
    if (SCHEMES.includes(scheme.toLowerCase())) return;
    const isRegistry = /^[^/]*:\d+\//.test(url.value);
    const near = nearest(scheme, SCHEMES);
    yield {
      at: url,
      message: isRegistry
        ? `Istio takes ${quoted(scheme)} for the scheme of an address: write "oci://" before a registry with a port`
        : `modules are not fetched by ${quoted(`${scheme}:`)}, only by oci, http, https or from a file`,
      fixes: isRegistry
        ? meant(`oci://${url.value}`)
        : near === undefined
          ? []
          : meant(`${near}${url.value.slice(scheme.length)}`),
      ...refused(...ids),
    };
  },
});

/** Whether Go's `url.ParseRequestURI` takes a text. */
function isAddress(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) return false;
  const [, scheme, rest = text] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  if (!rest.startsWith('/')) return scheme !== undefined;
  const isEscaped = (part: string): boolean => !/%(?![0-9A-Fa-f]{2})/.test(part.replace(/\?.*$/s, ''));
  if (!rest.startsWith('//')) return isEscaped(rest);
  const [, authority = '', path = ''] = /^\/\/([^/?]*)(.*)$/s.exec(rest) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return !/[\s<>"\\^`{|}%]/.test(host) && /^(\[[^\]]*\]|[^:]*)(:\d*)?$/.test(host) && isEscaped(path);
}
