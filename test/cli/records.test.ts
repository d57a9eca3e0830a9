import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../support/database/folders.ts';
import { patient } from '../support/fhir/charts.ts';
import { ANN, ANNE, CAT, id, observationAbout } from '../support/fhir/merging.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, db } = cliDatabase();
const LONG = { timeout: 180_000 };

async function load(...resources: readonly object[]): Promise<void> {
  const { folder, remove } = makeFolder();
  const file = path.join(folder, 'a.ndjson');
  writeFileSync(file, resources.map((resource) => JSON.stringify(resource)).join('\n'));
  const { code } = await run('load', file);
  await remove();
  expect(code).toBe(0);
}
const subjects = async () =>
  (
    await db().queryText<{ id: string; subject: string }>(
      "select id, content::jsonb->'subject'->>'reference' as subject from resource where type = 'Observation' order by id",
      [],
    )
  ).map(({ id: one, subject }) => [one, subject]);

describe('duplicate and mixed-up patient records', () => {
  beforeAll(
    () =>
      load(
        patient(ANN, 'Ann'),
        patient(ANNE, 'Anne'),
        patient(CAT, 'Cat'),
        observationAbout(1, ANN),
        observationAbout(2, ANNE),
      ),
    LONG.timeout,
  );

  it('can be merged and unmerged, and misfiled resources can be moved', LONG, async () => {
    await run('patients', 'add', ANNE, '--username', 'anne');
    const merged = await run('record', 'merge', ANNE, '--into', ANN.toUpperCase());
    expect(merged.answer).toEqual({
      merged: ANNE,
      into: ANN,
      changed: true,
      resources: 2,
      access_ended: [{ username: 'anne', relationship: 'self' }],
      apps_to_ask_again: 0,
    });
    expect((await run('record', 'merge', ANNE, '--into', ANN)).answer).toMatchObject({ changed: false });
    expect(await subjects()).toEqual([id(1), id(2)].map((one) => [one, `Patient/${ANN}`]));

    const apart = await run('record', 'unmerge', ANNE, '--practice', 'Live practice');
    expect(apart.answer).toMatchObject({ changed: true, resources: 2, access_restored: ['anne'], readers: [] });
    expect((await subjects())[1]).toEqual([id(2), `Patient/${ANNE}`]);

    const moved = await run('record', 'retract', `Observation/${id(2)}`, '--to', CAT);
    expect(moved.answer).toMatchObject({
      changed: true,
      patient: ANNE,
      to: CAT,
      resources: [`Observation/${id(2)}`],
      referring: [],
    });
    expect((await subjects())[1]).toEqual([id(2), `Patient/${CAT}`]);
    expect((await run('record', 'retract', `Observation/${id(1)}`)).answer).toMatchObject({ to: null, changed: true });
    expect((await run('record', 'retract', `Observation/${id(1)}`, '--lift')).answer).toEqual({ lifted: 1 });
    await load(observationAbout(1, ANN));
    expect((await subjects())[0]).toEqual([id(1), `Patient/${ANN}`]);
  });

  it('are not changed if the arguments are ambiguous', LONG, async () => {
    const before = await subjects();
    const errors: readonly (readonly [readonly string[], string])[] = [
      [['merge', 'ann', '--into', ANNE], 'UUID'],
      [['merge', ANN, '--into', ANN], 'same record'],
      [['merge', ANN, '--into', id(99)], 'unknown at this practice'],
      [['merge', ANN, '--into', ANNE, '--practice', 'Nowhere'], 'no practice'],
      [['unmerge', id(99)], 'unknown at this practice'],
      [['retract', 'Observation/1'], 'isn’t a resource of this server'],
      [['retract', `Patient/${ANN}`], 'record merge'],
    ];
    for (const [words, why] of errors) {
      const { code, err } = await run('record', ...words);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(why) });
    }
    expect(await subjects()).toEqual(before);
  });
});
