import { expect } from 'vitest';
import type { Resource } from '../../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { ANN, CHART, OTHER_PRACTICE } from './chart.ts';
import type { Summary } from './document.ts';

export interface SummaryServer {
  readonly server: FhirServer;
  /** A token for all of Ann's record. */
  readonly token: string;
  /**
   * Requests a summary and expects success.
   * @param as the access token, Ann's by default
   */
  summary(as?: string, path?: string): Promise<Summary>;
  /** Requests a summary and expects a rejection. */
  rejection(
    as: string,
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly code: string; readonly text: string }>;
}

/** Starts a server with Ann and Bob at one practice, and a patient with an empty record at another. */
export async function startSummaryServer(): Promise<SummaryServer> {
  const server = await startFhir();
  // Removes members with the value undefined.
  const plain = (resources: readonly Resource[]): readonly Resource[] => JSON.parse(JSON.stringify(resources));
  const { refused } = await server.load(plain(CHART));
  expect(refused).toEqual([]);
  await server.load(OTHER_PRACTICE, { practiceId: 2 });
  const token = await server.token(ANN);
  return {
    server,
    token,
    async summary(as = token, path = `/Patient/${ANN}/$summary`) {
      const answer = await server.get(as, path);
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json();
    },
    async rejection(as, path, headers = {}) {
      const { statusCode, body } = await server.get(as, path, headers);
      const [{ details }] = JSON.parse(body).issue;
      return { status: statusCode, code: details.coding[0].code, text: details.text };
    },
  };
}
