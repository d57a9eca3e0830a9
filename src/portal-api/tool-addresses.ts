/** Base address from which the addresses of the developer tools are built. */
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

/** Redirect URIs with which the explorer's app is registered. */
export const explorerRedirects = (at: ToolBase): readonly string[] => [explorerCallback(at), swaggerCallback(at)];
