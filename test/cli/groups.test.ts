import { beforeAll, describe, expect, it } from 'vitest';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, db } = cliDatabase();
const LONG = { timeout: 180_000 };
const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const ELSEWHERE = '0000000c-0000-4000-8000-000000000000';

beforeAll(async () => {
  await db().queryText(
    `insert into record (record_id, practice_id, patient_id) values (1, 2, $1), (2, 2, $2), (3, 9, $3)`,
    [ANN, BOB, ELSEWHERE],
  );
});

describe('patient groups', () => {
  it('are created, filled, renamed, shown and deleted, and each change is in the audit log', LONG, async () => {
    const added = await run('groups', 'add', 'Diabetes');
    expect(added.answer).toMatchObject({ name: 'Diabetes', everyone: false });
    const { id } = added.answer;
    expect((await run('groups', 'add', 'diabetes')).err).toContain('already has a group "diabetes"');
    expect((await run('groups', 'members', id, '--add', ANN, '--add', BOB.toUpperCase())).answer).toMatchObject({
      added: 2,
    });
    expect((await run('groups', 'members', id, '--add', ANN, '--remove', BOB)).answer).toMatchObject({
      added: 0,
      removed: 1,
    });
    expect((await run('groups', 'show', id)).answer).toMatchObject({ patients: [ANN] });
    expect((await run('groups', 'rename', id, 'Diabetes, type 2')).code).toBe(0);
    const all = (await run('groups', 'add', 'All', '--practice', 'Live practice', '--everyone')).answer;
    const listed = (await run('groups', 'list')).answer;
    expect(listed.filter((group: { id: string }) => [all.id, id].includes(group.id))).toEqual([
      { id: all.id, practice: 'Live practice', everyone: true, patients: 2, name: 'All' },
      { id, practice: 'Live practice', everyone: false, patients: 1, name: 'Diabetes, type 2' },
    ]);
    expect((await run('groups', 'rename', id, 'ALL')).err).toContain('another group');
    expect((await run('groups', 'remove', id)).code).toBe(0);
    expect((await run('groups', 'show', id)).err).toContain('There is no group');
    const events = await db().queryText<{ detail: Record<string, unknown> }>(
      "select detail from audit_event where kind = 'practice' and detail->>'group' = $1 order by at, id",
      [id],
    );
    expect(new Set(events.map(({ detail }) => detail['action']))).toEqual(
      new Set(['group-add', 'group-members-add', 'group-members-remove', 'group-rename', 'group-remove']),
    );
    expect(JSON.stringify(events)).not.toContain(ANN);
  });

  it('accept only patients of their practice, all named patients or none', LONG, async () => {
    const { id } = (await run('groups', 'add', 'Mixed')).answer;
    const rejected = await run('groups', 'members', id, '--add', ANN, '--add', ELSEWHERE);
    expect({ code: rejected.code, err: rejected.err }).toEqual({ code: 1, err: expect.stringContaining(ELSEWHERE) });
    expect((await run('groups', 'show', id)).answer.patients).toEqual([]);
    expect((await run('groups', 'members', id, '--add', 'nobody')).err).toContain('UUID');
    const everyone = (await run('groups', 'add', 'Everybody', '--everyone')).answer.id;
    expect((await run('groups', 'members', everyone, '--remove', ANN)).err).toContain('always has all patients');
  });
});
