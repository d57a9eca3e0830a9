export { allowCrossOrigin, createServer } from './server.ts';
