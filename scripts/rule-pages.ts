/** `npm run generate` (second half): writes docs/rules/<id>.md and docs/rules/README.md from the rules. With --check it only compares. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RULES, type Rule } from '../server/src/analysis.ts';

const folder = path.join(process.cwd(), 'docs/rules');
const pages = new Map(RULES.map(rule => [`${rule.id}.md`, page(rule)]));
pages.set('README.md', overview());

function page(rule: Rule): string {
  const codes = (rule.codes ?? []).filter(code => /^(IST|KIA)\d+$/.test(code));
  const facts = [
    `Severity: ${rule.severity}.`,
    ...(rule.refuses === true ? ['Istio refuses a resource with this finding.'] : []),
    ...(codes.length === 0 ? [] : [`Known elsewhere as ${codes.join(', ')}.`]),
  ];
  return `# ${rule.id}

${rule.summary}

${facts.join(' ')}

## Why

${rule.why}

## What to do

${rule.remedy}

## Wrong

\`\`\`yaml
${example(rule.invalid)}
\`\`\`

## Right

\`\`\`yaml
${example(rule.valid)}
\`\`\`

## Switch it

In the settings of VS Code: \`"istio.rules": { "${rule.id}": "off" }\` (or \`error\`, \`warning\`, \`information\`, \`hint\`).
For one line: \`# istio-yaml-ignore ${rule.id}\` behind it, or on a line of its own before it.
`;
}

/** A long line is cut in its middle: what matters is that it is long. */
function example(text: string): string {
  const shortened = (line: string): string => (line.length > 400 ? `${line.slice(0, 100)} … ${line.slice(-20)}` : line);
  return text.trim().split('\n').map(shortened).join('\n');
}

function overview(): string {
  const groups = [...new Set(RULES.map(({ id }) => id.slice(0, id.indexOf('/'))))];
  const tables = groups.map(group => {
    const rows = RULES.filter(({ id }) => id.startsWith(`${group}/`)).map(
      ({ id, severity, summary }) => `| [${id}](${id}.md) | ${severity} | ${summary.replaceAll('|', '\\|')} |`,
    );
    return `## ${group}\n\n| rule | severity | finds |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Rules\n\nWhat the diagnostics say, and why. Made from the rules themselves by \`npm run generate\`.\n\n${tables.join('\n')}`;
}

function present(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(file => file.split(path.sep).join('/'))
    .filter(file => file.endsWith('.md'));
}

const stale = [
  ...[...pages]
    .filter(
      ([file, text]) => !existsSync(path.join(folder, file)) || readFileSync(path.join(folder, file), 'utf8') !== text,
    )
    .map(([file]) => file),
  ...present().filter(file => !pages.has(file)),
];
if (process.argv.includes('--check')) {
  for (const file of stale) console.error(`docs/rules/${file} is stale: run npm run generate`);
  process.exit(stale.length === 0 ? 0 : 1);
}
for (const file of present()) if (!pages.has(file)) rmSync(path.join(folder, file));
for (const [file, text] of pages) {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}
