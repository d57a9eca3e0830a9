import { AsyncLocalStorage } from 'node:async_hooks';

const batchId = new AsyncLocalStorage<string>();

/** Returns the id of the batch whose entry is being run; undefined outside a batch. */
export const batchRequestId = (): string | undefined => batchId.getStore();

/**
 * Runs an entry of a batch as a request with the id of the batch, so that the log and the audit log have one id for all
 * that the client requested at once.
 */
export const withBatchRequestId = <Result>(requestId: string, work: () => Promise<Result>): Promise<Result> =>
  batchId.run(requestId, work);
