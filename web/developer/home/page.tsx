import { useSession } from '../../shell/session.ts';
import { Landing } from './landing.tsx';
import { Start } from './start.tsx';

/** `/developer`: what this is, and for who is signed in, what comes next. */
export default function HomePage() {
  const { person } = useSession();
  return person?.kind === 'developer' ? <Start name={person.name} /> : <Landing />;
}
