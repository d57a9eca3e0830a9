// A browser has one session: a developer's is put aside while a test patient signs in, and taken back afterwards.

async function change(what) {
  const { csrf } = await (await fetch('/api/session')).json();
  return fetch(`/api/developer/explorer/${what}`, { method: 'POST', headers: { 'x-csrf-token': csrf } });
}

export const putAside = () => change('leave');
export const takeBack = () => change('return');

/** Takes back what a window that was closed half way left behind. */
export async function takeBackIfWaiting() {
  const { waiting } = await (await fetch('/api/developer/explorer')).json();
  if (waiting) await takeBack();
}
