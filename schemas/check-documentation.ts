/** `npm run schemas:check [-- FILTER…]`: lists fields without documentation; ends with 1 when there are any. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Facts } from '../server/src/schema/facts.ts';
import { readDocumentation } from './documentation.ts';

const root = process.cwd();
const facts = JSON.parse(readFileSync(path.join(root, 'schemas/generated/facts.json'), 'utf8')) as Facts;
const { faults } = readDocumentation(path.join(root, 'schemas/documentation'), facts);
const filters = process.argv.slice(2);
const shown = faults.filter(fault => filters.length === 0 || filters.some(f => fault.startsWith(f)));
for (const fault of shown) console.log(fault);
console.log(shown.length === 0 ? 'every field is documented' : `${shown.length} faults`);
process.exit(shown.length === 0 ? 0 : 1);
