import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/database/folders.ts';
import { patient } from '../support/fhir/charts.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { runCli } from '../support/servers/command-line.ts';

const LONG = { timeout: 180_000 };
const { db, print } = cliDatabase();
const load = (...args: readonly string[]) => print(['load', ...args]);
const line = (id: string, family = id) => `${JSON.stringify({ ...patient(id, 'Ann'), name: [{ family }] })}\n`;

it('load reads each file of a folder once, whatever else is in it and wherever links lead', LONG, async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'within'));
  symlinkSync('.', path.join(folder, 'round'));
  symlinkSync('..', path.join(folder, 'within', 'up'));
  writeFileSync(path.join(folder, 'elsewhere.txt'), line('linked'));
  symlinkSync('elsewhere.txt', path.join(folder, 'link.ndjson'));
  writeFileSync(path.join(folder, 'a.ndjson'), line('a'));
  writeFileSync(path.join(folder, 'within', 'b.ndjson'), line('b'));
  writeFileSync(path.join(folder, '._a.ndjson'), 'of macOS');
  writeFileSync(path.join(folder, 'notes.txt'), 'no resource');
  const { code, out } = await load(folder, '--json');
  expect({ code, report: JSON.parse(out) }).toMatchObject({
    code: 0,
    report: { created: 3, unchanged: 0, refused: [] },
  });
});

it('load rejects lines that are not UTF-8, and never stores other characters than the file has', LONG, async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'mixed.ndjson');
  // Some multi-byte characters are split between the chunks in which a file is read.
  const long = 'ü€😀'.repeat(30_000);
  const bytes = [Buffer.from(`\uFEFF${line('u1', `x${long}`)}`), Buffer.from(line('u2', 'M\xfcller'), 'latin1')];
  writeFileSync(file, Buffer.concat([...bytes, Buffer.from(line('u3', 'Müller \uFFFD'))]));
  writeFileSync(path.join(folder, 'whole.json'), Buffer.from(line('u4', 'M\xfcller'), 'latin1'));
  const { code, out } = await load(folder, '--json');
  const report = JSON.parse(out);
  expect({ code, created: report.created }).toEqual({ code: 1, created: 2 });
  expect(report.refused.map(({ at, reason }: { at: string; reason: string }) => [at, reason])).toEqual([
    ['whole file', expect.stringContaining('UTF-8')],
    ['line 2', expect.stringContaining('UTF-8')],
  ]);
  const rows = await db().queryText<{ content: string }>("select content from resource where type = 'Patient'", []);
  const families = rows.map(({ content }) => JSON.parse(content).name[0].family);
  expect(families).toEqual(expect.arrayContaining([`x${long}`, 'Müller \uFFFD']));
});

it('load reports that a part of a C-CDA is truncated, and the position of each error', LONG, async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'cut.xml'), '<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>');
  writeFileSync(path.join(folder, 'nobody.xml'), '<ClinicalDocument xmlns="urn:hl7-org:v3"/>');
  writeFileSync(path.join(folder, 'z.ndjson'), `${line('z1')}{"resourceType":`);
  const { code, out, err } = await load(folder);
  expect(code).toBe(1);
  expect(out).toContain('  cut.xml, whole file: The document isn’t well-formed XML. It may be truncated.');
  expect(out).toContain('  nobody.xml, whole file: The document has no patient (recordTarget).');
  expect(out).toContain('  z.ndjson, line 2: The line isn’t valid JSON.');
  expect(err).toMatch(/100% \| 4 of 4 resources \| \S+ \| 0s left/);
});

it('a path that does not exist is explained', LONG, async () => {
  const file = path.join(temporaryFolder(), 'a.ndjson');
  writeFileSync(file, line('n'));
  const { code, err } = await load(path.join(file, 'b.ndjson'));
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("can't be read (ENOTDIR)") });
  const out = await runCli(['sandbox', 'generate', '--patients', '1', '--out', path.join(file, 'c')]);
  expect({ code: out.code, err: out.err }).toEqual({
    code: 1,
    err: expect.stringContaining("can't be written (ENOTDIR)"),
  });
});
