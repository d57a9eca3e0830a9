/** Builds a FHIR R4 Narrative with one line. */
export const narrative = (line: string) => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${escapeXml(line)}</p></div>`,
});

export const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
