import { expect, it } from 'vitest';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, db } = cliDatabase();

it('dstu2 report says what cannot be represented in DSTU2, and how much each rule hides', {
  timeout: 60_000,
}, async () => {
  const rows = [
    ['dstu2', 'MedicationRequest', 'do-not-perform'],
    ['dstu2', 'MedicationRequest', 'do-not-perform'],
    ['dstu2/DiagnosticOrder', 'ServiceRequest', 'has-another-form'],
  ];
  for (const [at, [name, type, rule]] of rows.entries()) {
    const id = `0000000${at}-0000-4000-8000-000000000000`;
    const values = 'values (1, $1, $2, $3, $4)';
    await db().queryText(`insert into conversion (record_id, name, type, id, hidden_by) ${values}`, [
      name,
      type,
      id,
      rule,
    ]);
  }
  const { answer } = await run('dstu2', 'report');
  expect(answer.hidden).toEqual([
    { projection: 'dstu2', type: 'MedicationRequest', rule: 'do-not-perform', resources: 2 },
  ]);
  expect(answer.losses).toContainEqual({
    stored: 'CareTeam',
    type: 'CarePlan',
    elements: ['category', 'participant.onBehalfOf', 'reasonCode', 'telecom'],
    partly: [],
    single: ['participant.role'],
  });
});
