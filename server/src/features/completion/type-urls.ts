import { ANY, TYPE_URL } from '../../schema/envoy-facts.ts';
import type { Place } from '../../schema/walk.ts';
import { type Context, nearest } from './context.ts';
import type { Offer } from './offer.ts';

/** Whether a type is a message of Envoy's, and not one of Istio's types. */
export function isEnvoyMessage({ snapshot }: Context, type: string): boolean {
  return type === ANY || Object.hasOwn(snapshot.schemas.envoy().types, type);
}

/** Where extensions of a kind may stand, by what the patch is applied to. */
const PLACES: Readonly<Record<string, string>> = {
  HTTP_FILTER: 'http',
  NETWORK_FILTER: 'network',
  LISTENER_FILTER: 'listener',
};

/** The messages that may stand behind `@type`: of the filter itself, the filters of its kind come first. */
export function typeUrlOffers(context: Context): readonly Offer[] {
  const { snapshot, path } = context;
  const { extensions } = snapshot.schemas.envoy();
  const documentation = snapshot.schemas.documentation();
  const isOuter = path.filter(step => step === 'typed_config' || step === 'typedConfig').length === 1;
  const first = isOuter ? PLACES[nearest(context, 'applyTo') ?? ''] : 'other';
  const places = Object.keys(extensions).sort((a, b) => Number(b === first) - Number(a === first));
  const name = nearest(context, 'name') ?? '';
  return places.flatMap(place =>
    (extensions[place] ?? []).map((type): Offer => {
      const isNamed = isOuter && place === first && isConfigOf(type, name);
      return {
        label: TYPE_URL + type,
        kind: 'enumValue',
        detail: type.split('.').at(-1) ?? '',
        documentation: documentation[type]?.text ?? '',
        rank: isNamed ? 1 : place === first ? 3 : 5,
      };
    }),
  );
}

/** The messages that name a filter, each with the kind of filters that it names. */
const NAMING: Readonly<Record<string, string>> = {
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter': 'http',
  'envoy.config.listener.v3.Filter': 'network',
  'envoy.config.listener.v3.ListenerFilter': 'listener',
};

/** Names of filters, where a message names one; `undefined` at any other place. */
export function filterNameOffers({ snapshot }: Context, { type, fieldName }: Place): readonly Offer[] | undefined {
  const kind = fieldName === 'name' ? NAMING[type ?? ''] : undefined;
  if (kind === undefined) return undefined;
  const names = (snapshot.schemas.envoy().extensions[kind] ?? []).flatMap(message => {
    const name = /^envoy\.extensions\.filters\.(\w+\.\w+)\./.exec(message)?.[1];
    return name === undefined ? [] : [`envoy.filters.${name}`];
  });
  return [...new Set(names)].map(label => ({ label, kind: 'value' }));
}

/** Whether a message is that of the filter of a name: `envoy.filters.http.lua` and `envoy.extensions.filters.http.lua.v3.Lua`. */
function isConfigOf(type: string, name: string): boolean {
  const [, kind = '', filter = ''] = /^envoy\.filters\.(\w+)\.(\w+)$/.exec(name) ?? [];
  return filter !== '' && type.startsWith(`envoy.extensions.filters.${kind}.${filter}.`);
}
