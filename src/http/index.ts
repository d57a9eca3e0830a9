export { buildServer, openToApps, type ServerOptions, type Surfaces } from './server.ts';
