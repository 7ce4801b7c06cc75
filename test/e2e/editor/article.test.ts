import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorkbench, type Workbench } from './workbench.ts';

/** The manifests of the article that this project began with; the first line of each tells which it is. */
const source = path.resolve('test/fixtures/routing');
const manifests = readdirSync(source).filter(name => /^seed-.*\.yaml$/.test(name));
/** EnvoyFilters, and what runs a rate limit service: no routes and no host. */
const WITHOUT_TABLE = /rate-limit/;
/** The file that is open: each manifest in turn, as a reader of the article would paste it. */
const OPEN = 'manifest.yaml';

const start = mkdtempSync(path.join(tmpdir(), 'istio-yaml-article-'));
let workbench: Workbench;

beforeAll(async () => {
  copyFileSync(path.join(source, manifests[0] ?? ''), path.join(start, OPEN));
  workbench = await startWorkbench(process.env['ISTIO_VSIX'] ?? 'out/e2e/istio-yaml.vsix', OPEN, start);
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.page.screenshot({ path: path.resolve('test/e2e/results/failure-article.png') });
});

afterAll(async () => {
  await workbench?.close();
  rmSync(start, { recursive: true, force: true });
});

describe('a manifest of the article, alone in VS Code', () => {
  test.each(manifests)('%s has its effective routes in the preview', async name => {
    const { folder, page, preview } = workbench;
    copyFileSync(path.join(source, name), path.join(folder, OPEN));
    const text = readFileSync(path.join(source, name), 'utf8');
    const [comment = ''] = text.split('\n');
    await page.locator('.view-line', { hasText: comment.slice(2, 60) }).waitFor();
    // The button stands only above what holds something of Istio's.
    const button = page.locator('.editor-actions').getByRole('button', { name: 'Preview Effective Routes' });
    if (/istio\.io\/v/.test(text)) await button.click();
    else await workbench.command('Istio: Preview Effective Routes');
    if (WITHOUT_TABLE.test(name)) await preview().getByText('No routes in this workspace').waitFor();
    else {
      const [, host = ''] = /hosts?:\s+(?:- )?["']?([\w.-]+)/.exec(text) ?? [];
      await preview().locator('[role=treegrid]', { hasText: host }).waitFor();
    }
    expect(await page.locator('.squiggly-error').count()).toBe(0);
  });
});
