import { describe, expect, test } from 'vitest';
import { statusReport } from '../../../client/src/status-report.ts';

const STATUS = {
  version: '1.2.3',
  files: 6,
  resources: 23,
  indexing: false,
  memory: 81_500_000,
  memoryPerResource: 12_345,
  uptime: 3_725_000,
  istioFacts: 'crd-all.gen.yaml',
  timings: [{ method: 'textDocument/hover', count: 3, p50: 0.44, max: 12.3 }],
  faults: [],
};

describe('the report of the server’s status', () => {
  test('says it in words', () => {
    expect(statusReport('running', STATUS)).toBe(`# Istio language server

- State: running
- Version: 1.2.3
- Knows Istio of: crd-all.gen.yaml
- Workspace: 23 resources in 6 files
- Memory: 82 MB, of which about 13 kB for each resource
- Running for: 1 h 2 min

## Answers

| Method | Count | Median | Slowest |
| --- | ---: | ---: | ---: |
| textDocument/hover | 3 | 0.4 ms | 12 ms |

## Faults

None.
`);
  });

  test('says while the workspace is being read', () => {
    expect(statusReport('running', { ...STATUS, indexing: true })).toContain(
      'State: running, still reading the workspace',
    );
  });

  test('lists faults, each as one point', () => {
    expect(statusReport('running', { ...STATUS, faults: ['hover: broken\n  at x'] })).toContain(
      '- hover: broken\n    at x',
    );
  });

  test('of a server that does not answer says what to do', () => {
    expect(statusReport('failed', undefined)).toMatch(/State: failed\..*Restart Language Server/s);
  });
});
