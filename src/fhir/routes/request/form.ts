import type { FastifyRequest } from 'fastify';
import { Problem } from '../../../kernel/index.ts';

/** Whether the body of a request is a form. A request without a body counts as a form without parameters. */
export const isFormOrEmpty = ({ body, headers }: FastifyRequest): boolean =>
  body === undefined || body === null || /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');

export const formExpected = (): Problem =>
  new Problem('bad-request', {
    status: 415,
    message: 'Send the search parameters as application/x-www-form-urlencoded, or in the URL.',
  });
