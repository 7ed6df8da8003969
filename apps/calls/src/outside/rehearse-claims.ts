import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CLAIM_EFFECTS } from '../domain/claims/claim-language.ts';
import { detectClaims } from '../domain/claims/detect-claims.ts';
import { unbackedClaims } from '../domain/claims/unbacked-claims.ts';

/** One thing done, one that is so, one that is asked and one that is only told, in each language: together they meet every rule. */
const SENTENCES = [
  "I've booked your table for seven. Your order is cancelled.",
  'Your refund was sent to your card, and the change is saved. Shall I email the receipt?',
  'Let me look that up for you, one moment please.',
  'He reservado su mesa para las siete. Su pedido está cancelado.',
  'Su reembolso ha sido enviado. ¿Quiere que le envíe el recibo?',
  'Un momento, por favor, lo estoy mirando.',
  'Ich habe Ihren Tisch für sieben gebucht. Ihre Bestellung ist storniert.',
  'Ihre Erstattung wurde gesendet. Soll ich Ihnen die Rechnung schicken?',
  'Einen Moment bitte, ich sehe nach.',
];
/** Expressions are compiled on their first use, again once they are used more, and apart for texts with letters outside Latin-1. */
const ROUNDS = 3;
const TEXTS = SENTENCES.flatMap((sentence) => [sentence, `${sentence} …`]);

/** The rules for claims are slow when they are used for the first time; no caller's first turn shall wait for that. */
@Injectable()
export class RehearseClaims implements OnModuleInit {
  onModuleInit(): void {
    for (let round = 0; round < ROUNDS; round++) for (const text of TEXTS) rehearse(text);
  }
}

function rehearse(words: string): void {
  detectClaims(words);
  const claims = CLAIM_EFFECTS.map((effect) => ({ words, effect, isWeak: false }));
  const read = { function: 'look_up', effect: 'read', status: 'succeeded', arguments: { action: words }, result: { note: words } } as const;
  const write = { ...read, function: 'act', effect: 'write.reversible', status: 'failed' } as const;
  unbackedClaims(claims, [read, write], new Map());
}
