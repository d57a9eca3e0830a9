import { Problem } from '../../kernel/index.ts';
import { isFilledSandbox, listPractices } from '../../practices/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { TestPatientsAnswer } from '../contract/explorer.ts';
import type { PortalDeps } from '../deps.ts';
import { openTestPatients } from './test-patients.ts';

/** Adds the list of test patients, which needs no account: their credentials are public. */
export function testPatientRoutes(api: Api, deps: PortalDeps): void {
  const testPatients = openTestPatients(deps);
  const schema = {
    tags: ['explorer'],
    summary: 'The made-up people of the sandbox, and what is in their records',
    response: { 200: TestPatientsAnswer, ...REFUSALS },
  };
  api.get('/developer/test-patients', { schema }, async () => {
    if (!deps.sandbox) throw noSandbox();
    const practice = (await listPractices(deps.db)).find(isFilledSandbox);
    const accounts = [...(await testPatients())];
    return { password: deps.testPassword, practice: practice?.name ?? '', accounts };
  });
}

const noSandbox = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message: 'This installation has no sandbox, and so no test patients: it was started with SANDBOX=off.',
  });
