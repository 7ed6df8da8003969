export interface ScopeState {
  scope: string;
  /** `unknown`: the provider never said what it granted. */
  state: 'granted' | 'missing' | 'unasked' | 'unknown';
}

/** What was asked for beside what was granted. */
export function scopeStates(asked: string[], granted: string[] | null): ScopeState[] {
  if (granted === null) return asked.map((scope) => ({ scope, state: 'unknown' }));
  const unasked = granted.filter((scope) => !asked.includes(scope));
  return [
    ...asked.map((scope): ScopeState => ({ scope, state: granted.includes(scope) ? 'granted' : 'missing' })),
    ...unasked.map((scope): ScopeState => ({ scope, state: 'unasked' })),
  ];
}
