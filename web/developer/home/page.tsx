import { useSession } from '../../shell/session.ts';
import { Landing } from './landing.tsx';
import { Start } from './start.tsx';

/** Landing page for visitors, next steps for signed-in developers. */
export default function HomePage() {
  const { person } = useSession();
  return person?.kind === 'developer' ? <Start name={person.name} /> : <Landing />;
}
