// The values of the property tests are the same in each run, so that no change fails by chance; `npm run fuzz` looks
// for new ones.
import fc from 'fast-check';

const given = process.env['FUZZ_SEED'];
fc.configureGlobal({ seed: given === undefined ? 20_261_128 : Number(given) });
