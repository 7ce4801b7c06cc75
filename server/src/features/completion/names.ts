import type { Gateway } from '../../model/gateway.ts';
import { keyOf } from '../../model/resource.ts';
import type { FieldDoc } from '../../schema/documentation.ts';
import { sentence } from '../field-markdown.ts';
import { code } from '../markdown.ts';
import { type Context, sibling } from './context.ts';
import type { Offer } from './offer.ts';
import { escapeSnippet } from './snippet-text.ts';
import { detail, fileOf } from './where.ts';

/** Gateways by the name that means them from here: with their namespace where that is another one. */
export function gatewayOffers({ snapshot, namespace }: Context): readonly Offer[] {
  const gateways = snapshot.index.all('Gateway').filter(({ name }) => name !== '');
  const documentation =
    'No Gateway: all sidecars. Without it, calls inside the mesh ignore a VirtualService that names Gateways.';
  return [
    ...gateways.map((gateway): Offer => {
      const isOwn = gateway.namespace === namespace;
      const label = isOwn ? gateway.name : keyOf(gateway);
      return { label, kind: 'reference', detail: detail(serversText(gateway), fileOf(gateway)), rank: isOwn ? 2 : 3 };
    }),
    { label: 'mesh', kind: 'value', detail: 'all sidecars', documentation, rank: 4 },
  ];
}

function serversText({ servers }: Gateway): string {
  const texts = servers.map(({ port }) => `${port?.number?.value ?? '?'} ${port?.protocol?.value ?? ''}`.trim());
  return [...new Set(texts)].slice(0, 3).join(', ');
}

/** VirtualServices without hosts, which exist to be delegated to. One of another namespace brings its `namespace` along. */
export function delegateOffers(context: Context): readonly Offer[] {
  const { snapshot, namespace, cursor } = context;
  const chosen = sibling(context, 'namespace');
  const offers: Offer[] = [];
  for (const vs of snapshot.index.all('VirtualService')) {
    if (vs.hosts.length > 0 || vs.name === '' || vs === context.resource) continue;
    const isNear = vs.namespace === (chosen ?? namespace);
    if (!isNear && (chosen !== undefined || cursor.flow || cursor.quote !== undefined)) continue;
    const lines = isNear ? {} : { lines: [escapeSnippet(vs.name), `namespace: ${escapeSnippet(vs.namespace)}`] };
    const label = isNear ? vs.name : keyOf(vs);
    offers.push({ label, kind: 'reference', detail: fileOf(vs), rank: isNear ? 2 : 3, ...lines });
  }
  return offers;
}

/** The namespaces of the workspace. One that is being typed as that of the resource itself is no offer. */
export function namespaceOffers({ snapshot, resource, document, offset }: Context): readonly Offer[] {
  const at = resource?.namespaceAt;
  const isTyped = at !== undefined && at.anchor === document && at.start <= offset && offset <= at.end;
  return snapshot.index
    .namespaces()
    .filter(name => !isTyped || name !== resource?.namespace)
    .map(label => ({ label, kind: 'reference', detail: 'namespace' }));
}

/** `.`, `*` and the namespaces of the workspace. */
export function exportToOffers(context: Context, doc: FieldDoc | undefined): readonly Offer[] {
  const words = Object.entries(doc?.values ?? { '.': 'the namespace of this resource', '*': 'all namespaces' });
  const special = words.map(
    ([label, line]): Offer => ({ label, kind: 'value', documentation: sentence(line), rank: 2 }),
  );
  const names = context.snapshot.index.namespaces().filter(name => name !== context.namespace);
  return [...special, ...names.map((label): Offer => ({ label, kind: 'reference', detail: 'namespace' }))];
}

/** Secrets; those of the namespace in which gateways run come first, because only there a Gateway finds them. */
export function secretOffers({ snapshot, namespace, kind }: Context): readonly Offer[] {
  const near = kind?.kind === 'Gateway' ? snapshot.settings.mesh.gatewayNamespace : namespace;
  return snapshot.index.all('Secret').map(secret => ({
    label: secret.name,
    kind: 'reference',
    detail: detail(secret.namespace, fileOf(secret)),
    documentation: secret.keys.length === 0 ? '' : `Keys: ${secret.keys.map(code).join(', ')}`,
    rank: secret.namespace === near ? 2 : 3,
  }));
}

/** What a policy can be attached to, by the kind that stands beside the name. */
export function targetOffers(context: Context): readonly Offer[] {
  const { snapshot, namespace } = context;
  const kind = sibling(context, 'kind');
  const targets = kind === 'Service' || kind === 'ServiceEntry' ? snapshot.index.all(kind) : [];
  return targets
    .filter(target => target.namespace === namespace && target.name !== '')
    .map(target => ({ label: target.name, kind: 'reference', detail: fileOf(target) }));
}
