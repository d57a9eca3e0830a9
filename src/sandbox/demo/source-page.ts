import { getMessages, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { type Asset, layout, type PublicPageContext, publicHeader } from '../../web-pages/index.ts';
import { demoFiles, sourceStyle } from './assets.ts';
import { STAFF_APP_PATH, STAFF_SOURCE_PATH } from './staff-page.ts';

/** Renders the files of the staff app, as they are served, with what each one does. */
export function sourcePage(context: PublicPageContext): Html {
  const { sampleApp: messages } = getMessages(context.language);
  const filesOf = (folder: string, described: Readonly<Record<string, string>>) =>
    describedFiles(folder, described).map(({ file, about }) => sourceFile(context, file, about));
  const body = html`
<h1>${messages.title}</h1>
<p class="lead">${messages.lead}</p>
<p>${messages.linksHtml(STAFF_APP_PATH, '/docs/staff-launch')}</p>
<h2>${messages.ownFiles}</h2>
<p>${messages.ownFilesText}</p>
${filesOf('staff', messages.files)}
<h2>${messages.sharedHeading}</h2>
<p>${messages.sharedText}</p>
${filesOf('shared', messages.sharedFiles)}`;
  return layout(context, {
    title: messages.title,
    body,
    header: publicHeader(context, '/docs', { returnTo: STAFF_SOURCE_PATH }),
    styles: [sourceStyle.path],
  });
}

/** The files of a folder in the order of their descriptions. Throws if a file has no description, or the reverse. */
function describedFiles(
  folder: string,
  descriptions: Readonly<Record<string, string>>,
): readonly { readonly file: Asset; readonly about: string }[] {
  const own = demoFiles.filter(({ path }) => path.startsWith(`/demo/${folder}/`));
  const described = Object.entries(descriptions);
  if (own.length !== described.length) throw new Error(`each file of ${folder} has a description`);
  return described.map(([name, about]) => {
    const file = own.find(({ path }) => path === `/demo/${folder}/${name}`);
    if (file === undefined) throw new Error(`${folder} has no file ${name}`);
    return { file, about };
  });
}

function sourceFile({ language }: PageContext, { path, body }: Asset, about: string): Html {
  const { sampleApp: messages } = getMessages(language);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return html`
<details class="source-file"><summary><code>${name}</code> ${about}</summary>
<p><a href="${path}">${messages.raw(name)}</a></p>
<pre lang="en" tabindex="0" role="region" aria-label="${messages.code(name)}"><code>${body.toString()}</code></pre>
</details>`;
}
