/** A test to be written into a file. */
export interface NewTest {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [name: string, value: string])[];
  };
  readonly from: { readonly gateway: string } | { readonly sidecar: string } | undefined;
  /** Fields of `expect` in order; maps for `shares` and `headers`. */
  readonly expect: Readonly<Record<string, string | number | boolean | Readonly<Record<string, string | number>>>>;
}

/** Route tests as YAML: one list, a blank line between tests. */
export function testsYaml(tests: readonly NewTest[]): string {
  return tests.length === 0 ? '[]\n' : tests.map(testYaml).join('\n');
}

function testYaml({ name, request, from, expect }: NewTest): string {
  const { method, url, headers } = request;
  const lines = [`- name: ${scalar(name)}`];
  if (headers.length === 0) lines.push(`  request: ${scalar(`${method} ${url}`)}`);
  else {
    lines.push('  request:', `    method: ${scalar(method)}`, `    url: ${scalar(url)}`, '    headers:');
    for (const [key, value] of headers) lines.push(`      ${scalar(key)}: ${scalar(value)}`);
  }
  if (from !== undefined) {
    const [[key, value] = ['', '']] = Object.entries(from);
    lines.push('  from:', `    ${key}: ${scalar(value)}`);
  }
  lines.push('  expect:');
  for (const [key, value] of Object.entries(expect)) {
    if (typeof value === 'object') {
      lines.push(`    ${key}:`);
      for (const [inner, text] of Object.entries(value)) lines.push(`      ${scalar(inner)}: ${written(text)}`);
    } else lines.push(`    ${key}: ${written(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function written(value: string | number | boolean): string {
  return typeof value === 'string' ? scalar(value) : String(value);
}

/** Text that YAML reads as a text without quotes. */
const PLAIN = /^[A-Za-z/][\w./?=&+%,*~@-]*(?:[ :][\w./?=&+%,*~@|-]+)*$/;
/** Words of YAML 1.1 that are no texts, and numbers. */
const TYPED = /^(?:y|n|yes|no|on|off|true|false|null|~|[-+.\d].*)$/i;

function scalar(text: string): string {
  return PLAIN.test(text) && !TYPED.test(text) ? text : JSON.stringify(text);
}
