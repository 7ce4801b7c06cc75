/** How the server talks to its client, or what it prints instead. */
export type Mode =
  | { readonly kind: 'stdio' | 'node-ipc' | 'version' | 'help' }
  | { readonly kind: 'socket'; readonly port: number }
  | { readonly kind: 'wrong'; readonly message: string };

export const USAGE = `Usage: istio-language-server --stdio | --node-ipc | --socket=PORT

Speaks the Language Server Protocol for Istio YAML.

  --stdio         over standard input and output
  --node-ipc      over the channel of a Node process that started this one
  --socket=PORT   connects to a client that listens on this port of 127.0.0.1
  --version       prints the version
  --help          prints this text
`;

/** Reads the command line, without the names of Node and of the program. */
export function readArguments(args: readonly string[]): Mode {
  let mode: Mode | undefined;
  for (let i = 0; i < args.length; i++) {
    const [name = '', inline] = split(args[i] ?? '');
    const next = readOption(name, () => inline ?? args[++i]);
    if (next === undefined) continue;
    if (next.kind === 'wrong' || next.kind === 'help' || next.kind === 'version') return next;
    if (mode !== undefined) return wrong('more than one way to talk is given');
    mode = next;
  }
  return mode ?? wrong('one of --stdio, --node-ipc and --socket=PORT is needed');
}

/** `undefined` for an option that another part reads: editors add the id of their process. */
function readOption(name: string, value: () => string | undefined): Mode | undefined {
  switch (name) {
    case '--stdio':
    case '--node-ipc':
      return { kind: name === '--stdio' ? 'stdio' : 'node-ipc' };
    case '--socket':
      return readPort(value());
    case '--clientProcessId':
      value();
      return undefined;
    case '--version':
    case '-v':
      return { kind: 'version' };
    case '--help':
    case '-h':
      return { kind: 'help' };
    default:
      return wrong(`unknown argument "${name}"`);
  }
}

function readPort(value: string | undefined): Mode {
  const port = Number(value);
  if (value === undefined || !/^\d+$/.test(value) || port < 1 || port > 65_535) {
    return wrong(`--socket needs a port from 1 to 65535, not "${value ?? ''}"`);
  }
  return { kind: 'socket', port };
}

function split(argument: string): readonly string[] {
  const at = argument.indexOf('=');
  return at < 0 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}

function wrong(message: string): Mode {
  return { kind: 'wrong', message };
}
