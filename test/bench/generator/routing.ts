import { random } from './random.ts';
import { fullHost, header, type Name, NETWORKING, putDestinationRule, putService } from './resources.ts';
import { putVirtualService } from './virtual-service.ts';
import { type FileWriter, padded, type Workspace, workspaceWriter } from './writer.ts';

export interface RoutingOptions {
  readonly seed: number;
  readonly virtualServices: number;
  /** Of each VirtualService. */
  readonly routes: number;
  readonly hosts: number;
  readonly gateways: number;
}

const NAMESPACES = 20;
/** Gateways of one selector: they share a proxy. */
const GATEWAYS_PER_PROXY = 10;

/** A mesh without mistakes in which many VirtualServices share hosts and gateways. */
export function generateRouting({ seed, virtualServices, routes, hosts, gateways }: RoutingOptions): Workspace {
  const workspace = workspaceWriter();
  const numbers = random(seed);
  const namespace = (index: number): string => `team-${padded(index % NAMESPACES, 2)}`;
  const service = (index: number): Name => ({ namespace: namespace(index), name: `svc-${padded(index, 3)}` });
  const services = workspace.file('services.yaml');
  for (let i = 0; i < hosts; i++) {
    putService(services, service(i));
    putDestinationRule(services, numbers, service(i), ['v1', 'v2'], { misspelt: false });
  }
  const gatewayFile = workspace.file('gateways.yaml');
  for (let i = 0; i < gateways; i++) putWildcardGateway(gatewayFile, i);
  const file = workspace.file('virtual-services.yaml');
  for (let i = 0; i < virtualServices; i++) {
    const target = service(i % hosts);
    putVirtualService(file, numbers, {
      ...{ namespace: target.namespace, name: `vs-${padded(i, 4)}`, routes, linesPerRoute: 16 },
      hosts: [`app-${padded(i % hosts, 3)}.example.com`, fullHost(target)],
      gateways: [
        { name: `istio-ingress/gw-${padded(i % gateways, 2)}`, isMissing: false },
        { name: 'mesh', isMissing: false },
      ],
      destinations: () => [
        { host: fullHost(target), subset: 'v1', weight: 90 },
        { host: fullHost(target), subset: 'v2', weight: 10 },
      ],
      mistakes: { unreachable: 0, others: [] },
    });
  }
  return workspace.finish();
}

function putWildcardGateway(file: FileWriter, index: number): void {
  header(file, NETWORKING, 'Gateway', { namespace: 'istio-ingress', name: `gw-${padded(index, 2)}` });
  file.put(0, 'spec:');
  file.put(2, 'selector:');
  file.put(4, `istio: ingress-${Math.floor(index / GATEWAYS_PER_PROXY)}`);
  file.put(2, 'servers:');
  file.put(4, '- port:');
  file.put(8, `number: ${8000 + (index % GATEWAYS_PER_PROXY)}`);
  file.put(8, 'name: http');
  file.put(8, 'protocol: HTTP');
  file.put(6, 'hosts:');
  file.put(8, '- "*/*"');
}
