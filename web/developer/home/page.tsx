import { useSession } from '../../shell/session.ts';
import { Landing } from './landing.tsx';
import { NextSteps } from './next-steps.tsx';

/** Home page of the developer portal: a landing page for visitors, the next steps for signed-in developers. */
export default function HomePage() {
  const { person } = useSession();
  return person?.kind === 'developer' ? <NextSteps name={person.name} /> : <Landing />;
}
