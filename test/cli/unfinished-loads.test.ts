import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/database/folders.ts';
import { samplePatient } from '../support/fhir/sample-patients.ts';
import { until } from '../support/runs/until.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { startCommand } from '../support/servers/processes.ts';

const { db, run, url } = cliDatabase();

function written(patientCount: number, observations: number): string {
  const file = path.join(temporaryFolder(), 'lives.ndjson');
  const resources = Array.from({ length: patientCount }, (_, n) => samplePatient(n, observations)).flat();
  writeFileSync(file, resources.map((one) => JSON.stringify(one)).join('\n'));
  return file;
}

const begun = async (source: string): Promise<number> => {
  const [row] = await db().queryText<{ n: number }>(
    "select count(*)::int as n from audit_event where detail->>'step' = 'begun' and detail->>'source' = $1",
    [source],
  );
  return row?.n ?? 0;
};

/** Starts a load into the live practice, and stops it before it ends. */
async function stoppedLoad(source: string, file: string): Promise<ChildProcess> {
  const before = await begun(source);
  const { child } = startCommand(['load', file, '--source', source], { DATABASE_URL: url, SANDBOX: 'off' });
  await until(async () => (await begun(source)) > before);
  child.kill('SIGSTOP');
  expect(child.exitCode).toBe(null);
  return child;
}

/** Returns the findings of doctor about loads of a source. */
const doctor = async (source: string): Promise<readonly { says: string; fix?: string; state: string }[]> => {
  const { answer } = await run('doctor');
  return answer.filter(
    ({ about, says }: { about: string; says: string }) => about === 'loads' && says.includes(`the source ${source} `),
  );
};

it('an unfinished load is reported by doctor and by the next load of its source, until one finishes', {
  timeout: 180_000,
}, async () => {
  const [large, small] = [written(60, 100), written(1, 1)];
  expect(await doctor('lab')).toEqual([]);
  const child = await stoppedLoad('lab', large);
  child.kill('SIGKILL');
  await once(child, 'close');

  expect(await doctor('lab')).toEqual([
    {
      about: 'loads',
      state: 'look',
      says: expect.stringMatching(
        /^a load from the source lab into Live practice \(files: 1\), started at 20\S+Z, didn’t finish/,
      ),
      fix: expect.stringContaining('run it again'),
    },
  ]);
  const other = await run('load', small, '--source', 'hospital');
  expect({ code: other.code, err: other.err }).toEqual({
    code: 0,
    err: expect.not.stringContaining('didn’t finish'),
  });
  expect(await doctor('lab')).toHaveLength(1);

  const again = await run('load', small, '--source', 'lab');
  expect({ code: again.code, err: again.err }).toEqual({
    code: 0,
    err: expect.stringMatching(/from the source lab .* didn’t finish.*run it again/s),
  });
  expect(await doctor('lab')).toEqual([]);
});

it('a finished load does not hide another unfinished one that started after it', { timeout: 180_000 }, async () => {
  const [large, small] = [written(60, 100), written(1, 1)];
  const first = await stoppedLoad('clinic', small);
  const second = await stoppedLoad('clinic', large);
  second.kill('SIGKILL');
  first.kill('SIGCONT');
  await once(first, 'close');
  expect(await doctor('clinic')).toHaveLength(1);
});
