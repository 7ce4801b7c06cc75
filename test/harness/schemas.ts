import path from 'node:path';
import type { Schemas } from '../../server/src/analysis.ts';
import { loadSchemas } from '../../server/src/node/schemas.ts';

/** The schema data of the build, loaded once. */
export const schemas: Schemas = loadSchemas(path.join(import.meta.dirname, '../../out/data'));
