/**
 * Removes links, form actions and scripts from a page for preview, so that nothing can be followed,
 * sent or pressed even if its frame allows it. @param html one of our own pages, in which untrusted
 * text is already escaped
 */
export const disableInteraction = (html: string): string =>
  html
    .replaceAll(/<a\b([^>]*?)\shref="[^"]*"/g, '<a$1 role="link" aria-disabled="true"')
    .replaceAll(/<form\b[^>]*>/g, '<form>')
    .replaceAll(/<button\b(?![^>]*\stype=)/g, '<button type="button"')
    .replaceAll(/<script\b[^>]*>[^<]*<\/script>/g, '');
