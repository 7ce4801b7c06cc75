/**
 * Codes of a finding that says what Istio's validation says: its own code, and the ids of our list of what it judges
 * (`schemas/validation.yaml`), the most special one first.
 */

/** Istio refuses the resource (IST0106). */
export function refusal(...ids: readonly string[]): readonly string[] {
  return ['IST0106', ...ids];
}

/** Istio takes the resource with a warning (IST0133). */
export function warned(...ids: readonly string[]): readonly string[] {
  return ['IST0133', ...ids];
}
