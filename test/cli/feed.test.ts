import { describe, expect, it } from 'vitest';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, db } = cliDatabase();
const LONG = { timeout: 180_000 };

/** Adds a rejected entry of a feed: an Observation of an unknown patient. */
async function addRejected(id: string, patient: string): Promise<void> {
  const resource = {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'secret words' },
    subject: { reference: `Patient?identifier=urn:mrn|${patient}` },
  };
  await db().queryText(
    `insert into refused_entry (practice_id, source, key, refused_at, tried_at, type, source_id, reason, waits, content)
     values (2, 'app:ehr', $1, $2, $2, 'Observation', $3, 'Its patient is not known.', true, $4)`,
    [
      `Observation/${id}`,
      new Date(),
      id,
      JSON.stringify({ index: 0, method: 'PUT', type: 'Observation', sourceId: id, resource }),
    ],
  );
}

describe('rejected feed entries', () => {
  it('are listed without their content, and can be retried', LONG, async () => {
    expect((await run('feed', 'rejected')).answer).toEqual([]);
    await addRejected('one', '1');
    await addRejected('two', '2');
    const listed = await run('feed', 'rejected', '--practice', 'Live practice');
    expect(listed.answer).toMatchObject([
      { practice: 'Live practice', source: 'app:ehr', type: 'Observation', id: 'one', waits: true },
      { id: 'two' },
    ]);
    expect(listed.out).not.toContain('secret');
    const vain = await run('feed', 'retry');
    expect({ code: vain.code, answer: vain.answer }).toEqual({ code: 1, answer: { tried: 2, written: 0 } });
    expect((await run('feed', 'retry', '--practice', 'Nowhere')).code).toBe(1);
  });
});
