import type { HttpRoute } from '../../model/virtual-service.ts';

/**
 * Whether a rule is only for chosen clients: each of its matches asks for a header, a query parameter, or where the
 * request comes from.
 */
export function isForSomeClients({ match }: HttpRoute): boolean {
  return (
    match.length > 0 &&
    match.every(
      ({ headers, queryParams, sourceLabels, sourceNamespace }) =>
        headers.length > 0 || queryParams.length > 0 || sourceLabels.length > 0 || sourceNamespace !== undefined,
    )
  );
}
