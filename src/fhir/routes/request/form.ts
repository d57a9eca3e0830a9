import type { FastifyRequest } from 'fastify';

/** Whether the body is a form. A request without a body counts, because there is nothing of another type. */
export const isFormOrEmpty = ({ body, headers }: FastifyRequest): boolean =>
  body === undefined || body === null || /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
