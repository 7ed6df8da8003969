import { ServiceError } from '@patchbay/contracts/errors';
import type { Role } from '@patchbay/contracts/permissions';

export interface Member {
  personId: string;
  role: Role;
  hasSignedIn: boolean;
}

/** One address, one person: nobody tells two people apart by the case of their letters. */
export function normalizedEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * Refuses what would leave an organization without an owner. An owner who has signed in can only be followed by one who has: an
 * invitation that nobody took up would lock everybody out.
 */
export function requireOwnerBeside(person: Member, people: Member[]): void {
  if (person.role !== 'owner') return;
  const others = people.filter(({ personId, role }) => personId !== person.personId && role === 'owner');
  if (others.some(({ hasSignedIn }) => hasSignedIn || !person.hasSignedIn)) return;
  const hint = others.length > 0 ? 'wait until another owner has signed in' : 'make somebody else an owner';
  throw new ServiceError('failed_precondition', `This is the last owner of the organization; ${hint} first.`);
}
