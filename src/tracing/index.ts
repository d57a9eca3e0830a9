export { createTracing, type Tracing } from './create-tracing.ts';
