import type { Viewpoint } from '../contract.ts';
import type { MeshSettings } from '../routing/mesh.ts';
import type { ViewContext } from './route-model.ts';

/** How many assumed services are named before the rest is counted. */
const NAMED = 5;

type Assumption = Viewpoint['assumptions'][number];

/** What a table takes for granted: what manifests do not say, and the settings of the mesh with their sources. */
export function assumptionsOf(context: ViewContext): Viewpoint['assumptions'] {
  const { snapshot, routing } = context;
  const { mesh } = snapshot.settings;
  const assumed = routing.services.filter(({ registry }) => registry === 'assumed');
  const names = assumed
    .slice(0, NAMED)
    .map(({ host, ports }) => `${host} (${ports.map(({ number }) => number).join(', ')})`);
  const more = assumed.length > NAMED ? ` and ${assumed.length - NAMED} more` : '';
  return [
    ...(assumed.length === 0 ? [] : [{ term: 'Services taken to exist', value: names.join(', ') + more }]),
    ...orderOfAge(context),
    {
      term: 'Unknown hosts',
      value:
        (mesh.outboundTrafficPolicy === 'ALLOW_ANY'
          ? 'passed through (ALLOW_ANY)'
          : 'refused with 502 (REGISTRY_ONLY)') + sourceOf(context, 'outboundTrafficPolicy'),
    },
    ...setting(context, 'Gateway workloads run in', 'gatewayNamespace'),
    ...setting(context, 'Root namespace', 'rootNamespace'),
    ...setting(context, 'Cluster domain', 'clusterDomain'),
    ...changed(context, 'Trust domain', 'trustDomain'),
    ...changed(context, 'VirtualServices without exportTo', 'defaultVirtualServiceExportTo'),
    ...changed(context, 'Services without exportTo', 'defaultServiceExportTo'),
    ...changed(context, 'DestinationRules without exportTo', 'defaultDestinationRuleExportTo'),
    ...changed(context, 'Retries of routes that write none', 'defaultHttpRetryPolicy'),
    ...otherConfigs(context),
  ];
}

/** Manifests carry no age: where two VirtualServices of a table meet, the order of their names stands for it. */
function orderOfAge({ table }: ViewContext): readonly Assumption[] {
  const undated = (resource: { readonly creationTimestamp: string } | undefined): boolean =>
    resource?.creationTimestamp === '';
  const met = table.virtualHosts.some(
    ({ virtualServices }) => virtualServices.filter(({ resource }) => undated(resource)).length > 1,
  );
  const lost = table.leftOut.some(
    ({ reason, resource, by }) => reason === 'shadowed' && undated(resource) && undated(by?.resource),
  );
  if (!met && !lost) return [];
  return [
    {
      term: 'Order of VirtualServices',
      value: 'by name, as manifests do not tell their age; in a cluster the one that was created first comes first',
    },
  ];
}

function setting(context: ViewContext, term: string, key: keyof MeshSettings): readonly Assumption[] {
  return [{ term, value: textOf(context.snapshot.settings.mesh[key]) + sourceOf(context, key) }];
}

/** Only where it is not Istio's default. */
function changed(context: ViewContext, term: string, key: keyof MeshSettings): readonly Assumption[] {
  return context.snapshot.settings.meshSources[key].from === 'default' ? [] : setting(context, term, key);
}

function textOf(value: MeshSettings[keyof MeshSettings]): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return value.map(word => (word === '*' ? 'everyone' : 'their own namespace')).join(', ');
  return Object.entries(value)
    .map(([name, field]) => `${name} ${String(field)}`)
    .join(', ');
}

/** `, from the ConfigMap at istio.yaml:12`; nothing for Istio's default. */
function sourceOf({ snapshot, toPlace }: ViewContext, key: keyof MeshSettings): string {
  const source = snapshot.settings.meshSources[key];
  if (source.from === 'default') return '';
  if (source.from === 'settings') return ', from the settings';
  const place = toPlace(source.at);
  return `, from ${nameOf(source.form)}${place === undefined ? '' : ` at ${place.path}:${place.line}`}`;
}

function nameOf(form: string): string {
  if (form === 'Helm values') return 'Helm values';
  return form === 'ConfigMap' ? 'the ConfigMap' : `the ${form}`;
}

function otherConfigs({ snapshot, toPlace }: ViewContext): readonly Assumption[] {
  const places = snapshot.settings.otherMeshConfigs.map(({ at }) => toPlace(at)).filter(place => place !== undefined);
  if (places.length === 0) return [];
  const names = places.slice(0, NAMED).map(({ path, line }) => `${path}:${line}`);
  const more = places.length > NAMED ? ` and ${places.length - NAMED} more` : '';
  return [{ term: 'Further mesh configs, which are not used', value: names.join(', ') + more }];
}
