import type { Gateway, Server } from '../model/gateway.ts';
import type { LeftOut } from './left-out.ts';
import type { MeshService } from './mesh.ts';
import type { PreparedVirtualService } from './prepare.ts';
import type { TableRoute } from './routes.ts';

/** One of Envoy's route configurations, with what it was made of. */
export interface RouteTable {
  /** `80`, `reviews.default.svc.cluster.local:9080`, `http.80`, `https.443.https.gw.default`. */
  readonly name: string;
  readonly port: number;
  readonly virtualHosts: readonly TableHost[];
  readonly leftOut: readonly LeftOut[];
}

export interface TableHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly TableRoute[];
  /** Every plain request is redirected to https. */
  readonly requireTls: boolean;
  /** The services whose names the domains are. */
  readonly services: readonly MeshService[];
  /** The VirtualServices whose routes it has, in the order of their routes. */
  readonly virtualServices: readonly PreparedVirtualService[];
  /** On a gateway: the servers it is served by. */
  readonly servers: readonly { readonly gateway: Gateway; readonly server: Server }[];
}
