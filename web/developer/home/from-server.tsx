import { useEffect } from 'react';
import { Loading } from '../../shell/states.tsx';

/** A page that the server makes: whoever came to it by a link within the app is shown it by the browser. */
export default function FromServer() {
  useEffect(() => location.reload(), []);
  return <Loading />;
}
