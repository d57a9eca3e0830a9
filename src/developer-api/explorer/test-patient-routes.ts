import { Problem } from '../../kernel/index.ts';
import {
  ERROR_RESPONSES,
  type PortalApi,
  type PortalContext,
  type PublishedSandbox,
  TestPatientsResponse,
} from '../../portal-api/index.ts';
import { isFilledSandbox, listPractices } from '../../practices/index.ts';
import { createTestPatientList } from './test-patients.ts';

export interface TestPatientRouteDeps extends Pick<PortalContext, 'db' | 'clock'> {
  readonly sandbox: PublishedSandbox | undefined;
}

/**
 * Adds the route that lists the test patients. It needs no account, because the credentials of test
 * patients are public.
 */
export function testPatientRoutes(api: PortalApi, deps: TestPatientRouteDeps): void {
  const { db, clock, sandbox } = deps;
  const testPatients = createTestPatientList({ db, clock, testAccounts: sandbox?.testAccounts ?? [] });
  const schema = {
    tags: ['explorer'],
    summary: 'List the fictional people of the sandbox and the contents of their records',
    response: { 200: TestPatientsResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/test-patients', { schema }, async (_request, reply) => {
    if (sandbox === undefined) throw noSandbox();
    const practice = (await listPractices(db)).find(isFilledSandbox);
    const accounts = [...(await testPatients())];
    // The answer is public, so compression reveals no secret (BREACH).
    const answer = { password: sandbox.testPassword, practice: practice?.name ?? '', accounts };
    return reply.type('application/json; charset=utf-8').compress(answer as never);
  });
}

const noSandbox = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message: 'This installation has no test patients, because it was started with SANDBOX=off.',
  });
