import { Badge, type Tone } from '../frame/badge.tsx';
import { endState, type EndState } from './expiry.ts';

const TONES: Readonly<Record<EndState, Tone>> = { active: 'good', 'ends soon': 'warning', expired: 'bad', revoked: 'quiet' };

export function EndBadge({ of, now }: { of: { expiresAt: string | null; revokedAt: string | null }; now: Date }) {
  const state = endState(of, now);
  return <Badge tone={TONES[state]}>{state}</Badge>;
}
