/**
 * A page that is looked at: nothing on it can be followed, sent or pressed, whatever the frame that it is shown in allows.
 * @param html of a page of ours, where what came from outside is escaped
 */
export const inert = (html: string): string =>
  html
    .replaceAll(/<a\b([^>]*?)\shref="[^"]*"/g, '<a$1 role="link" aria-disabled="true"')
    .replaceAll(/<form\b[^>]*>/g, '<form>')
    .replaceAll(/<button\b(?![^>]*\stype=)/g, '<button type="button"')
    .replaceAll(/<script\b[^>]*>[^<]*<\/script>/g, '');
