export type { RequestSpan, RequestTracer } from './request-spans.ts';
export type { SentResponse } from './sent-response.ts';
export { allowCrossOrigin, createServer } from './server.ts';
