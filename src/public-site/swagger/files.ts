import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

export interface SwaggerFile {
  readonly contentType: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
}

/** Files of the Swagger UI package that are served. No other file of the package is. */
const PACKAGE_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js'];
const OWN_FILES = ['start.js', 'page.css', 'reset.css', 'oauth2-redirect.js', 'session.js', 'accessibility.js'];
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const require = createRequire(import.meta.url);
const packageFolder = (): string => path.dirname(require.resolve('swagger-ui-dist/package.json'));

/**
 * Creates the function that returns a file of Swagger UI by name. It reads and compresses a file on
 * the first request, so that startup doesn't wait half a second for it.
 */
export function swaggerFiles(): (name: string) => SwaggerFile | undefined {
  const known = new Map<string, SwaggerFile>();
  return (name) => {
    const folder = OWN_FILES.includes(name) ? path.join(import.meta.dirname, 'assets') : packageFolder();
    if (!known.has(name) && [...PACKAGE_FILES, ...OWN_FILES].includes(name))
      known.set(name, readFile(path.join(folder, name)));
    return known.get(name);
  };
}

function readFile(file: string): SwaggerFile {
  const body = readFileSync(file);
  return { contentType: TYPES[path.extname(file)] ?? 'application/octet-stream', body, gzipped: gzipSync(body) };
}
