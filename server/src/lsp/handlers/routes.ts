import type { RouteModel, RoutesParams } from '../../contract.ts';
import { invalid, readField } from '../from-protocol.ts';
import type { Session } from '../session.ts';

/** `istio/routes`: the model of the preview. */
export function routes(session: Session, params: unknown): RouteModel {
  const viewpoint = optionalString(params, 'viewpoint');
  const uri = optionalString(params, 'uri');
  const first = optionalCount(params, 'first');
  const known: RoutesParams = {
    ...(viewpoint !== undefined && { viewpoint }),
    ...(uri !== undefined && { uri }),
    ...(first !== undefined && { first }),
  };
  return session.routes.model(known);
}

function optionalString(params: unknown, name: string): string | undefined {
  const value = optionalField(params, name);
  if (value !== undefined && typeof value !== 'string') throw invalid(`"${name}" is not a string`);
  return value;
}

function optionalCount(params: unknown, name: string): number | undefined {
  const value = optionalField(params, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
    throw invalid(`"${name}" is no number above 0`);
  return value;
}

function optionalField(params: unknown, name: string): unknown {
  const value = params === undefined || params === null ? undefined : readField(params, name);
  return value ?? undefined;
}
