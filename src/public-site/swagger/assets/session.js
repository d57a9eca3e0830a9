// A browser has one session: a developer's is parked while a test patient signs in, and restored
// afterwards.

async function change(what) {
  const { csrf } = await (await fetch('/api/session')).json();
  return fetch(`/api/developer/explorer/${what}`, { method: 'POST', headers: { 'x-csrf-token': csrf } });
}

export const putAside = () => change('leave');
export const takeBack = () => change('return');

/** Restores a session that a window closed midway has left parked. */
export async function takeBackIfWaiting() {
  const { waiting } = await (await fetch('/api/developer/explorer')).json();
  if (waiting) await takeBack();
}
