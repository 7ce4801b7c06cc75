import type { SettingView } from '../contract.ts';
import { isDefaultRetryPolicy } from '../routing/retries.ts';
import type { TableRoute } from '../routing/routes.ts';
import type { Span } from '../text/range.ts';
import type { ViewContext } from './route-model.ts';
import { protoText } from './route-rows.ts';

/** Timeout and retries of a route, each with the level it comes from. */
export function routePolicy(context: ViewContext, { envoy, origin }: TableRoute): readonly SettingView[] {
  const { route } = envoy;
  if (route === undefined) return [];
  const rule = origin?.rule;
  const written = (span: Span | undefined): Pick<SettingView, 'level' | 'place' | 'lost'> =>
    span === undefined
      ? { level: 'Istio default', place: undefined, lost: undefined }
      : { level: 'VirtualService', place: context.toPlace(span), lost: undefined };
  const timeout = route.timeout === '0s' ? 'none: no limit' : protoText(route.timeout);
  const policy = route.retryPolicy;
  const each = policy?.perTryTimeout === undefined ? '' : ` of ${protoText(policy.perTryTimeout)}`;
  const retries = policy === undefined ? 'off' : `${policy.numRetries}${each}, on ${policy.retryOn}`;
  const byDefault = policy !== undefined && isDefaultRetryPolicy(policy) && rule?.retries === undefined;
  return [
    { setting: 'timeout', value: timeout, ...written(rule?.timeout) },
    { setting: 'retries', value: retries, ...written(byDefault ? undefined : rule?.retries?.at) },
  ];
}
