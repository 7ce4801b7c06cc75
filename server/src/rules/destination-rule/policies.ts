import type { DestinationRule, OutlierDetection, PolicyBlocks } from '../../model/destination-rule.ts';

/** Every policy of a DestinationRule: the one on top, those of its ports, those of its subsets and their ports. */
export function policiesOf(rule: DestinationRule): readonly PolicyBlocks[] {
  return [rule.trafficPolicy, ...rule.subsets.map(subset => subset.trafficPolicy)].flatMap(policy =>
    policy === undefined ? [] : [policy, ...policy.portLevelSettings],
  );
}

export function outlierDetectionsOf(rule: DestinationRule): readonly OutlierDetection[] {
  return policiesOf(rule)
    .map(policy => policy.outlierDetection)
    .filter(block => block !== undefined);
}
