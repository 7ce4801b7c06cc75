/** Resources other than VirtualServices, each written to the end of a file as a document of its own. */

import type { Random } from './random.ts';
import type { FileWriter } from './writer.ts';

export const NETWORKING = 'networking.istio.io/v1';
export const SECURITY = 'security.istio.io/v1';
export const PORT = 8080;

export interface Name {
  readonly namespace: string;
  readonly name: string;
}

/** Whether the value of an enum is misspelt. */
export interface Spelling {
  readonly misspelt: boolean;
}

export function fullHost({ name, namespace }: Name): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

export function header(file: FileWriter, apiVersion: string, kind: string, { namespace, name }: Name): void {
  file.put(0, '---');
  file.put(0, `apiVersion: ${apiVersion}`);
  file.put(0, `kind: ${kind}`);
  file.put(0, 'metadata:');
  file.put(2, `name: ${name}`);
  file.put(2, `namespace: ${namespace}`);
}

export function putService(file: FileWriter, name: Name): void {
  header(file, 'v1', 'Service', name);
  file.put(2, 'labels:');
  file.put(4, `app: ${name.name}`);
  file.put(0, 'spec:');
  file.put(2, 'selector:');
  file.put(4, `app: ${name.name}`);
  file.put(2, 'ports:');
  file.put(4, '- name: http');
  file.put(6, `port: ${PORT}`);
  file.put(6, `targetPort: ${PORT}`);
  file.put(6, 'protocol: TCP');
}

/** @returns the line of each subset's name */
export function putDestinationRule(
  file: FileWriter,
  random: Random,
  name: Name,
  subsets: readonly string[],
  { misspelt }: Spelling,
): ReadonlyMap<string, number> {
  header(file, NETWORKING, 'DestinationRule', name);
  file.put(0, 'spec:');
  file.put(2, `host: ${fullHost(name)}`);
  file.put(2, 'trafficPolicy:');
  file.put(4, 'loadBalancer:');
  const simple = misspelt ? 'LEAST_REQUESTS' : random.pick(['ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM']);
  const line = file.put(6, `simple: ${simple}`);
  if (misspelt) file.mistake('unknown-value', line, 'LEAST_REQUESTS is no load balancer');
  file.put(4, 'connectionPool:');
  file.put(6, 'tcp:');
  file.put(8, `maxConnections: ${random.int(10, 500)}`);
  file.put(6, 'http:');
  file.put(8, `http1MaxPendingRequests: ${random.int(10, 500)}`);
  file.put(8, `maxRequestsPerConnection: ${random.int(1, 50)}`);
  file.put(4, 'outlierDetection:');
  file.put(6, `consecutive5xxErrors: ${random.int(3, 9)}`);
  file.put(6, `interval: ${random.int(5, 60)}s`);
  file.put(6, `baseEjectionTime: ${random.int(10, 90)}s`);
  file.put(2, 'subsets:');
  const lines = new Map<string, number>();
  for (const subset of subsets) {
    lines.set(subset, file.put(4, `- name: ${subset}`));
    file.put(6, 'labels:');
    file.put(8, `version: ${subset}`);
  }
  return lines;
}

export function putGateway(file: FileWriter, name: Name, host: string, { misspelt }: Spelling): void {
  header(file, NETWORKING, 'Gateway', name);
  file.put(0, 'spec:');
  file.put(2, 'selector:');
  file.put(4, 'istio: ingressgateway');
  file.put(2, 'servers:');
  for (const [number, port, protocol] of [[80, 'http', 'HTTP'] as const, [443, 'https', 'HTTPS'] as const]) {
    file.put(4, '- port:');
    file.put(8, `number: ${number}`);
    file.put(8, `name: ${port}`);
    file.put(8, `protocol: ${protocol}`);
    if (protocol === 'HTTPS') {
      file.put(6, 'tls:');
      const line = file.put(8, `mode: ${misspelt ? 'SIMPEL' : 'SIMPLE'}`);
      if (misspelt) file.mistake('unknown-value', line, 'SIMPEL is no TLS mode');
      file.put(8, `credentialName: ${name.name}-cert`);
    }
    file.put(6, 'hosts:');
    file.put(8, `- "${host}"`);
  }
}

export function putAuthorizationPolicy(file: FileWriter, random: Random, name: Name): void {
  header(file, SECURITY, 'AuthorizationPolicy', name);
  file.put(0, 'spec:');
  file.put(2, 'selector:');
  file.put(4, 'matchLabels:');
  file.put(6, `app: ${name.name}`);
  file.put(2, 'action: ALLOW');
  file.put(2, 'rules:');
  file.put(4, '- from:');
  file.put(8, '- source:');
  file.put(12, 'principals:');
  file.put(14, `- cluster.local/ns/${name.namespace}/sa/default`);
  file.put(6, 'to:');
  file.put(8, '- operation:');
  file.put(12, 'methods:');
  file.put(14, `- ${random.pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH'])}`);
  file.put(12, 'paths:');
  file.put(14, `- /${name.name}/*`);
}

export function putPeerAuthentication(file: FileWriter, namespace: string): void {
  header(file, SECURITY, 'PeerAuthentication', { namespace, name: 'default' });
  file.put(0, 'spec:');
  file.put(2, 'mtls:');
  file.put(4, 'mode: STRICT');
}

export function putSidecar(file: FileWriter, namespace: string): void {
  header(file, NETWORKING, 'Sidecar', { namespace, name: 'default' });
  file.put(0, 'spec:');
  file.put(2, 'egress:');
  file.put(4, '- hosts:');
  file.put(8, '- "./*"');
  file.put(8, '- "istio-system/*"');
}

export function putServiceEntry(file: FileWriter, { namespace, name }: Name): void {
  header(file, NETWORKING, 'ServiceEntry', { namespace, name: `external-${name}` });
  file.put(0, 'spec:');
  file.put(2, 'hosts:');
  file.put(4, `- ${name}.${namespace}.external.example.org`);
  file.put(2, 'location: MESH_EXTERNAL');
  file.put(2, 'resolution: DNS');
  file.put(2, 'ports:');
  file.put(4, '- number: 443');
  file.put(6, 'name: https');
  file.put(6, 'protocol: TLS');
}

/** A file that is none of Istio's: the values of a chart, a workflow, a Deployment's settings. */
export function putUnrelated(file: FileWriter, random: Random): void {
  const sections = random.int(10, 40);
  for (let i = 0; i < sections; i++) {
    file.put(0, `section-${i}:`);
    file.put(2, `image: registry.example.org/app-${random.int(1, 99)}:v${random.int(1, 9)}`);
    file.put(2, `replicas: ${random.int(1, 9)}`);
    file.put(2, 'steps:');
    const steps = random.int(1, 5);
    for (let step = 0; step < steps; step++) {
      file.put(4, `- name: step-${step}`);
      file.put(6, `run: make target-${random.int(1, 99)} VERBOSE=1`);
      file.put(6, `timeout: ${random.int(1, 60)}`);
    }
  }
}
