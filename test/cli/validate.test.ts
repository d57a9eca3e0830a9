import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/database/folders.ts';
import { runCli } from '../support/servers/command-line.ts';

const PROFILE = 'http://guide.example/StructureDefinition/named-patient';
/** An implementation guide with one profile, which requires a name. */
const DEFINITION = {
  resourceType: 'StructureDefinition',
  url: PROFILE,
  type: 'Patient',
  kind: 'resource',
  snapshot: {
    element: [
      { id: 'Patient', path: 'Patient', min: 0, max: '*' },
      { id: 'Patient.name', path: 'Patient.name', min: 1, max: '*', base: { max: '*' }, type: [{ code: 'HumanName' }] },
    ],
  },
};

function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'guide'));
  writeFileSync(path.join(folder, 'guide/one.json'), JSON.stringify(DEFINITION));
  for (const [name, content] of Object.entries(files))
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

const validate = async (...args: string[]) => {
  const { code, out, err } = await runCli(['validate', ...args, '--json']);
  return { code, err, judged: out === '' ? undefined : JSON.parse(out) };
};

it('validate reports issues with their location, in JSON and NDJSON; without issues the exit code is 0', {
  timeout: 60_000,
}, async () => {
  const valid = { resourceType: 'Patient', gender: 'female' };
  const folder = folderOf({
    'good.json': valid,
    'all.ndjson': `${JSON.stringify(valid)}\n\n${JSON.stringify({ ...valid, id: 'b', gender: 'females' })}\n`,
    'broken.json': '{',
  });
  expect(await validate(path.join(folder, 'good.json'))).toMatchObject({ code: 0, judged: [{ issues: [] }] });
  const { code, judged } = await validate(path.join(folder, 'all.ndjson'), path.join(folder, 'broken.json'));
  expect(code).toBe(1);
  expect(judged).toMatchObject([
    { file: 'all.ndjson', line: 1, issues: [] },
    { line: 3, resource: 'Patient/b', issues: [{ path: 'Patient.gender', code: 'code-invalid', severity: 'error' }] },
    { file: 'broken.json', issues: [{ text: 'This isn’t valid JSON.' }] },
  ]);
});

it('validate --ig validates against an implementation guide: the profiles of --profile and the declared ones', {
  timeout: 60_000,
}, async () => {
  const folder = folderOf({
    'plain.json': { resourceType: 'Patient', active: true },
    'claims.json': { resourceType: 'Patient', active: true, meta: { profile: [PROFILE] } },
  });
  const guide = ['--ig', path.join(folder, 'guide')];
  const [plain, claims] = ['plain.json', 'claims.json'].map((name) => path.join(folder, name)) as [string, string];
  expect(await validate(plain, ...guide)).toMatchObject({ code: 0 });
  const missing = { code: 1, judged: [{ issues: [{ path: 'Patient.name', code: 'required', profile: PROFILE }] }] };
  expect(await validate(plain, ...guide, '--profile', PROFILE)).toMatchObject(missing);
  expect(await validate(claims, ...guide)).toMatchObject(missing);
  expect(await validate(claims, '--ig', path.join(folder, 'none'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('no implementation guide'),
  });
});
