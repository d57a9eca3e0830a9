import type { FastifyInstance } from 'fastify';

const DISPLAY_NAME = Symbol.for('fastify.display-name');

interface Plugin {
  readonly name?: string;
  [DISPLAY_NAME]?: string;
}

/**
 * Gives each plugin that is registered from now on a name. For a plugin without one, Fastify searches all loaded modules,
 * which takes longer than most plugins.
 */
export function namePlugins(app: FastifyInstance): void {
  const register = app.register as (this: FastifyInstance, plugin: never, options?: object) => unknown;
  Object.assign(app, {
    register(this: FastifyInstance, plugin: Plugin, options?: object) {
      plugin[DISPLAY_NAME] ??= plugin.name || 'plugin';
      return register.call(this, plugin as never, options);
    },
  });
}
