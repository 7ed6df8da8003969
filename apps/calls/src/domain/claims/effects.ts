import type { ClaimEffect } from './claim-language.ts';

interface EffectFacts {
  /** Beginnings of words in the name, the description or a short argument of a function that has this effect. */
  acts: string;
  /** Functions of these effects may have it as well: a cancellation refunds, a change of a booking books. */
  alsoBackedBy: ClaimEffect[];
  /** Words in a result that say it happened: what a provider told is not the agent's own claim. */
  told: string;
  /** For the hint. */
  noun: string;
}

export const EFFECTS: Record<ClaimEffect, EffectFacts> = {
  booked: {
    acts: 'book|rebook|reserv|schedul|reschedul|appoint|slot|calendar|event|meeting|seat|termin|buch|cita|agend',
    alsoBackedBy: ['updated', 'ordered', 'paid'],
    told: 'booked|reserved|scheduled|confirmed|gebucht|reserviert|bestätigt|reservad[oa]|agendad[oa]|confirmad[oa]',
    noun: 'booking',
  },
  cancelled: {
    acts: 'cancel|delet|remov|void|revok|terminat|unsubscrib|stornier|absag|anul',
    alsoBackedBy: ['updated', 'refunded'],
    told: 'cancell?ed|deleted|voided|removed|unsubscribed|storniert|gelöscht|cancelad[oa]|anulad[oa]',
    noun: 'cancellation',
  },
  sent: {
    acts: 'send|sent|mail|email|sms|text|message|whatsapp|notif|invit|forward|share|slack|post|reply|envi|mensaje|nachricht',
    alsoBackedBy: [],
    told: 'sent|e-?mailed|texted|delivered|queued|notified|invited|gesendet|verschickt|enviad[oa]',
    noun: 'message',
  },
  refunded: {
    acts: 'refund|credit|reimburs|return_|_return|certificat|voucher|compensat|erstatt|reembols',
    alsoBackedBy: ['cancelled', 'paid', 'updated'],
    told: 'refund(?:ed|s)?|reimbursed|credited|erstattet|reembolsad[oa]',
    noun: 'refund',
  },
  paid: {
    acts: 'pay|paid|charg|payment|purchas|bill|invoic|checkout|debit|transfer|zahl|pago|cobr',
    alsoBackedBy: ['booked', 'ordered', 'updated', 'refunded'],
    told: 'paid|charged|captured|debited|bezahlt|pagad[oa]|cobrad[oa]',
    noun: 'payment',
  },
  updated: {
    acts: 'updat|chang|modif|edit|set|resched|mov|swap|exchang|patch|put|upgrad|add|remov|apply|upsert|rebook|switch|adjust|correct|extend|änder|cambi|actualiz',
    alsoBackedBy: ['booked', 'cancelled', 'saved', 'ordered', 'refunded'],
    told: 'updated|changed|modified|rescheduled|moved|upgraded|downgraded|added|removed|geändert|aktualisiert|actualizad[oa]|cambiad[oa]|modificad[oa]',
    noun: 'change',
  },
  transferred: {
    acts: 'transfer|connect|forward|escalat|handoff|dial|bridg|agent|human|remit|wire|pay|send',
    alsoBackedBy: ['paid'],
    told: 'transferred|connected|escalated|weitergeleitet|transferid[oa]',
    noun: 'transfer',
  },
  ordered: {
    acts: 'order|purchas|buy|checkout|cart|basket|place|bestell|kauf|compr|pedid',
    alsoBackedBy: ['booked', 'paid', 'updated'],
    told: 'ordered|purchased|placed|bought|shipped|bestellt|comprad[oa]',
    noun: 'order',
  },
  saved: {
    acts: 'sav|creat|add|note|log|record|regist|stor|upsert|contact|lead|ticket|case|subscrib|enrol|sign|submit|fil|set|insert|crm|registr|guard|speicher',
    alsoBackedBy: ['booked', 'updated', 'ordered'],
    told: 'saved|created|registered|recorded|logged|subscribed|enrolled|submitted|open|gespeichert|registriert|guardad[oa]|registrad[oa]',
    noun: 'entry',
  },
  done: { acts: '', alsoBackedBy: [], told: 'done|completed?|success(?:ful)?', noun: 'request' },
};
