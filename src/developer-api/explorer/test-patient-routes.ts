import { Problem } from '../../kernel/index.ts';
import { ERROR_RESPONSES, type PortalApi, type PortalDeps, TestPatientsResponse } from '../../portal-api/index.ts';
import { isFilledSandbox, listPractices } from '../../practices/index.ts';
import { createTestPatientList } from './test-patients.ts';

/**
 * Adds the route that lists the test patients. It needs no account, because the credentials of test
 * patients are public.
 */
export function testPatientRoutes(api: PortalApi, deps: PortalDeps): void {
  const testPatients = createTestPatientList(deps);
  const schema = {
    tags: ['explorer'],
    summary: 'The made-up people of the sandbox, and what is in their records',
    response: { 200: TestPatientsResponse, ...ERROR_RESPONSES },
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
