import { createHash } from 'node:crypto';
import { tokensStylesheet } from '../../../design/index.ts';

/** Stylesheet of the readable record. It is part of the file, so that the file works without this server. */
export const FILE_STYLES = `${tokensStylesheet()}
* { box-sizing: border-box; }
html { font: var(--size-body) / 1.5 var(--font-body); color: var(--color-text); background: var(--color-background); }
body { max-width: var(--width-page); margin: 0 auto; padding: var(--space-lg); overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: var(--space-xl); padding-top: var(--space-md); border-top: 2px solid var(--color-line); }
h3 { margin: 0; font-size: 1.05rem; }
a { color: var(--color-accent); }
nav ul { columns: 3 14rem; padding-left: 1.25rem; }
.hint { margin: 0; color: var(--color-text-muted); }
.entry { padding: var(--space-sm) 0; border-bottom: 1px solid var(--color-line); break-inside: avoid; }
.mistake h3 { text-decoration: line-through; }
dl { margin: var(--space-xs) 0 0; }
dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; }
dt { flex: 0 0 10rem; font-weight: 600; }
dd { flex: 1 1 14rem; min-width: 0; margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.4rem 0.75rem 0.4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--color-line); }
tr { break-inside: avoid; }
pre { padding: var(--space-md); white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--color-line); }
img { max-width: 100%; height: auto; }
@page { size: letter; margin: 0.6in; }
`;

/**
 * Content security policy of the file: it loads nothing, runs no script, and sends no form, whatever the record contains.
 * `form-action` and `base-uri` don't fall back to `default-src`.
 */
export const FILE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(FILE_STYLES).digest('base64')}'; img-src data:; form-action 'none'; base-uri 'none'`;
