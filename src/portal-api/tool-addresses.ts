/** The server's URL and path prefix, from which the addresses of the API explorer and Swagger UI are built. */
export interface ToolBase {
  readonly publicUrl: string;
  readonly prefix: string;
}

/** Returns the path below which Swagger UI and the OpenAPI documents are served, without a trailing slash. */
export const swaggerFolder = ({ prefix }: Pick<ToolBase, 'prefix'>): string => `${prefix}/fhir-api`;

/** Returns the paths of the OpenAPI documents of the R4 and the DSTU2 API. */
export const openApiPaths = (at: Pick<ToolBase, 'prefix'>) => ({
  r4: `${swaggerFolder(at)}/openapi/r4.json`,
  dstu2: `${swaggerFolder(at)}/openapi/dstu2.json`,
});

/** Returns the redirect URI of the API explorer (RFC 6749 §3.1.2), as an absolute URL. */
export const explorerCallback = ({ publicUrl }: Pick<ToolBase, 'publicUrl'>): string =>
  `${publicUrl}/developer/explorer/callback`;

/** Returns the redirect URI of Swagger UI (RFC 6749 §3.1.2), as an absolute URL. */
export const swaggerCallback = (at: ToolBase): string => `${at.publicUrl}${swaggerFolder(at)}/oauth2-redirect.html`;

/** Returns the redirect URIs of the sandbox app with which the API explorer and Swagger UI authorize. */
export const explorerRedirects = (at: ToolBase): readonly string[] => [explorerCallback(at), swaggerCallback(at)];
