/** Parts of which the addresses of the API explorer and Swagger UI are built. */
export interface ToolBase {
  readonly publicUrl: string;
  readonly prefix: string;
}

export const swaggerFolder = ({ prefix }: Pick<ToolBase, 'prefix'>): string => `${prefix}/fhir-api`;

export const openApiPaths = (at: Pick<ToolBase, 'prefix'>) => ({
  r4: `${swaggerFolder(at)}/openapi/r4.json`,
  dstu2: `${swaggerFolder(at)}/openapi/dstu2.json`,
});

export const explorerCallback = ({ publicUrl }: Pick<ToolBase, 'publicUrl'>): string =>
  `${publicUrl}/developer/explorer/callback`;

export const swaggerCallback = (at: ToolBase): string => `${at.publicUrl}${swaggerFolder(at)}/oauth2-redirect.html`;

/** Returns the redirect URIs of the sandbox app with which the API explorer and Swagger UI authorize. */
export const explorerRedirects = (at: ToolBase): readonly string[] => [explorerCallback(at), swaggerCallback(at)];
