import { locate, type Span, span } from '../text/range.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { itemsOf, type MapNode, type Step } from '../yaml/node.ts';
import { decodeVirtualService } from './decode-virtual-service.ts';
import { type DestinationRule, decodeDestinationRule } from './destination-rule.ts';
import { decodeGateway, type Gateway } from './gateway.ts';
import {
  type ConfigMap,
  decodeConfigMap,
  decodeKubernetesGateway,
  decodeSecret,
  decodeService,
  decodeWorkload,
  type KubernetesGateway,
  type Namespace,
  type Secret,
  type Service,
  type ServiceAccount,
  type Workload,
} from './kubernetes.ts';
import { asMap, Reader } from './reader.ts';
import type { Resource } from './resource.ts';
import {
  decodeServiceEntry,
  decodeWorkloadEntry,
  decodeWorkloadGroup,
  type ServiceEntry,
  type WorkloadEntry,
  type WorkloadGroup,
} from './service-entry.ts';
import { decodeSidecar, type Sidecar } from './sidecar.ts';
import type { VirtualService } from './virtual-service.ts';

/** An Istio object that is not decoded further: its schema is known, its meaning is not needed elsewhere. */
export interface OtherResource extends Resource {
  readonly type: 'Other';
}

export type TypedResource =
  | VirtualService
  | DestinationRule
  | Gateway
  | ServiceEntry
  | WorkloadEntry
  | WorkloadGroup
  | Sidecar
  | Service
  | Workload
  | Namespace
  | Secret
  | ConfigMap
  | KubernetesGateway
  | ServiceAccount
  | OtherResource;

export type ResourceType = TypedResource['type'];

const WORKLOADS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod'];
const GATEWAY_API = 'gateway.networking.k8s.io';
/** How deep `kind: List` may nest. */
const MAX_LISTS = 3;

export interface DecodeOptions {
  /** Namespace of objects that name none. */
  readonly namespace: string;
}

/** The Istio and Kubernetes objects of a document; anything else in it is left alone. */
export function decodeDocument(document: YamlDocument, options: DecodeOptions): readonly TypedResource[] {
  const root = asMap(document.root);
  if (root === undefined) return [];
  const found: TypedResource[] = [];
  collect(document, root, [], options, found);
  return found;
}

function collect(
  document: YamlDocument,
  node: MapNode,
  path: readonly Step[],
  options: DecodeOptions,
  found: TypedResource[],
): void {
  const read = new Reader(document);
  const kind = read.string(node, 'kind');
  const apiVersion = read.string(node, 'apiVersion');
  if (kind === undefined || apiVersion === undefined) return;
  if (kind.value.endsWith('List') && path.length < 2 * MAX_LISTS && read.value(node, 'items') !== undefined) {
    itemsOf(read.value(node, 'items')).forEach((item, index) => {
      const map = asMap(item);
      if (map !== undefined) collect(document, map, [...path, 'items', index], options, found);
    });
    return;
  }
  const slash = apiVersion.value.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.value.slice(0, slash);
  const metadata = read.map(node, 'metadata');
  const name = read.string(metadata, 'name');
  const namespace = read.string(metadata, 'namespace');
  const kindAt: Span = kind;
  const resource: Resource = {
    at: span(document, node),
    document,
    node,
    path,
    apiVersion,
    group,
    version: apiVersion.value.slice(slash + 1),
    kind: kind.value,
    kindAt,
    name: name?.value ?? '',
    nameAt: name ?? kindAt,
    namespace: kind.value === 'Namespace' ? '' : namespace?.value || options.namespace,
    namespaceAt: namespace,
    labels: read.stringMap(metadata, 'labels'),
    annotations: read.stringMap(metadata, 'annotations'),
    creationTimestamp: read.string(metadata, 'creationTimestamp')?.value ?? '',
    spec: read.map(node, 'spec'),
  };
  const typed = decodeResource(resource, read);
  if (typed !== undefined) found.push(typed);
}

function decodeResource(resource: Resource, read: Reader): TypedResource | undefined {
  switch (resource.group) {
    case 'networking.istio.io':
      return decodeNetworking(resource, read);
    case 'security.istio.io':
    case 'telemetry.istio.io':
    case 'extensions.istio.io':
      return { ...resource, type: 'Other' };
    case GATEWAY_API:
      return resource.kind === 'Gateway' ? decodeKubernetesGateway(resource, read) : undefined;
    case '':
    case 'apps':
    case 'batch':
      return decodeKubernetes(resource, read) ?? decodeSlip(resource);
    default:
      return decodeSlip(resource);
  }
}

const ISTIO_KIND =
  /^(VirtualService|DestinationRule|Gateway|ServiceEntry|Sidecar|Workload(Entry|Group)|EnvoyFilter|ProxyConfig|(Authorization|Peer|Request)\w+|Telemetry|WasmPlugin|TrafficExtension)$/;
/** Other products have a VirtualService or a Gateway as well; their groups do not look like this. */
const ALMOST_ISTIO = /^$|istio|[iost]{4,6}\.[a-z]{1,4}$/;

/** Whether a kind is one of Istio's; some of them are kinds of others as well. */
export function isIstioKind(kind: string): boolean {
  return ISTIO_KIND.test(kind);
}

/** Groups that Istio had once, with Mixer and the policies before 1.6. */
export const RETIRED_GROUPS: readonly string[] = ['config.istio.io', 'rbac.istio.io', 'authentication.istio.io'];

/** An object of Istio's whose group is retired, or misspelt, or missing: nobody reads it, and a rule says so. */
function decodeSlip(resource: Resource): TypedResource | undefined {
  return RETIRED_GROUPS.includes(resource.group) ||
    (ISTIO_KIND.test(resource.kind) && ALMOST_ISTIO.test(resource.group))
    ? { ...resource, type: 'Other' }
    : undefined;
}

function decodeNetworking(resource: Resource, read: Reader): TypedResource {
  switch (resource.kind) {
    case 'VirtualService':
      return decodeVirtualService(resource, read);
    case 'DestinationRule':
      return decodeDestinationRule(resource, read);
    case 'Gateway':
      return decodeGateway(resource, read);
    case 'ServiceEntry':
      return decodeServiceEntry(resource, read);
    case 'WorkloadEntry':
      return decodeWorkloadEntry(resource, read);
    case 'WorkloadGroup':
      return decodeWorkloadGroup(resource, read);
    case 'Sidecar':
      return decodeSidecar(resource, read);
    default:
      return { ...resource, type: 'Other' };
  }
}

function decodeKubernetes(resource: Resource, read: Reader): TypedResource | undefined {
  if (resource.kind === 'Service') return decodeService(resource, read);
  if (WORKLOADS.includes(resource.kind)) return decodeWorkload(resource, read);
  if (resource.kind === 'ServiceAccount') return { ...resource, type: 'ServiceAccount' };
  if (resource.kind === 'Namespace') return { ...resource, type: 'Namespace' };
  if (resource.kind === 'Secret') return decodeSecret(resource, read);
  if (resource.kind === 'ConfigMap') return decodeConfigMap(resource, read);
  return undefined;
}

const KINDS_READ =
  /kind["']?\s*:\s*["']?(Service(?:Account)?|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|Pod|Namespace|Secret|ConfigMap|\w*List|VirtualService|DestinationRule|ServiceEntry|Sidecar|Workload(?:Entry|Group)|EnvoyFilter|(?:Peer|Request)Authentication|AuthorizationPolicy)\b/;
/** An object of Istio's whose version has been forgotten; other kinds are common words in the values of charts. */
const KIND_ALONE =
  /^["']?kind["']?\s*:\s*["']?(VirtualService|DestinationRule|ServiceEntry|EnvoyFilter|\w+Authentication|AuthorizationPolicy)["']?\s*$/m;
const TEMPLATE = /\{\{[^{}]*\}\}/;

/** A cheap test of the text of a document: whether it can hold an object that is read. */
export function mayHoldResources(text: string): boolean {
  return namesKinds(text) && !isTemplate(text);
}

/** A cheap test of a text: whether it speaks of objects that are read, be it in a template or a chart to be installed. */
export function mentionsResources(text: string): boolean {
  return namesKinds(text) || bringsResources(text);
}

function namesKinds(text: string): boolean {
  if (!text.includes('apiVersion')) return KIND_ALONE.test(text);
  return text.includes('istio.io/') || text.includes(`${GATEWAY_API}/`) || KINDS_READ.test(text);
}

const CHART = /^kind:\s*["']?Helm(?:Release|Chart|ChartInflationGenerator)\b/m;
const APPLICATION = /^kind:\s*["']?Application(?:Set)?\b/m;
const REMOTE_BASE = /^\s*-\s*["']?(?:https?:\/\/|ssh:|git@|git::|github\.com\/|\S+\?ref=)/m;

/**
 * Text of an object that brings resources into the cluster which stand in no manifest: a chart that Flux, k3s or Argo
 * CD installs, a Kustomization with charts or with bases from elsewhere.
 */
export function bringsResources(text: string): boolean {
  if (CHART.test(text)) return true;
  if (APPLICATION.test(text)) return /^\s+(?:-\s+)?chart:/m.test(text);
  return text.includes('kustomize.config.k8s.io/') && (/^helmCharts:/m.test(text) || REMOTE_BASE.test(text));
}

/** Text of a template (Helm, Jinja) that becomes YAML only when it is rendered. Comments do not count. */
export function isTemplate(text: string): boolean {
  if (!text.includes('{{')) return false;
  return text.split('\n').some(line => TEMPLATE.test(line) && !line.trimStart().startsWith('#'));
}

/** The place of a string that is not in the tree: the kind of the object. */
export function atKind(resource: Resource, value: string): ReturnType<typeof locate<string>> {
  return locate(value, resource.kindAt.anchor, resource.kindAt);
}
