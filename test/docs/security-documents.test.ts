import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/checkout.ts';

const read = (name: string): string => readFileSync(path.join(CHECKOUT, 'docs', name), 'utf8');
const ASVS = read('asvs.md');
const STATUSES = ['met', 'not applicable', 'not met'] as const;

/** Files and folders in code style: paths below a known folder, and files at the root that have an extension. */
const FILES =
  /`((?:src|web|test|docs|scripts|deploy)\/[^`\s]+|package(?:-lock)?\.json|tsconfig\.json|Dockerfile|\.dockerignore|SECURITY\.md)`/g;
const filesIn = (text: string): readonly string[] => [...text.matchAll(FILES)].map(([, name = '']) => name);

/** Rows of the tables of a page, as their cells. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') || line.startsWith('| |'))
    .map((line) => line.slice(2, -2).split(' | '));

describe.each(['threat-model.md', 'asvs.md', 'security-controls.md', 'security-headers.md'])('%s', (name) => {
  it('names only files that exist', () => {
    const named = [...new Set(filesIn(read(name)))];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((file) => !existsSync(path.join(CHECKOUT, file)))).toEqual([]);
  });
});

describe('the threat model', () => {
  const flows = read('threat-model.md').split('\n### ').slice(1);
  const threats = flows.flatMap((flow) => rowsOf(flow).filter(([kind = '']) => /^[STRIDE]$/.test(kind)));

  it('has the twelve flows of its diagram, each with threats and what remains', () => {
    expect(flows.map((flow) => Number.parseInt(flow, 10))).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    for (const flow of flows) {
      expect(rowsOf(flow).length, flow.split('\n')[0]).toBeGreaterThan(3);
      expect(flow, flow.split('\n')[0]).toContain('\nResidual: ');
    }
  });

  it('has a place in the code and a test for each mitigation', () => {
    expect(threats.length).toBeGreaterThan(60);
    for (const [kind, threat, mitigation = '', code = '', test = ''] of threats) {
      const tests = filesIn(test);
      expect({
        kind,
        threat,
        hasMitigation: mitigation !== '',
        hasCode: filesIn(code).length > 0,
        hasTests: tests.length > 0 && tests.every((file) => file.endsWith('.test.ts')),
      }).toEqual({ kind, threat, hasMitigation: true, hasCode: true, hasTests: true });
    }
  });
});

describe('the ASVS table', () => {
  const requirements = rowsOf(ASVS)
    .filter(([id = '']) => /^\d+\.\d+\.\d+$/.test(id))
    .map(([id = '', level = '', about = '', status = '', evidence = '']) => ({ id, level, about, status, evidence }));
  const count = (level: string | undefined, status: string | undefined): number =>
    requirements.filter((one) => (level ?? one.level) === one.level && (status ?? one.status) === one.status).length;

  it('has each requirement of levels 1 and 2 once', () => {
    expect({ first: count('1', undefined), second: count('2', undefined) }).toEqual({ first: 70, second: 183 });
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(253);
    expect([...new Set(requirements.map(({ status }) => status))].toSorted()).toEqual(STATUSES.toSorted());
  });

  it('has the right totals', () => {
    for (const [name, level] of [
      ['level 1', '1'],
      ['level 2', '2'],
      ['both', undefined],
    ] as const) {
      const totals = [...STATUSES.map((status) => count(level, status)), count(level, undefined)];
      expect(ASVS).toContain(`| ${name} | ${totals.join(' | ')} |`);
    }
  });

  it('has evidence for what is met, and a reason for everything else', () => {
    for (const { id, status, evidence } of requirements) {
      if (status === 'met') expect({ id, hasFiles: filesIn(evidence).length > 0 }).toEqual({ id, hasFiles: true });
      else expect({ id, isSentence: /^[“A-Z`].*\.$/.test(evidence) }).toEqual({ id, isSentence: true });
    }
  });
});
