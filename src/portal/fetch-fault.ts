import type { FetchFault } from '../oauth/index.ts';
import type { FaultAnswer } from './contract/faults.ts';

/** Converts a failed fetch into an issue whose message is a full sentence. */
export const fetchFaultAnswer = ({ code, message, values }: FetchFault): FaultAnswer => ({
  code,
  message: `${message[0]?.toUpperCase()}${message.slice(1)}.`,
  ...(Object.keys(values).length === 0 ? {} : { values: { ...values } }),
});
