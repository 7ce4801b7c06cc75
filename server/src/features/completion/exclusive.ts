import type { Facts } from '../../schema/facts.ts';

/**
 * Fields that Istio's webhook refuses together although the CRD allows it: each entry excludes every other of its list
 * (`VALIDATION.md` VS-17 to VS-25, VS-54, VS-67, VS-14, VS-15, DR-11, DR-34, DR-38, DR-39, SE-02, COM-39).
 */
const REFUSED_TOGETHER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  HTTPRoute: [
    ['route', 'redirect', 'directResponse'],
    ['delegate', 'route'],
    ['delegate', 'redirect'],
    ['redirect', 'fault'],
    ['redirect', 'rewrite'],
    ['directResponse', 'fault'],
    ['directResponse', 'rewrite'],
    ['mirror', 'mirrors'],
  ],
  HTTPRedirect: [['uri', 'prefixRewrite']],
  HTTPRewrite: [['uri', 'uriRegexRewrite']],
  TrafficPolicy: [['tunnel', 'proxyProtocol']],
  LoadBalancerSettings: [['localityLbSetting', 'zoneAwareLbSetting']],
  ConsistentHashLB: [
    ['minimumRingSize', 'ringHash'],
    ['minimumRingSize', 'maglev'],
  ],
  LocalityLoadBalancerSetting: [['distribute', 'failover']],
  ServiceEntrySpec: [['workloadSelector', 'endpoints']],
  AuthorizationPolicySpec: [['selector', 'targetRef', 'targetRefs']],
  RequestAuthenticationSpec: [['selector', 'targetRef', 'targetRefs']],
  TelemetrySpec: [['selector', 'targetRef', 'targetRefs']],
  WasmPluginSpec: [['selector', 'targetRef', 'targetRefs']],
  EnvoyFilterSpec: [['workloadSelector', 'targetRefs']],
  TrafficExtensionSpec: [['selector', 'targetRefs']],
};

/** The fields of a type that may not stand beside those that are there. */
export function excludedFields(facts: Facts, type: string, present: ReadonlySet<string>): ReadonlySet<string> {
  const groups = [...(facts.types[type]?.oneOf ?? []), ...(REFUSED_TOGETHER[type] ?? [])];
  return new Set(groups.filter(group => group.some(name => present.has(name))).flat());
}
