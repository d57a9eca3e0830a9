/** A FHIR R4 Narrative with one line. */
export const narrative = (line: string) => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${escaped(line)}</p></div>`,
});

export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
