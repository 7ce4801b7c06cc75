import { type Anchor, type Located, locate, type Span, span, withValue } from '../text/range.ts';
import type { YamlDocument } from '../yaml/document.ts';
import type { MapNode, YamlNode } from '../yaml/node.ts';
import { child, itemsOf } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { parseDuration } from './duration.ts';
import { asMap, Reader } from './reader.ts';

/** In which form a mesh config is written; the first one tells most of what is in force. */
export type MeshConfigForm = 'ConfigMap' | 'IstioOperator' | 'Istio' | 'Helm values';

/** What a manifest says of the mesh; a value that is absent or cannot be used is `undefined`. */
export interface MeshConfig {
  readonly form: MeshConfigForm;
  /** Where it is written: the key above it. */
  readonly at: Span;
  /** Namespace of the ConfigMap; empty for other forms. */
  readonly namespace: string;
  readonly rootNamespace: Located<string> | undefined;
  readonly clusterDomain: Located<string> | undefined;
  readonly trustDomain: Located<string> | undefined;
  readonly trustDomainAliases: readonly string[];
  /** Other roots are trusted beside the own one, and with them the identities of other meshes. */
  readonly trustsOthers: boolean;
  /** `undefined` where it is not written: then clients find out by themselves whether a server takes mTLS. */
  readonly enableAutoMtls: boolean | undefined;
  /** Endpoints are ejected also where no DestinationRule asks for it (`defaultTrafficPolicy`). */
  readonly ejectsByDefault: boolean;
  readonly outboundTrafficPolicy: Located<'ALLOW_ANY' | 'REGISTRY_ONLY'> | undefined;
  readonly gatewayNamespace: Located<string> | undefined;
  readonly defaultVirtualServiceExportTo: Located<readonly string[]> | undefined;
  readonly defaultServiceExportTo: Located<readonly string[]> | undefined;
  readonly defaultDestinationRuleExportTo: Located<readonly string[]> | undefined;
  readonly defaultHttpRetryPolicy: Located<MeshRetries> | undefined;
}

export interface MeshRetries {
  readonly attempts?: number;
  readonly perTryTimeout?: string;
  readonly retryOn?: string;
  readonly retryRemoteLocalities?: boolean;
  readonly retryIgnorePreviousHosts?: boolean;
  readonly backoff?: string;
}

const MENTIONED = /^[ \t]*["']?(?:meshConfig["']?[ \t]*:|mesh["']?[ \t]*:[ \t]*["'|>])/m;

/** A cheap test of a text: whether it can hold settings of the mesh. */
export function mayHoldMeshConfig(text: string): boolean {
  // Long texts are asked at every edit: the pattern is for the few that name the thing.
  const named = text.includes('meshConfig') || (text.includes('ConfigMap') && text.includes('mesh'));
  return named && MENTIONED.test(text);
}

const known = new WeakMap<YamlDocument, MeshConfig | undefined>();

/**
 * The mesh config of a document: of the ConfigMap that istiod reads, of an IstioOperator, of the Sail operator's Istio,
 * or of Helm values, be they a file of their own or those of a HelmRelease. Never throws: what is broken says nothing.
 */
export function meshConfigOf(document: YamlDocument): MeshConfig | undefined {
  if (!known.has(document)) known.set(document, mayHoldMeshConfig(document.text) ? read(document) : undefined);
  return known.get(document);
}

function read(document: YamlDocument): MeshConfig | undefined {
  if (document.text.includes('{{')) return undefined;
  const root = asMap(document.root ?? parseDocument(document.file, document.text).root);
  if (root === undefined) return undefined;
  const reader = new Reader(document);
  const kind = reader.string(root, 'kind')?.value;
  const spec = reader.map(root, 'spec');
  switch (kind) {
    case 'ConfigMap':
      return configMap(reader, root);
    case 'IstioOperator':
      return decode(reader, {
        form: 'IstioOperator',
        mesh: reader.map(spec, 'meshConfig'),
        values: reader.map(spec, 'values'),
        gateways: ingressNamespace(reader, spec),
        at: reader.keyAt(spec, 'meshConfig'),
      });
    case 'Istio':
    case 'HelmRelease': {
      const values = reader.map(spec, 'values');
      return helm(reader, kind === 'Istio' ? 'Istio' : 'Helm values', values);
    }
    case undefined:
      return helm(reader, 'Helm values', root);
    default:
      return undefined;
  }
}

/** `data.mesh` of the ConfigMap `istio`, or of that of a revision: YAML in a string. Every value stands at the string. */
function configMap(reader: Reader, root: MapNode): MeshConfig | undefined {
  const metadata = reader.map(root, 'metadata');
  const name = reader.string(metadata, 'name')?.value ?? '';
  const data = reader.map(root, 'data');
  const text = reader.string(data, 'mesh');
  if (text === undefined || !/^istio(-|$)/.test(name)) return undefined;
  const mesh = asMap(parseDocument('', text.value).root);
  const inner = new PlacedReader(text.anchor, text);
  const config = decode(inner, { form: 'ConfigMap', mesh, values: undefined, gateways: undefined, at: text });
  const namespace = reader.string(metadata, 'namespace')?.value ?? '';
  return config === undefined ? undefined : { ...config, namespace };
}

/** Helm values, also those of a chart that holds istiod's as a part. */
function helm(reader: Reader, form: MeshConfigForm, values: MapNode | undefined): MeshConfig | undefined {
  if (values === undefined) return undefined;
  for (const key of [undefined, 'istiod', 'istio', 'istio-control', 'pilot', 'values']) {
    const place = key === undefined ? values : reader.map(values, key);
    const mesh = reader.map(place, 'meshConfig');
    if (mesh === undefined) continue;
    return decode(reader, { form, mesh, values: place, gateways: undefined, at: reader.keyAt(place, 'meshConfig') });
  }
  return undefined;
}

function ingressNamespace(reader: Reader, spec: MapNode | undefined): Located<string> | undefined {
  const gateways = itemsOf(child(reader.map(spec, 'components'), 'ingressGateways'));
  return gateways.map(gateway => reader.string(asMap(gateway), 'namespace')).find(found => found !== undefined);
}

interface Parts {
  readonly form: MeshConfigForm;
  readonly mesh: MapNode | undefined;
  /** Helm's values, which also say things of the mesh. */
  readonly values: MapNode | undefined;
  readonly gateways: Located<string> | undefined;
  readonly at: Span | undefined;
}

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DOMAIN = /^[A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?$/;

function decode(reader: Reader, { form, mesh, values, gateways, at }: Parts): MeshConfig | undefined {
  if (mesh === undefined || at === undefined) return undefined;
  const global = reader.map(values, 'global');
  const text = (node: YamlNode | undefined, key: string, pattern: RegExp): Located<string> | undefined => {
    const found = reader.string(node, key);
    return found !== undefined && pattern.test(found.value) ? found : undefined;
  };
  return {
    form,
    at,
    namespace: '',
    rootNamespace: text(mesh, 'rootNamespace', NAME) ?? text(global, 'istioNamespace', NAME),
    clusterDomain: text(reader.map(global, 'proxy'), 'clusterDomain', DOMAIN),
    trustDomain: text(mesh, 'trustDomain', DOMAIN) ?? text(global, 'trustDomain', DOMAIN),
    trustDomainAliases: reader.strings(mesh, 'trustDomainAliases').map(({ value }) => value),
    trustsOthers: itemsOf(child(mesh, 'caCertificates')).length > 0,
    enableAutoMtls: reader.boolean(mesh, 'enableAutoMtls')?.value,
    ejectsByDefault: reader.map(reader.map(mesh, 'defaultTrafficPolicy'), 'outlierDetection') !== undefined,
    outboundTrafficPolicy: policy(reader, mesh),
    gatewayNamespace: gateways !== undefined && NAME.test(gateways.value) ? gateways : undefined,
    defaultVirtualServiceExportTo: words(reader, mesh, 'defaultVirtualServiceExportTo'),
    defaultServiceExportTo: words(reader, mesh, 'defaultServiceExportTo'),
    defaultDestinationRuleExportTo: words(reader, mesh, 'defaultDestinationRuleExportTo'),
    defaultHttpRetryPolicy: retries(reader, mesh),
  };
}

function policy(reader: Reader, mesh: MapNode): MeshConfig['outboundTrafficPolicy'] {
  const block = reader.map(mesh, 'outboundTrafficPolicy');
  const mode = reader.string(block, 'mode');
  if (mode?.value === 'ALLOW_ANY' || mode?.value === 'REGISTRY_ONLY') return withValue(mode.value, mode);
  return undefined;
}

function words(reader: Reader, mesh: MapNode, key: string): Located<readonly string[]> | undefined {
  const found = reader.strings(mesh, key);
  const [first] = found;
  return first === undefined
    ? undefined
    : withValue(
        found.map(({ value }) => value),
        first,
      );
}

function retries(reader: Reader, mesh: MapNode): Located<MeshRetries> | undefined {
  const key = 'defaultHttpRetryPolicy';
  const block = reader.map(mesh, key);
  const at = reader.keyAt(mesh, key);
  if (block === undefined || at === undefined) return undefined;
  const attempts = reader.number(block, 'attempts')?.value;
  const duration = (name: string): string | undefined => {
    const value = reader.string(block, name)?.value;
    return value === undefined || parseDuration(value) === undefined ? undefined : value;
  };
  const [perTryTimeout, backoff] = [duration('perTryTimeout'), duration('backoff')];
  const retryOn = reader.string(block, 'retryOn')?.value;
  const remote = reader.boolean(block, 'retryRemoteLocalities')?.value;
  const ignore = reader.boolean(block, 'retryIgnorePreviousHosts')?.value;
  return withValue(
    {
      ...(attempts === undefined ? {} : { attempts }),
      ...(perTryTimeout === undefined ? {} : { perTryTimeout }),
      ...(retryOn === undefined ? {} : { retryOn }),
      ...(remote === undefined ? {} : { retryRemoteLocalities: remote }),
      ...(ignore === undefined ? {} : { retryIgnorePreviousHosts: ignore }),
      ...(backoff === undefined ? {} : { backoff }),
    },
    at,
  );
}

/** Reads a tree that was parsed from a string of another one: all its places are that of the string. */
class PlacedReader extends Reader {
  readonly #at: Span;

  constructor(anchor: Anchor, at: Span) {
    super(anchor);
    this.#at = at;
  }

  override keyAt(node: YamlNode | undefined, key: string): Span | undefined {
    return super.keyAt(node, key) === undefined ? undefined : span(this.anchor, this.#at);
  }

  override asString(node: YamlNode | undefined): Located<string> | undefined {
    const found = super.asString(node);
    return found === undefined ? undefined : locate(found.value, this.anchor, this.#at);
  }

  override asNumber(node: YamlNode | undefined): Located<number> | undefined {
    const found = super.asNumber(node);
    return found === undefined ? undefined : locate(found.value, this.anchor, this.#at);
  }
}
