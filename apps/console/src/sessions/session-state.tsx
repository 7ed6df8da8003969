import type { Session } from '@patchbay/contracts/calls';
import { Badge } from '../frame/badge.tsx';

export function SessionState({ session }: { session: Session }) {
  return <Badge tone={session.state === 'live' ? 'busy' : 'quiet'}>{session.state}</Badge>;
}
