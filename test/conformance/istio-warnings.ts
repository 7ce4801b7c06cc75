/** Words by which a warning of Istio's validation is known, with the ids in `schemas/validation.yaml` that it stands for. */
const WARNINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/exposes internal implementation details/, ['EF-01']],
  [/addresses are required for ports serving TCP/, ['SE-16']],
  [/only the last rule can have no matches/, ['VS-93', 'VS-94']],
  [/route without matches defined before/, ['VS-94']],
  [/all matches used by prior rules/, ['VS-95']],
  [/match .* is not used \(duplicate\/overlapping match/, ['VS-96', 'VS-97']],
  [/using legacy gatewayName format/, ['VS-05']],
  [/"mirrorPercent"/, ['VS-49']],
  [/abort .*no.* error|error type/i, ['VS-45']],
  [/SNI.* IP|IP .*SNI/i, ['VS-84']],
  [/body .*100|direct_response body/i, ['VS-61']],
  [/consecutive errors is deprecated/, ['DR-13']],
  [/[Mm]inimumRingSize/, ['DR-33']],
  [/outlier/, ['DR-44']],
  [/httpsRedirect should only be used with http/, ['GW-05']],
  [/cipher ?suite.*(duplicate|twice)|(duplicate|twice).*cipher ?suite/i, ['GW-20']],
  [/(min|protocol ?)version.*cipher|TLSV1_[01]|cipher.*TLSV1/i, ['GW-18']],
  [/cipher/i, ['GW-19']],
  [/PASSTHROUGH/, ['GW-27']],
  [/workload ?selector should not be set/i, ['SE-18']],
  [/^service entry: workload selector specified without labels/, ['COM-38', 'SE-01']],
  [/workload selector specified without labels/, ['COM-36', 'COM-38']],
  [/partial wildcard/, ['SE-06']],
  [/endpoint.*address.*unset|address is unset with network/i, ['WE-02', 'SE-21']],
  [/unknown field/, ['EF-21']],
  [/deprecated (type|filter)|using deprecated/, ['EF-17', 'EF-22']],
  [/typed_config/, ['EF-23']],
  [/proxyVersion|too long/, ['EF-09']],
  [/DENY/, ['AP-27']],
  [/private|symmetric/, ['RA-06']],
  [/multiple|more than one/, ['TL-02', 'TL-03']],
  [/(tag|override).* empty|empty .*tag/, ['TL-11']],
];

/** The ids that a warning of Istio's may stand for; none for one that is new. */
export function idsOfWarning(warning: string): readonly string[] {
  return WARNINGS.find(([words]) => words.test(warning))?.[1] ?? [];
}

/** The rule of a VirtualService that a warning on the order of rules is about: its name, or else its index. */
export function ruleOfWarning(warning: string): string | number | undefined {
  const [, name, index] = /^virtualService rule (?:"([^"]*)"|#(\d+)) /.exec(warning) ?? [];
  return name ?? (index === undefined ? undefined : Number(index));
}
