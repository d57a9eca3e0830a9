/** A piece of a text. */
export interface TextPiece {
  readonly text: string;
  /** The URL that the piece is, if it is one of this server. */
  readonly url?: URL | undefined;
}

/**
 * Splits a text at the URLs of this server, so that these can become links. URLs of other servers stay text, because
 * names and messages of other people are part of emails.
 */
export const splitOwnUrls = (text: string, publicUrl: string): readonly TextPiece[] =>
  text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, url: parseOwnUrl(piece, publicUrl) }));

/** Parses a URL of this server. Returns undefined for all other texts. */
export function parseOwnUrl(text: string, publicUrl: string): URL | undefined {
  if (!/^https?:\/\/\S+$/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOwn =
    url.origin === new URL(publicUrl).origin &&
    url.username === '' &&
    url.password === '' &&
    !url.pathname.startsWith('//');
  return isOwn ? url : undefined;
}
