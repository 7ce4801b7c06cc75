// Child processes in groups of their own: whatever ends this program ends everything it started.
import { spawn } from 'node:child_process';

const POSIX = process.platform !== 'win32';
const running = new Set();

process.once('exit', stopAll);
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
  process.once(signal, () => process.exit(code));

/** Starts a program as the head of its own process group. The output is inherited unless `options.stdio` says otherwise. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: POSIX, ...options });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Runs a program to its end and gives its exit code; 127 when it could not be started. */
export function run(command, args, options = {}) {
  return new Promise(resolve => {
    const child = start(command, args, options);
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Runs a program to its end and gives its exit code and its output, both streams together. */
export function capture(command, args, options = {}) {
  return new Promise(resolve => {
    const child = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = data => {
      output += data;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', error => resolve({ code: 127, output: String(error) }));
    child.once('close', (code, signal) => resolve({ code: code ?? (signal ? 1 : 0), output }));
  });
}

/** Runs npm: the one that started this program if there is one, else the one on the path. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...args], options);
  return run('npm', args, { ...options, shell: !POSIX });
}

/** Ends a program and everything it started: first kindly, after three seconds by force. */
export async function stop(child) {
  if (!running.has(child)) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  signalGroup(child, 'SIGTERM');
  await Promise.race([gone, new Promise(resolve => setTimeout(resolve, 3000))]);
  signalGroup(child, 'SIGKILL');
}

function stopAll() {
  for (const child of running) signalGroup(child, 'SIGKILL');
}

function signalGroup(child, signal) {
  try {
    if (POSIX) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It is gone already.
  }
}
