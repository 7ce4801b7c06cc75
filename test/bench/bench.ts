/**
 * Plays an editor with the built server over its standard streams, on generated files, and prints how long it takes
 * beside the bare parse of the same text: `npm run bench -- [OPTION…]`. Its exit code is 1 when an answer is wrong, never
 * because of a time.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadSchemas } from '../../server/src/node/schemas.ts';
import { BARE, runBare } from './bare.ts';
import { SIZES, type Size } from './generator/workspaces.ts';
import { machine } from './machine.ts';
import { brief } from './measure.ts';
import { ourServer, peerServer, type Server } from './peer.ts';
import { reachabilityResults, reachabilityText } from './reachability.ts';
import { readmeTable, writeReadme } from './readme.ts';
import { sessionText, targets, targetText, waitingOf } from './report.ts';
import { routingText, timeRouting } from './routing.ts';
import { runSession, type SessionResult } from './session.ts';

const USAGE = `npm run bench -- [OPTION…]

  --sizes LIST    of ${SIZES.join(', ')}; default: all
  --files N       files of the folder; default: 2000
  --times N       how often each thing is done at most; default: 40
  --seconds N     how long one phase may go on; default: 20
  --rounds N      how often a server is started; default: 3
  --seed N        seed of the generated files; default: 1
  --server FILE   the server's program; default: out/server/server.js
  --no-peer       without yaml-language-server, which is installed into out/bench-peer at the first use
  --readme FILE   put the table for readers between the two \`bench\` comments of a file
  --json          print everything as JSON
`;

if (process.argv[2] === BARE) runBare();
else process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const options = read(args);
  if (typeof options === 'string') {
    console.error(`${options}\n\n${USAGE}`);
    return 2;
  }
  const { server, sizes, json, readme, peer, ...rest } = options;
  if (!existsSync(server)) {
    console.error(`there is no ${server}: run npm run build`);
    return 2;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'istio-bench-'));
  const print = (text: string): void => {
    if (!json) console.log(text);
  };
  const results: SessionResult[] = [];
  try {
    print(`# Bench\n\n${machine()}\n`);
    const servers = [ourServer(server), ...(peer ? peers(print) : [])];
    for (const size of sizes) {
      const result = await runSession(size, { ...rest, servers, folder });
      results.push(result);
      print(sessionText(result));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const routing = timeRouting({ seed: rest.seed, runs: 5, schemas: loadSchemas(path.resolve('out/data')) });
  print(routingText(routing));
  const reachability = reachabilityResults(rest.seed);
  print(reachabilityText(reachability));
  const list = targets(results);
  const [first] = results;
  if (first !== undefined) {
    print(
      `Edits wait until the user pauses: about ${brief(waitingOf(first.measures))} ms of “edit to diagnostics” is that (${first.size}: time less CPU).\n`,
    );
  }
  print(targetText(list));
  print(`## For the README\n\n${readmeTable(results)}`);
  if (readme !== undefined) writeReadme(readme, results);
  if (json)
    console.log(
      JSON.stringify(
        { machine: machine(), options: { sizes, ...rest }, results, routing, reachability, targets: list },
        undefined,
        2,
      ),
    );
  return results.every(({ answers }) => answers.areRight) ? 0 : 1;
}

/** The server that ours is compared with; none, and the reason, where it cannot be had. */
function peers(print: (text: string) => void): readonly Server[] {
  const found = peerServer(path.resolve('out/data'), path.resolve('out/bench-peer'));
  if (typeof found !== 'string') return [found];
  print(`yaml-language-server cannot be installed, so nothing is compared with it: ${found}\n`);
  return [];
}

interface Options {
  readonly sizes: readonly Size[];
  readonly files: number;
  readonly times: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly seed: number;
  readonly server: string;
  readonly json: boolean;
  readonly peer: boolean;
  readonly readme: string | undefined;
}

/** @returns the options, or what is wrong with them */
function read(args: string[]): Options | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        sizes: { type: 'string', default: SIZES.join(',') },
        files: { type: 'string', default: '2000' },
        times: { type: 'string', default: '40' },
        seconds: { type: 'string', default: '20' },
        rounds: { type: 'string', default: '3' },
        seed: { type: 'string', default: '1' },
        server: { type: 'string', default: 'out/server/server.js' },
        json: { type: 'boolean', default: false },
        'no-peer': { type: 'boolean', default: false },
        readme: { type: 'string' },
      },
    });
    const sizes = values.sizes
      .split(',')
      .map(size => SIZES.find(known => known === size.trim()) ?? `there is no size "${size}"`);
    const unknown = sizes.find(size => size.startsWith('there'));
    if (unknown !== undefined) return unknown;
    const number = (name: 'files' | 'times' | 'seconds' | 'rounds' | 'seed'): number => {
      const value = Number(values[name]);
      if (!Number.isInteger(value) || value < 1)
        throw new Error(`--${name} takes a whole number, not "${values[name]}"`);
      return value;
    };
    const numbers = {
      files: number('files'),
      times: number('times'),
      seconds: number('seconds'),
      rounds: number('rounds'),
      seed: number('seed'),
    };
    const { json, readme, 'no-peer': withoutPeer } = values;
    return {
      sizes: sizes as Size[],
      ...numbers,
      server: path.resolve(values.server),
      json,
      readme,
      peer: !withoutPeer,
    };
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
