export { allowCrossOrigin, buildServer, type ServerOptions, type Surfaces } from './server.ts';
