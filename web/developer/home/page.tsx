import { useSession } from '../../shell/session.ts';
import { Landing } from './landing.tsx';
import { NextSteps } from './next-steps.tsx';

/** Landing page for visitors, next steps for signed-in developers. */
export default function HomePage() {
  const { person } = useSession();
  return person?.kind === 'developer' ? <NextSteps name={person.name} /> : <Landing />;
}
